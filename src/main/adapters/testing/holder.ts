import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** What of a process can't be read: what its memory shows, or what the kernel locks for an exec as well. */
export type HeldPart = 'memory' | 'exec';

/** A process that holds up whoever reads its files in /proc, until it is ended or its time is over. */
export interface Holder {
  pid: number;
  /** Resolves once it does. */
  held: Promise<void>;
  end(): Promise<void>;
}

/** Compiles demo/holds-readers.c into a folder that everybody may enter; null where it can't hold anybody up. */
export function compileHolder(folder: string): string | null {
  if (process.platform !== 'linux' || spawnSync('cc', ['--version']).status !== 0) return null;
  const program = join(folder, 'holds-readers');
  execFileSync('cc', ['-O1', '-o', program, resolve('demo/holds-readers.c')]);
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'mount'));
  const trial = spawnSync(program, ['memory', join(folder, 'mount'), '1'], { timeout: 5000 });
  // It has ended by its alarm.
  return trial.status === null ? program : null;
}

/** Starts one; beside it nothing may run that scans all processes, unless by a thread. */
export function startHolder(program: string, part: HeldPart, seconds = 10): Holder {
  const mount = join(program, '../mount');
  const child: ChildProcess = spawn(program, [part, mount, String(seconds)], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { pid } = child;
  if (pid === undefined || child.stdout === null) throw new Error('it did not start');
  const ended = once(child, 'exit');
  return {
    pid,
    held: once(child.stdout, 'data').then(() => undefined),
    async end() {
      // Its group has the file system, too, without which nothing is held. Whether it lives, its stat may not say.
      if (child.exitCode === null && child.signalCode === null) process.kill(-pid, 'SIGKILL');
      await ended;
    },
  };
}
