import type { EarlyReason } from '../../../shared/model/crash-group';
import type { Actor, IncidentReference } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { DataDirIdentity } from './data-dir';
import type { LaunchRecord } from './launch';
import type { RememberedStarts } from './scene';

/** A time in which a watch is not restarted. Monotonic ms. */
export interface Cooldown extends EarlyReason {
  startedAtMs: number;
  untilMs: number;
  /** The window that was full, and how many restarts it held; of a cooldown for the same crash, the time from its first to its last. */
  restarts: number;
  windowMs: number;
}

/**
 * How many automatic restarts a watch has had, and whether it may have another.
 * Times are monotonic, so a wall clock that jumps changes nothing.
 */
export interface RestartBudget {
  /** Automatic restarts since the last reset, oldest first; no older than the longest window needs. */
  restartsAtMs: readonly number[];
  cooldown: Cooldown | null;
  /** Cooldowns in a row without stable uptime between them. */
  trips: number;
}

/** One end of the watched program that led to a restart. */
export interface CrashReading {
  /** Monotonic time, in ms. */
  atMs: number;
  /** Null when a signal ended it or the code can't be known. */
  exitCode: number | null;
  /** `SIGSEGV` and the like, or null. */
  signal: string | null;
  /** Which crash it was, where it came soon after a start and from the program itself; absent otherwise. */
  crash?: { id: string; title: string } | undefined;
}

/** What a restart has ended for the program that it starts. */
export interface ReplacedProcesses {
  actor: Actor;
  pids: readonly number[];
}

/** How far a cron expression has been dealt with. It is kept for the next engine, so that no run is lost and none made twice. */
export interface CronProgress {
  /** The expression and its time zone: another one begins anew. */
  of: string;
  /** Each moment up to this one has been run, reported or passed over; ms since the epoch. */
  doneUntilAt: number;
}

/** What an engine must know of the one before it, per watch id. */
export interface PersistedWatch {
  /** `stopped` stays stopped within the same boot; `active` is to be running. */
  desired: 'active' | 'stopped';
  /** Why it is stopped. */
  reason: string;
  processes: readonly (ProcessIdentity & {
    origin: 'child' | 'match';
    role?: 'main' | 'worker' | undefined;
    /** It goes on for a process that an engine started, and need not lead a session as that did. */
    heir?: boolean | undefined;
    /** Monotonic ms; earlier versions did not write it. */
    startedAtMs?: number | undefined;
  })[];
  /** The phase that it was in, and since when, in monotonic ms; earlier versions did not write it. */
  since?: { phase: string; atMs: number } | undefined;
  /** Automatic restarts in a row without a healthy minute, and in all. */
  consecutive: number;
  restarts: number;
  lastRestartAt: number | null;
  incident: number | null;
  /** What is wrong in it, in words; absent: nothing is known of it. */
  problem?: string | undefined;
  /** The incident of another watch that led to the newest one; absent: it is its own cause. Earlier versions did not write it. */
  cause?: IncidentReference | undefined;
  /** The last incident and its end, in monotonic ms; earlier versions did not write it. */
  recovery?: { incident: number; atMs: number; openedAtMs: number; attempts: number } | undefined;
  /** A start was under way: its process may be there, and nobody knew its pid yet. */
  starting: boolean;
  /**
   * The last start: its mark and, while it is under way, when it was counted as an automatic restart, in monotonic ms (null: it
   * was not). `executed`: the mark of the last one that was executed, where it is known. Earlier versions did not write it.
   */
  start?: { mark: string; countedAtMs: number | null; executed?: string | undefined } | undefined;
  /** What the operator's restart that is under way has ended, which is reported once it is over. Earlier versions did not write it. */
  replaced?: ReplacedProcesses | undefined;
  /** The run that goes on (`heal/runs.ts`), and those that it began with, by watch id. Earlier versions did not write them. */
  run?: string | undefined;
  ranWith?: Readonly<Record<string, string | null>> | undefined;
  /** Times in monotonic ms, which all engines of one boot share. */
  budget: RestartBudget;
  lastExits: readonly CrashReading[];
  /** The last start of its program by an engine; null: none, or by an engine that kept no record. */
  launch: LaunchRecord | null;
  /** Earlier versions did not write it. */
  starts?: RememberedStarts | undefined;
  /** How far the expressions of its schedule have been dealt with; absent: it has none. */
  schedule?:
    | {
        start: CronProgress | null;
        restart: CronProgress | null;
        /** The run that was reported to take too long. */
        overrun: string | null;
      }
    | undefined;
}

export interface PersistedState {
  /** Identifies the boot of the machine; in another one nothing but `restarts` is meaningful. */
  bootId: string;
  /** The data directory that it was written in; null where an earlier version wrote it. */
  dataDir: DataDirIdentity | null;
  watches: Readonly<Record<string, PersistedWatch>>;
}
