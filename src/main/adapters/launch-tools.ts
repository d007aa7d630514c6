import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './accounts';

/**
 * Programs of util-linux that change what a process runs with and then *become* the given program (execve(2)): pid, start
 * time, session and exit code stay those of the process that was started. null where there is none that can do it.
 */
export interface LaunchTools {
  /** setpriv(1): switches the user with initgroups(3), where libuv drops all supplementary groups. */
  setpriv: string | null;
  /** prlimit(1): sets a soft limit, which no call of Node can. */
  prlimit: string | null;
}

/** Never along PATH: what root starts must not come from a directory that somebody else may write. */
const DIRECTORIES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];

/** Looks for the tools and asks each for its options: that of BusyBox has the name, but not all of them. */
export function findLaunchTools(platform: NodeJS.Platform = process.platform): LaunchTools {
  if (platform !== 'linux') return { setpriv: null, prlimit: null };
  return { setpriv: findTool('setpriv', '--init-groups'), prlimit: findTool('prlimit', '--nofile') };
}

function findTool(name: string, option: string): string | null {
  for (const directory of DIRECTORIES) {
    const path = join(directory, name);
    try {
      accessSync(path, constants.X_OK);
      const help = execFileSync(path, ['--help'], {
        encoding: 'utf8',
        timeout: 2000,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      if (help.includes(option)) return path;
    } catch {
      // Not there, or one that does not know --help: the next.
    }
  }
  return null;
}

/** How a program is to be started otherwise than by spawning it as it is. */
export interface WrapperNeeds {
  /** Whom to switch to; null: nobody. */
  account: Account | null;
  /** The soft limit of open files to set; null: as inherited. */
  openFiles: number | null;
}

/** The argument vector that ends in the program, and whether it switches the user on its way; as it was where nothing is needed. */
export function wrapArgv(
  argv: readonly string[],
  { account, openFiles }: WrapperNeeds,
  { setpriv, prlimit }: LaunchTools,
): { argv: readonly string[]; switchesUser: boolean } {
  const switchesUser = account !== null && setpriv !== null;
  const switched = switchesUser
    ? [setpriv, `--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--', ...argv]
    : argv;
  // The colon keeps the hard limit (prlimit(1)).
  const limited =
    openFiles !== null && prlimit !== null ? [prlimit, `--nofile=${openFiles}:`, '--', ...switched] : switched;
  return { argv: limited, switchesUser };
}
