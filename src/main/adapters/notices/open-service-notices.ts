import type { Clock, ReportError } from '../../engine/ports';
import type { Notify } from '../files/notice';
import type { LoadedCalls, Unavailable } from '../processes/pidfd/system-calls';
import type { NoticePlace } from './notice-place';
import { bindNoticeSocket, type NoticeSocket } from './notice-socket';
import { NoticeThread, type DisposableServiceNotices } from './notice-thread';

export interface OpenServiceNoticesOptions {
  loaded: LoadedCalls;
  place: NoticePlace;
  /** Of this process. */
  uid: number;
  clock: Clock;
  /** The bundle of the thread that receives. */
  threadFile: string;
  notify: Notify;
  report: ReportError;
}

/** What programs report over the kernel of this machine; where that is not possible, nothing is received. */
export function openServiceNotices(options: OpenServiceNoticesOptions): DisposableServiceNotices {
  const { loaded, place, uid, clock, threadFile: file, notify, report } = options;
  if (!loaded.available) return unavailable(loaded.reason);
  const { sockets: calls } = loaded;
  if (calls === null)
    return unavailable('the C library lacks tgkill(3) (glibc 2.30 and newer have it), or this is no 64-bit system');
  const bindAgain = (): NoticeSocket | Unavailable => bindNoticeSocket(calls, place, uid);
  const socket = bindAgain();
  if ('available' in socket) return unavailable(socket.reason);
  return new NoticeThread({ calls, socket, bindAgain, file, clock, notify, report });
}

function unavailable(reason: string): DisposableServiceNotices {
  return {
    status: { at: 'unavailable', reason },
    subscribe: () => () => undefined,
    refresh: () => false,
    dispose: () => Promise.resolve(),
  };
}
