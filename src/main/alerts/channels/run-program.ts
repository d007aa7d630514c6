import { spawn, type ChildProcess } from 'node:child_process';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { ChildExit, Clock, Launch } from '../../engine/ports';

/** A program that runs once, gets an input, and must end. */
export interface ProgramRun {
  launch: Launch;
  /** What it reads on its standard input. */
  input: string;
  limitMs: number;
  /** Ends it before the limit. */
  signal: AbortSignal;
  clock: Clock;
  /** The identity that a pid has now, or null. */
  identify: (pid: number) => ProcessIdentity | null;
}

/** How a run went, with the end of what the program printed. */
export type RunOutcome =
  | { kind: 'ended'; exit: ChildExit; stdout: string; stderr: string }
  | { kind: 'too_late'; stdout: string; stderr: string }
  /** It could not be started; `code` is an errno name. */
  | { kind: 'not_started'; code: string };

/** A run that goes on. */
export interface RunningProgram {
  outcome: Promise<RunOutcome>;
  /** Ends it and what it started at once. */
  kill(): void;
}

/** From TERM to KILL, and from KILL to not waiting any longer. */
const GRACE_MS = 2000;
/** Output that is still on its way when the program has ended. */
const DRAIN_MS = 200;
const POLL_INTERVAL_MS = 20;
const TAIL_CHARACTERS = 4096;

/**
 * Runs a program in a process group of its own, without a shell. At the limit the group gets TERM, then KILL; so does what
 * the program leaves behind in its group when it ends. One that makes itself a daemon in another session is on its own.
 */
export function runProgram(run: ProgramRun): RunningProgram {
  const { launch, input } = run;
  const [program = '', ...args] = launch.argv;
  let child: ChildProcess;
  try {
    child = spawn(program, args, {
      cwd: launch.cwd,
      env: { ...launch.env },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return { outcome: Promise.resolve({ kind: 'not_started', code: codeOf(error) }), kill: () => undefined };
  }
  const failed = new Promise<RunOutcome>((resolve) => {
    child.on('error', (error) => resolve({ kind: 'not_started', code: codeOf(error) }));
  });
  // A program may end without reading its input (EPIPE): its exit code decides whether that was right.
  child.stdin?.on('error', () => undefined);
  const { pid } = child;
  if (pid === undefined) return { outcome: failed, kill: () => undefined };
  const group = groupOf(child, pid, run.identify);
  const outcome = follow(child, group, run);
  child.stdin?.end(input);
  return { outcome, kill: () => void group.send('SIGKILL') };
}

interface Group {
  /** Whether anybody was there to get it. */
  send(signal: 'SIGTERM' | 'SIGKILL' | 0): boolean;
}

/**
 * The processes of a child's group. The kernel gives its number to nobody else while one of them lives, or while the child has
 * not been waited for; after that a process of that number is a stranger, and nothing is sent.
 */
function groupOf(child: ChildProcess, pid: number, identify: ProgramRun['identify']): Group {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return {
    send(signal) {
      if (hasEnded() && identify(pid) !== null) return false;
      try {
        // Windows knows no groups.
        if (process.platform === 'win32') return !hasEnded() && child.kill(signal);
        return process.kill(-pid, signal);
      } catch {
        return false;
      }
    },
  };
}

async function follow(child: ChildProcess, group: Group, { limitMs, signal, clock }: ProgramRun): Promise<RunOutcome> {
  const stdout = tailOf(child.stdout);
  const stderr = tailOf(child.stderr);
  const exit = new Promise<ChildExit>((resolve) => {
    child.once('exit', (exitCode, exitSignal) => resolve({ exitCode, signal: exitSignal }));
  });
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()));

  const inTime = await within(clock, limitMs, exit, signal);
  if (inTime === null) {
    group.send('SIGTERM');
    await within(clock, GRACE_MS, exit);
  }
  await endGroup(group, clock, inTime === null);
  // In an uninterruptible wait of the kernel not even KILL ends a process: it is not waited for any longer.
  await within(clock, DRAIN_MS, closed);
  child.stdin?.destroy();
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.unref();
  const said = { stdout: stdout(), stderr: stderr() };
  return inTime === null ? { kind: 'too_late', ...said } : { kind: 'ended', exit: inTime, ...said };
}

/** TERM, unless they had it already, then KILL to all that is left of a group; returns when nobody is. */
async function endGroup(group: Group, clock: Clock, hadTerm: boolean): Promise<void> {
  if (!hadTerm) {
    if (!group.send('SIGTERM')) return;
    await untilGone(group, clock);
  }
  if (group.send('SIGKILL')) await untilGone(group, clock);
}

async function untilGone(group: Group, clock: Clock): Promise<void> {
  const deadline = clock.monotonicMs() + GRACE_MS;
  while (group.send(0) && clock.monotonicMs() < deadline) {
    await new Promise<void>((resolve) => clock.after(POLL_INTERVAL_MS, resolve));
  }
}

/** What a promise gives, or null when it takes longer or the signal comes first. */
async function within<T>(clock: Clock, ms: number, promise: Promise<T>, signal?: AbortSignal): Promise<T | null> {
  let giveUp: () => void = () => undefined;
  const late = new Promise<null>((resolve) => {
    giveUp = () => resolve(null);
  });
  const stopTimer = clock.after(ms, giveUp);
  signal?.addEventListener('abort', giveUp, { once: true });
  if (signal?.aborted === true) giveUp();
  try {
    return await Promise.race([promise, late]);
  } finally {
    stopTimer();
    signal?.removeEventListener('abort', giveUp);
  }
}

/** Reads a stream to its end, and keeps the last of it. */
function tailOf(stream: ChildProcess['stdout']): () => string {
  let tail = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (text: string) => {
    tail = (tail + text).slice(-TAIL_CHARACTERS);
  });
  stream?.on('error', () => undefined);
  return () => tail;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | null)?.code ?? 'UNKNOWN';
}
