import type { ProcessEvidence } from '../../../shared/model/last-words';
import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';

/** One scan over all processes. */
export interface ProcessScan {
  /** Monotonic time of the scan, in ms. */
  atMs: number;
  samples: readonly ProcessSample[];
  /** At its begin; null: the OS does not count. */
  births: BirthCount | null;
}

/** What the machine had started at some moment. */
export interface BirthCount {
  newestPid: number;
  /** Processes and threads since the boot. */
  forks: number;
}

/** What a pidfile names: a pid, or why it can't be trusted. */
export type PidfileReading =
  | {
      kind: 'pid';
      pid: number;
      /** The one user besides root who may write the file or replace it; 0: only root may; -1: the OS does not report it. */
      writerUid: number;
      /** When it was last written, in ms since the epoch. */
      writtenAt: number;
      /** It lies in memory, so it was written since the machine booted, whatever its timestamp is. */
      sinceBoot: boolean;
    }
  | { kind: 'missing' }
  | { kind: 'unusable'; problem: string };

/** What the OS knows of a process and a scan does not read: asked for only about candidates of a match. */
export interface ProcessFacts {
  /** Path of the executable, without the kernel's ` (deleted)`; null where it may not be read. */
  executable: string | null;
  cwd: string | null;
  /** The whole command line, however long. */
  argv: readonly string[];
  /** Whether it lives in another pid namespace than the engine; null where that can't be determined. */
  foreign: boolean | null;
  /** Who it is now: who started it, and as whom it acts; null where the OS does not report it. */
  uids: { real: number; effective: number } | null;
}

/** The processes of this machine. */
export interface ProcessTable {
  /** Reads every process. Calls are served one after the other, never side by side. */
  scan(): Promise<ProcessScan>;
  /** Whether the process lives (a zombie does not). A few microseconds: made to be called between ticks. */
  isAlive(identity: ProcessIdentity): boolean;
  /** The identity that a pid has now, or null. */
  identify(pid: number): ProcessIdentity | null;
  /** The environment it was started with; null when gone or not readable. */
  environment(identity: ProcessIdentity): Readonly<Record<string, string>> | null;
  /**
   * What a variable is set to in the processes that were born since a scan, in any of them, as far as they may be read; null: it is not known which
   * these are, or they are many. Those in sessions that `isElsewhere` are left out, without asking another thread for their environment. Some
   * 20 µs for each: made to spare a scan.
   */
  bornWith(variable: string, since: BirthCount, isElsewhere: (session: number) => boolean): ReadonlySet<string> | null;
  /** Working directory and executable; null where not readable. */
  paths(identity: ProcessIdentity): { cwd: string | null; executable: string | null };
  /** Everything about the program of a process; null when it is gone. Some system calls, so not for every process in every scan. */
  facts(identity: ProcessIdentity): ProcessFacts | null;
  readPidfile(path: string): PidfileReading;
  /** Resident minus shared memory; null where the OS does not distinguish them. A few microseconds. */
  privateBytes(identity: ProcessIdentity): number | null;
  /**
   * Resident memory with each shared page divided by the number of its sharers (PSS); null where the OS does not report it, or
   * not now: it takes some ms for a large process, so it is read now and then and follows the private memory between.
   */
  proportionalBytes(identity: ProcessIdentity): number | null;
  /** Read from and written to storage since its start; null where the OS does not report it or does not permit reading it. */
  ioBytes(identity: ProcessIdentity): IoBytes | null;
  /**
   * What its threads wanted of a processor since their start; null where the OS does not report it. Some 10 µs for each of at most 64
   * threads: made for a few processes while the machine is busy.
   */
  schedulerTimes(identity: ProcessIdentity): readonly ThreadTime[] | null;
  /**
   * Where each thread waits in the kernel, null for one that does not or may not be read; null where the OS does not report it, or of more than
   * 256 threads. Some 10 µs for each.
   */
  waitChannels(identity: ProcessIdentity): readonly (string | null)[] | null;
  /** Open descriptors; null where the OS does not report it or does not permit reading it. */
  openFiles(identity: ProcessIdentity): number | null;
  /**
   * Numbers of its open sockets; null where the OS does not report it or does not permit reading it. Each descriptor costs some µs: only
   * the first ones are read, 256 by default.
   */
  sockets(identity: ProcessIdentity, mostDescriptors?: number): readonly string[] | null;
}

/** How long a thread ran or waited for a processor, in ms since its start. */
export interface ThreadTime {
  tid: number;
  wantedMs: number;
}

/** What a process has read from and written to storage, caches left out, in bytes; ended children that it has reaped included. */
export interface IoBytes {
  readBytes: number;
  writtenBytes: number;
}

/** Reads what processes are doing that are about to be ended. */
export interface LastWordsReader {
  /**
   * In the order of `processes`; those that are gone are left out, and so are those for which `limitMs` leave no time. Lets others
   * have the event loop meanwhile. Never rejects.
   */
  read(processes: readonly ProcessIdentity[], limitMs: number): Promise<readonly ProcessEvidence[]>;
}
