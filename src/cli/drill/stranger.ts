import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** A program that no watch keeps, such as one that has taken the port of another. */
export interface Stranger {
  end(): Promise<void>;
}

const READY_TIMEOUT_MS = 60_000;

/** Starts it, and waits until it has written its first line: it holds what it takes then. */
export async function startStranger(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<Stranger> {
  const [program = '', ...args] = argv;
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] });
  const stranger = { end: () => end(child) };
  const outcome = await Promise.race([firstLine(child), ended(child), late(READY_TIMEOUT_MS)]);
  if (outcome === 'ready') return stranger;
  await stranger.end();
  throw new Error(`the program that takes the port could not be started: ${outcome}`);
}

function firstLine({ stdout }: ChildProcess): Promise<'ready'> {
  return new Promise((resolve) => stdout?.once('data', () => resolve('ready')));
}

function ended(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(`it ended with ${code}`));
    child.once('error', (error) => resolve(error.message));
  });
}

function late(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('it was not ready in time'), ms).unref());
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}
