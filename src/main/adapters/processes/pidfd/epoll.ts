import { constants } from 'node:os';
import type { SystemCalls } from './system-calls';

type EpollCalls = Pick<SystemCalls, 'epollControl' | 'epollWait'>;

/** Descriptors that are waited for together (epoll(7)). One thread may change them while another waits. */
export interface Epoll {
  /** `wait` names the token once when the descriptor has something to report. False: the kernel refused it. */
  add(fd: number, token: number): boolean;
  /** As if it had been added now: what was named and got lost is named once more. */
  refresh(fd: number, token: number): void;
  /** `wait` names the token once more: of a pidfd, when the process that has ended is reaped (EPOLLHUP). */
  addHangUp(fd: number, token: number): boolean;
  /**
   * Tokens of descriptors that have something to report, after `timeoutMs` at the latest; 0 does not block.
   * @throws Error when there is nothing left to wait for
   */
  wait(timeoutMs: number): readonly number[];
}

const [ADD, MODIFY] = [1, 3];
/** In `events`; EPOLLERR and EPOLLHUP are always reported. */
const EPOLLIN = 0x001;
const EPOLLONESHOT = 1 << 30;

const MAX_EVENTS = 128;
/** `struct epoll_event`: on x86 it has no padding between the events and the data (epoll_ctl(2)). */
const [EVENT_BYTES, DATA_OFFSET] = process.arch === 'x64' || process.arch === 'ia32' ? [12, 4] : [16, 8];

/** The set behind a descriptor of epoll_create(2), which whoever made it closes. */
export function epollOver(calls: EpollCalls, epollFd: number): Epoll {
  const ready = Buffer.alloc(MAX_EVENTS * EVENT_BYTES);

  function control(operation: number, fd: number, events: number, token: number): boolean {
    const event = Buffer.alloc(EVENT_BYTES);
    event.writeUInt32LE(events);
    event.writeUInt32LE(token, DATA_OFFSET);
    return calls.epollControl(epollFd, operation, fd, event) >= 0;
  }

  return {
    add: (fd, token) => control(ADD, fd, EPOLLIN | EPOLLONESHOT, token),
    refresh: (fd, token) => void control(MODIFY, fd, EPOLLIN | EPOLLONESHOT, token),
    addHangUp: (fd, token) => control(MODIFY, fd, EPOLLONESHOT, token),

    wait(timeoutMs) {
      const count = calls.epollWait(epollFd, ready, MAX_EVENTS, timeoutMs);
      // A signal was handled meanwhile.
      if (count === -constants.errno.EINTR) return [];
      if (count < 0) throw new Error(`epoll_wait(2) failed with errno ${-count}`);
      return Array.from({ length: count }, (_, at) => ready.readUInt32LE(at * EVENT_BYTES + DATA_OFFSET));
    },
  };
}
