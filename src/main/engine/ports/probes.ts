import type { ProbeCheck } from '../../../shared/model/probe';
import type { Dispose } from './clock';
import type { Launch } from './launch';

/** What one attempt of a probe came to. */
export interface ProbeAnswer {
  passed: boolean;
  /**
   * What came back, for people: `200 OK`, `503 Service Unavailable, body: database is down`, `no answer within 2 s`,
   * `connection refused`. One line, at most `MAX_ANSWER_CHARACTERS`, without control characters.
   */
  words: string;
  /** From the begin of the attempt to its end. */
  latencyMs: number;
  /**
   * It says nothing about the program: the machine was short of processes, open files or memory, so nobody was asked, or a disk hangs.
   * It counts neither for nor against it.
   */
  machineFault?: true;
}

/** What a program or a server has answered is cut to this length. */
export const MAX_ANSWER_CHARACTERS = 300;

/** The checks that leave this engine: the others are answered by what it knows or can read itself. */
export type RemoteCheck =
  | Extract<ProbeCheck, { kind: 'http' | 'tcp' }>
  /** `launch`: with the whole environment; the program runs in a process group of its own. */
  | { kind: 'command'; launch: Launch };

/** An attempt that is under way. */
export interface Attempt {
  /** Never rejects; settles within the limit and a little, whatever the other side does. */
  answer: Promise<ProbeAnswer>;
  /** Ends it now; its answer is of no interest any more. */
  cancel: Dispose;
}

/** Asks programs whether they work. */
export interface Prober {
  /**
   * One attempt. Nothing of it is left once it has settled or was cancelled: its connection is closed, its program and what that has
   * started in its process group are killed.
   */
  ask(check: RemoteCheck, limitMs: number): Attempt;
}
