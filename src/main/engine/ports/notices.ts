import type { ServiceNoticesStatus } from '../../../shared/model/snapshot';
import type { Dispose } from './clock';

/** A longer `STATUS=` is cut to this length. */
export const MAX_STATUS_CHARACTERS = 300;

/** A longer time is cut to this one: 7 days. */
export const MAX_NOTICE_MS = 604_800_000;

/** What a program reports about itself (sd_notify(3)). */
export interface NoticeContent {
  /** `READY=1`. */
  ready?: true;
  /** `RELOADING=1`; `ready` follows. */
  reloading?: true;
  /** `STOPPING=1`. */
  stopping?: true;
  /** `STATUS=`, for people: one line without control characters; empty: there is nothing to say any more. */
  status?: string;
  /** `WATCHDOG=1`; `trigger`: the program reports itself that it does not work. */
  watchdog?: true | 'trigger';
  /** `WATCHDOG_USEC=`: from now on that much may pass between two `watchdog`; 0: there are none any more. */
  watchdogMs?: number;
  /** `EXTEND_TIMEOUT_USEC=`: the start, the stop or the work may take that much more, from now on. */
  extendTimeoutMs?: number;
  /** `ERRNO=`: why the program gives up. */
  errno?: number;
  /** `MAINPID=`: who goes on as the main process. It is a claim of the sender, like all of this. */
  mainPid?: number;
}

/** What was reported, with its sender. */
export interface ServiceNotice extends NoticeContent {
  /**
   * Who has sent it, as the kernel attests it (SCM_CREDENTIALS, unix(7)): nobody but root can name another process. It may have ended
   * already, so a pid proves no more than that one of its holders has sent this.
   */
  pid: number;
  uid: number;
  /** Pids of its parent, of that one's parent, and so on, as they were when this was received; none of what could not be read. */
  ancestors: readonly number[];
}

/** Where programs report that they are ready, busy, alive or ending. Nothing here ever throws. */
export interface ServiceNotices {
  /** The address for `NOTIFY_SOCKET`, which stays the same for later engines, and whether what is sent there arrives. */
  readonly status: ServiceNoticesStatus;
  /** `onNotices` is called in a later turn, with some in the order in which they were sent. Anybody may have sent them. */
  subscribe(onNotices: (notices: readonly ServiceNotice[]) => void): Dispose;
}
