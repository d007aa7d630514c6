import type { FailureReason, LastWords } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Command, Watch } from '../../../shared/model/watch';
import type { ChildExit } from './ends';
import type { OutputEnd } from './output';

/** Everything a start needs; the same value twice starts the same program twice, byte for byte. */
export interface Launch {
  argv: readonly string[];
  cwd: string;
  /** The whole environment, but for the mark: each start has its own. */
  env: Readonly<Record<string, string>>;
  user: string | null;
}

/**
 * Our own record of a start. What a restart runs, and which processes are ours, is decided by it and by the configuration
 * alone: the arguments and the environment of a living process are claims of that process.
 */
export interface LaunchRecord {
  /** The configured command that it was prepared from. It is repeated only while that is still the command of the watch. */
  command: Command;
  /** Revision of the watch at that time. */
  revision: number;
  launch: Launch;
  /** Numeric user that it was started as; -1 where the OS has none, null where the user is unknown to it. */
  uid: number | null;
  /** Value of WATCH_MARK in its environment. */
  mark: string;
  /** Where its standard error ended right before; null where an earlier version kept no note of it. */
  stderrFrom: OutputEnd | null;
}

export interface LaunchFailure {
  /** An errno name such as `ENOENT`, or `bad_cwd`, `bad_user`. */
  reason: FailureReason;
  /** One sentence: what was tried and what to do. */
  message: string;
  /** Of a start command that ran: what it wrote last. */
  lastWords?: LastWords;
}

export type LaunchResult = { ok: true; identity: ProcessIdentity } | { ok: false; failure: LaunchFailure };

/** Starts programs in a session of their own, with their output in files, so that they outlive this engine. */
export interface Spawner {
  /** The environment a first start gets: the engine's own, and `command.env`. */
  prepare(watch: Watch, command: Command): Launch;
  /** Numeric user of whoever a command runs as (null: the engine's own); -1 where the OS has none, null: no such user. */
  uidOf(user: string | null): number | null;
  /** Why the command can't be started (program not found, no such directory, …), or null. Starts nothing. */
  check(command: Command): LaunchFailure | null;
  /** `onExit` is called once, at the end of the child, and only after the result was returned. */
  start(watch: Watch, launch: Launch, onExit: (exit: ChildExit) => void): Promise<LaunchResult>;
}

/**
 * Proofs that a process comes from a start of ours: values of WATCH_MARK. A mark holds for one watch of one data directory
 * in one boot of the machine, and nobody else can make one.
 */
export interface Marks {
  /** A fresh mark for one start. */
  issue(watchId: string): string;
  verify(watchId: string, mark: string): boolean;
}

/** What became of a start of which an earlier engine could record nothing but that it was under way. */
export type LaunchTrace =
  | { kind: 'not_executed' }
  | { kind: 'executed'; process: ProcessIdentity & { startedAtMs: number } }
  /** That engine was killed within the call that starts a program, or nothing is left that would show it. */
  | { kind: 'unknown' };

/** A start by its mark. */
export interface TracedStart {
  mark: string;
  trace: LaunchTrace;
}

/**
 * How far the last start of each watch has come, in the memory of the machine: it outlives the engine and no boot, and takes
 * no disk to write. Nothing here ever throws.
 */
export interface LaunchTraces {
  /** A start is about to be made, and nothing of it has been executed. Returns whether its trace is kept. */
  intended(watchId: string, mark: string): boolean;
  /** The last start of a watch; null: there is no trace of one. `before`: the last one before it that was begun, as far as that is known. */
  last(watchId: string): (TracedStart & { before: TracedStart | null }) | null;
  /** All that came before the last start is on record: the start before it is not needed any more. */
  recorded(watchId: string): void;
  /** The watch is no more; what it has started may go on. */
  forget(watchId: string): void;
}

/** The variable by which an engine finds the children of one that was killed. */
export const WATCH_MARK = 'HEALDECK_WATCH';
