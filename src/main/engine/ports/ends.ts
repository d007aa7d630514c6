import type { ExitFacts } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { EndNoticesStatus } from '../../../shared/model/snapshot';

/** How a process ended, from its parent's wait or from the kernel. */
export type ChildExit = Pick<ExitFacts, 'exitCode' | 'signal'>;

/** A process whose end is reported. */
export interface FollowedProcess {
  /** How it ended, as far as that is known now; null: it lives, or that is not known. */
  exit(): ChildExit | null;
  /** Somebody else has seen that it is gone: its end is reported within some ms, whatever the kernel reports. */
  seenGone(): void;
  /** Nothing is reported any more. */
  dispose(): void;
}

/** Reports the ends of processes that this engine did not start, as soon as they happen. Nothing here ever throws. */
export interface EndNotices {
  /** How ends are noticed now. */
  readonly status: EndNoticesStatus;
  /**
   * `onEnd` is called once, in a later turn; null: how it ended is not known. Returns null where the end of this process is
   * not reported: then it has to be polled for.
   */
  follow(identity: ProcessIdentity, onEnd: (exit: ChildExit | null) => void): FollowedProcess | null;
}
