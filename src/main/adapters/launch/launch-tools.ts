import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import type { Launch } from '../../engine/ports';
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
  /** env(1): sets variables once the user has been switched. */
  env: string | null;
}

/** Never along PATH: what root starts must not come from a directory that somebody else may write. */
const DIRECTORIES = ['/usr/bin', '/bin', '/usr/sbin', '/sbin', '/run/current-system/sw/bin'];

/** Looks for the tools and asks each for its options: that of BusyBox has the name, but not all of them. */
export function findLaunchTools(platform: NodeJS.Platform = process.platform): LaunchTools {
  if (platform !== 'linux') return { setpriv: null, prlimit: null, env: null };
  return {
    setpriv: findTool('setpriv', '--init-groups'),
    prlimit: findTool('prlimit', '--nofile'),
    env: findTool('env', 'NAME=VALUE'),
  };
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

/** What a program needs beyond being spawned as it is. */
export interface WrapperNeeds {
  /** Whom to switch to; null: nobody. */
  account: Account | null;
  /** The soft limit of open files to set; null: as inherited. */
  openFiles: number | null;
}

/** What is spawned for a program. */
export interface WrappedLaunch {
  /** Ends in the program. */
  argv: readonly string[];
  env: Readonly<Record<string, string>>;
  /** Whether it switches the user on its way. */
  switchesUser: boolean;
}

/**
 * Variables by which the loader and the C library take code and data into a program; those that ld.so(8) ignores for set-user-ID
 * programs. A tool that still runs as root must not get them: what they name may be another user's to write.
 */
const LOADER_VARIABLE =
  /^(?:LD_|MALLOC_|GLIBC_TUNABLES$|GCONV_PATH$|GETCONF_DIR$|HOSTALIASES$|LOCALDOMAIN$|LOCPATH$|NIS_PATH$|NLSPATH$|RESOLV_HOST_CONF$|RES_OPTIONS$|TZDIR$)/;

/** A launch as it is spawned; as it was where nothing is needed. */
export function wrapLaunch(
  { argv, env }: Pick<Launch, 'argv' | 'env'>,
  { account, openFiles }: WrapperNeeds,
  { setpriv, prlimit, env: envTool }: LaunchTools,
): WrappedLaunch {
  const loader = account === null ? [] : Object.entries(env).filter(([name]) => LOADER_VARIABLE.test(name));
  // env(1) takes a word with an equals sign for a variable, and a program whose name has one looks the same.
  const canSetLater = loader.length === 0 || (envTool !== null && !(argv[0] ?? '').includes('='));
  const switchesUser = account !== null && setpriv !== null && canSetLater;
  const later = loader.map(([name, value]) => `${name}=${value}`);
  const program = later.length === 0 ? argv : [envTool ?? '', ...later, ...argv];
  const switched = switchesUser
    ? [setpriv, `--reuid=${account.uid}`, `--regid=${account.gid}`, '--init-groups', '--', ...program]
    : argv;
  // The colon keeps the hard limit (prlimit(1)).
  const limited =
    openFiles !== null && prlimit !== null ? [prlimit, `--nofile=${openFiles}:`, '--', ...switched] : switched;
  // Without setpriv(1) the user is switched before anything is executed (setuid(2) after fork).
  return { argv: limited, env: switchesUser ? without(env, loader) : env, switchesUser };
}

function without(
  env: Readonly<Record<string, string>>,
  taken: readonly (readonly [string, string])[],
): Readonly<Record<string, string>> {
  if (taken.length === 0) return env;
  const names = new Set(taken.map(([name]) => name));
  return Object.fromEntries(Object.entries(env).filter(([name]) => !names.has(name)));
}
