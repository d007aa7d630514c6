import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ProcessIdentity } from '../../../shared/model/process';
import { eventually, identifyByProc, procStat } from './children';

/** Whether this machine has what the bomb needs: Linux and a C compiler. */
export const canBomb = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0;

/** The user of the bomb: nobody when we are root, else ourselves; its limit of processes must bind it. */
export const bombUser: { uid?: number; gid?: number } =
  process.getuid?.() === 0 && canBomb ? { uid: idOf('-u'), gid: idOf('-g') } : {};

function idOf(option: string): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}

/** Compiles demo/fork-bomb.c into a folder that everybody may enter. */
export function compileBomb(folder: string): string {
  const program = join(folder, 'fork-bomb');
  execFileSync('cc', ['-O1', '-o', program, resolve('demo/fork-bomb.c')]);
  chmodSync(folder, 0o755);
  chmodSync(program, 0o755);
  return program;
}

/** A bomb in a session of its own. It is bounded in processes, memory and time by itself. */
export interface Bomb {
  root: ProcessIdentity;
  /** Pids in its session that run, as the kernel shows now. */
  living(): readonly number[];
  /** Ends all that is left of it, whatever was tried before. */
  end(): Promise<void>;
}

/** Starts a bomb and waits until it has grown. */
export async function startBomb(
  program: string,
  processes: number,
  onStart?: (root: ProcessIdentity) => void,
): Promise<Bomb> {
  const child = spawn(program, [String(processes), '20'], { ...bombUser, detached: true, stdio: 'ignore', cwd: '/' });
  const pid = child.pid;
  const root = pid === undefined ? null : identifyByProc(pid);
  if (pid === undefined || root === null) throw new Error('the bomb did not start');
  const bomb = bombOf(root, program);
  onStart?.(root);
  try {
    await eventually('a grown bomb', () => bomb.living().length > processes * 0.6);
  } catch (error) {
    await bomb.end();
    throw error;
  }
  return bomb;
}

function bombOf(root: ProcessIdentity, program: string): Bomb {
  /** In its session, and running its program: nothing else is ever signalled here. */
  const owns = (pid: number): boolean => {
    try {
      return procStat(pid)?.session === root.pid && readlinkSync(`/proc/${pid}/exe`) === program;
    } catch {
      return false;
    }
  };
  const living = (): readonly number[] =>
    readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0 && procStat(pid)?.session === root.pid && !isEnding(pid));
  const signal = (pid: number, name: 'SIGSTOP' | 'SIGKILL'): void => {
    try {
      if (owns(pid)) process.kill(pid, name);
    } catch {
      // It ended meanwhile.
    }
  };
  return {
    root,
    living,
    end: () =>
      eventually(
        'the end of the bomb',
        () => {
          for (let pass = 0; pass < 5; pass += 1) for (const pid of living()) signal(pid, 'SIGSTOP');
          for (const pid of living()) signal(pid, 'SIGKILL');
          // One pass may overlook who is born during it.
          return [1, 2, 3, 4].every(() => living().length === 0);
        },
        25_000,
      ).then(() => undefined),
  };
}

function isEnding(pid: number): boolean {
  const state = procStat(pid)?.state;
  return state === undefined || state === 'Z' || state === 'X';
}
