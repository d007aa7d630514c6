import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { readText } from '../../host/read-text';
import { CliFailure } from '../failure';
import type { Io } from '../io';
import type { UserPlaces } from './managers/definition';

/** How a command that was run ended. */
export interface RunResult {
  /** Exit status; null: it could not be started, or was ended by a signal. */
  code: number | null;
  out: string;
  err: string;
  isMissing: boolean;
}

/** The machine as the commands of a service see it; files are the real ones. */
export interface ServiceHost {
  platform: string;
  uid: number;
  /** The user's name, or null where it has none. */
  user(): string | null;
  env: Io['env'];
  places: UserPlaces;
  /** Name of the first process; null: not known. */
  init: string | null;
  exists(path: string): boolean;
  run(argv: readonly string[]): Promise<RunResult>;
}

/** A start waits until the engine is ready, which the unit limits to 2 min. */
const RUN_TIMEOUT_MS = 180_000;

export function serviceHost(io: Io): ServiceHost {
  const { platform, env } = io;
  return {
    ...{ platform, env, init: readText('/proc/1/comm')?.trim() ?? null },
    uid: process.getuid?.() ?? -1,
    user: () => {
      try {
        return userInfo().username;
      } catch {
        return null;
      }
    },
    places: {
      home: () => homeOf(io),
      config: () => {
        // The XDG base directory specification: relative paths are invalid and to be ignored.
        const xdg = env['XDG_CONFIG_HOME'];
        return xdg?.startsWith('/') ? xdg.replace(/\/+$/, '') : `${homeOf(io)}/.config`;
      },
    },
    exists: existsSync,
    run: ([program = '', ...args]) =>
      new Promise((resolve) => {
        // Times in UTC, and words that are known here.
        execFile(
          program,
          args,
          { env: { ...env, TZ: 'UTC', LC_ALL: 'C' }, timeout: RUN_TIMEOUT_MS },
          (error, out, err) =>
            resolve({
              code: error === null ? 0 : typeof error.code === 'number' ? error.code : null,
              ...{ out, err: err === '' && error !== null ? error.message : err },
              isMissing: error !== null && (error as NodeJS.ErrnoException).code === 'ENOENT',
            }),
        );
      }),
  };
}

function homeOf(io: Pick<Io, 'homedir'>): string {
  try {
    return io.homedir;
  } catch {
    throw new CliFailure(
      'this user has no home directory (no HOME, no entry in the password file), where a service of a user belongs: set XDG_CONFIG_HOME, or install a service of the machine as root',
    );
  }
}
