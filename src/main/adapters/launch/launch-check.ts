import { constants, accessSync, closeSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import type { Launch, LaunchFailure } from '../../engine/ports';
import { findAccount, ownAccount, supplementaryGroups, type Account } from './accounts';

/** Where execvp(3) looks when PATH is not set (confstr(3), _CS_PATH). */
const DEFAULT_PATH = '/bin:/usr/bin';
const DEFAULT_PATHEXT = '.COM;.EXE;.BAT;.CMD';

/** The account to switch to: null means the engine's own, no switch. */
export type AccountChoice = { ok: true; account: Account | null } | { ok: false; failure: LaunchFailure };

/** Whom a launch runs as, or `bad_user` with what to do. */
export function chooseAccount(user: string | null): AccountChoice {
  if (user === null) return { ok: true, account: null };
  const own = ownAccount();
  if (own?.name === user) return { ok: true, account: null };
  const refuse = (message: string): AccountChoice => ({ ok: false, failure: { reason: 'bad_user', message } });
  if (process.getuid === undefined) {
    return refuse(`Can't run as user ${quote(user)}: this system starts programs only as Healdeck's own user.`);
  }
  const account = findAccount(user);
  if (account === null) {
    return refuse(`There is no user ${quote(user)} in /etc/passwd. Give the name of a user of this machine, or none.`);
  }
  if (process.getuid() !== 0 && account.uid !== process.getuid()) {
    return refuse(
      `Healdeck runs as ${quote(own?.name ?? String(process.getuid()))} and only root can start programs as ` +
        `${quote(user)}. Run Healdeck as root, or leave the user out.`,
    );
  }
  return { ok: true, account };
}

/** Why a launch can't succeed, as far as that shows without starting it; null when nothing speaks against it. */
export function checkLaunch(launch: Launch): LaunchFailure | null {
  const [program] = launch.argv;
  if (program === undefined || program === '') {
    return { reason: 'ENOENT', message: 'There is no program to start: the command is empty.' };
  }
  const choice = chooseAccount(launch.user);
  if (!choice.ok) return choice.failure;
  return checkCwd(launch.cwd) ?? checkProgram(program, launch, choice.account);
}

function checkCwd(cwd: string): LaunchFailure | null {
  const problem = (what: string): LaunchFailure => ({
    reason: 'bad_cwd',
    message: `${what} Create it, or edit the watch and give another working directory.`,
  });
  if (!isAbsolute(cwd)) return problem(`The working directory ${quote(cwd)} is not an absolute path.`);
  const stats = statOf(cwd);
  if (stats === null) return problem(`The working directory ${quote(cwd)} does not exist.`);
  if (!stats.isDirectory()) return problem(`The working directory ${quote(cwd)} is not a directory.`);
  return null;
}

function checkProgram(program: string, launch: Launch, account: Account | null): LaunchFailure | null {
  const found = findProgram(program, launch, account);
  switch (found.kind) {
    case 'found':
      return null;
    case 'not_executable':
      return {
        reason: 'EACCES',
        message: found.directory
          ? `${quote(found.path)} is a directory, not a program.`
          : `${quote(found.path)} is not executable${account === null ? '' : ` for ${quote(account.name)}`}. ` +
            'Make it executable (chmod +x), or start it through its interpreter.',
      };
    case 'missing':
      return {
        reason: 'ENOENT',
        message: found.searched
          ? `There is no program ${quote(program)} on PATH (${found.where}). Give its full path, or set PATH for this watch.`
          : `There is no file ${quote(found.where)}. Check the path of the program.`,
      };
  }
}

/** Where a program was found, or why not. */
export type FoundProgram =
  | { kind: 'found'; path: string }
  | { kind: 'not_executable'; path: string; directory: boolean }
  | { kind: 'missing'; searched: boolean; where: string };

/** Looks a program up as execvp(3) will: a name with a slash from the working directory, a bare one along PATH. */
export function findProgram(
  program: string,
  launch: Pick<Launch, 'cwd' | 'env'>,
  account: Account | null,
  platform: NodeJS.Platform = process.platform,
): FoundProgram {
  const windows = platform === 'win32';
  const hasDirectory = program.includes('/') || (windows && program.includes('\\'));
  const path = variable(launch.env, 'PATH', windows) ?? (windows ? '' : DEFAULT_PATH);
  // An empty entry of PATH is the working directory (execvp(3)).
  const folders = hasDirectory ? [launch.cwd] : path.split(delimiter).map((entry) => resolve(launch.cwd, entry));
  const endings = windows ? windowsEndings(program, launch.env) : [''];
  let refused: FoundProgram | null = null;
  for (const folder of folders) {
    for (const ending of endings) {
      const file = isAbsolute(program) ? program + ending : join(folder, program + ending);
      const stats = statOf(file);
      if (stats === null) continue;
      if (stats.isFile() && mayExecute(file, stats, account, windows)) return { kind: 'found', path: file };
      // execvp continues along PATH, and returns EACCES only when it finds nothing better.
      refused ??= { kind: 'not_executable', path: file, directory: stats.isDirectory() };
    }
  }
  if (refused !== null) return refused;
  return { kind: 'missing', searched: !hasDirectory, where: hasDirectory ? resolve(launch.cwd, program) : path };
}

function mayExecute(file: string, stats: Stats, account: Account | null, windows: boolean): boolean {
  if (windows) return true;
  if (account !== null && account.uid !== 0) {
    const isMember = stats.gid === account.gid || supplementaryGroups(account.name).includes(stats.gid);
    const bit = stats.uid === account.uid ? 0o100 : isMember ? 0o010 : 0o001;
    return (stats.mode & bit) !== 0;
  }
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The interpreter that the first line of a script names (#!, execve(2)) when it is not there; null for everything else. */
export function missingInterpreter(file: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(file, 'r');
    const head = Buffer.alloc(256);
    const text = head.toString('latin1', 0, readSync(fd, head, 0, head.length, 0));
    const interpreter = /^#![ \t]*(\/[^ \t\n]+)/.exec(text)?.[1];
    return interpreter !== undefined && statOf(interpreter) === null ? interpreter : null;
  } catch {
    // A program that may be executed and not read is no script.
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function windowsEndings(program: string, env: Launch['env']): string[] {
  const endings = (variable(env, 'PATHEXT', true) ?? DEFAULT_PATHEXT).split(';').filter((ending) => ending !== '');
  const given = endings.some((ending) => program.toLowerCase().endsWith(ending.toLowerCase()));
  return given ? [''] : endings;
}

/** A variable; Windows has them in any case. */
function variable(env: Launch['env'], name: string, anyCase: boolean): string | undefined {
  if (!anyCase) return env[name];
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path);
  } catch {
    return null;
  }
}

/** A name for a sentence: quoted, with its control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(text);
}
