import type { ProcessIdentity } from '../../../../shared/model/process';
import type { Clock, ReportError } from '../../../engine/ports';
import type { Notify } from '../../files/notice';
import { PidfdEndNotices, type DisposableEndNotices } from './end-notices';
import { EpollThread } from './end-thread';
import type { PidfdSupport } from './pidfds';
import { exitOfZombie } from './zombie-exit';

export interface OpenEndNoticesOptions {
  kernel: PidfdSupport;
  identify: (pid: number) => ProcessIdentity | null;
  clock: Clock;
  /** The bundle of the thread that waits. */
  threadFile: string;
  maxFollowed: number;
  notify: Notify;
  report: ReportError;
}

/** Notices of ends over the kernel of this machine; where it has no pidfds, nothing is followed. */
export function openEndNotices(options: OpenEndNoticesOptions): DisposableEndNotices {
  const { kernel, identify, clock, threadFile: file, maxFollowed, notify, report } = options;
  if (!kernel.available) {
    return {
      status: { by: 'polling', reason: kernel.reason },
      follow: () => null,
      dispose: () => undefined,
    };
  }
  const { calls, pidfds } = kernel;
  return new PidfdEndNotices({
    ...{ pidfds, identify, exitOfZombie, clock, maxFollowed, report },
    thread: (heard) => EpollThread.open({ calls, file, clock, notify, ...heard }),
  });
}
