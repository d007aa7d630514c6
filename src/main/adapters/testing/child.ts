import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';

/** A child process of a test, with what it has printed so far. */
export interface TestChild {
  pid: number;
  /** Resolves with all output once it holds `text`; rejects when the child ends or 20 s pass without it. */
  saysWithin(text: string): Promise<string>;
  /** Ends it with SIGKILL, if it still lives, and waits until it is gone. */
  kill(): Promise<void>;
  /** Resolves with its whole output at its end. */
  ended: Promise<string>;
}

/** Starts a bundle (see bundle.ts) with Node. */
export function startNode(file: string, args: readonly string[], options: SpawnOptions = {}): TestChild {
  return startProgram(process.execPath, [file, ...args], options);
}

/** Starts a program whose output is read. */
export function startProgram(program: string, args: readonly string[], options: SpawnOptions = {}): TestChild {
  const child: ChildProcess = spawn(program, [...args], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const listeners = new Set<() => void>();
  const onData = (data: Buffer): void => {
    output += data.toString();
    for (const listener of [...listeners]) listener();
  };
  child.stdout?.on('data', onData);
  child.stderr?.on('data', onData);
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(output)));
  return {
    pid: child.pid ?? 0,
    ended,
    saysWithin: (text) =>
      new Promise((resolve, reject) => {
        const deadline = setTimeout(() => finish(() => reject(new Error(`no "${text}" in: ${output}`))), 20_000);
        const finish = (settle: () => void): void => {
          clearTimeout(deadline);
          listeners.delete(check);
          settle();
        };
        const check = (): void => {
          if (output.includes(text)) finish(() => resolve(output));
        };
        listeners.add(check);
        void ended.then(() => finish(() => reject(new Error(`ended without "${text}": ${output}`))));
        check();
      }),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await ended;
    },
  };
}
