import { createRequire } from 'node:module';
import type Koffi from 'koffi';
import { declareSockets, type SocketCalls } from './socket-calls';
import { declareNetlink, type NetlinkCalls } from '../sock-diag/netlink-calls';
import { declareSpawn, type SpawnCalls } from './spawn-calls';

/** System calls that Node does not offer. Each returns the result of the kernel, or the negated errno (syscall(2)). */
export interface SystemCalls {
  /** A descriptor of whoever has the pid now, closed on exec (pidfd_open(2)). */
  pidfdOpen(pid: number): number;
  /** Signal 0 only checks (pidfd_send_signal(2)). */
  pidfdSendSignal(fd: number, signal: number, flags?: number): number;
  /** `data` is read and filled in place. */
  ioctl(fd: number, request: number, data: Uint8Array): number;
  epollCreate(): number;
  epollControl(epollFd: number, operation: number, fd: number, event: Uint8Array): number;
  /** Blocks the calling thread. */
  epollWait(epollFd: number, events: Uint8Array, maxEvents: number, timeoutMs: number): number;
  /** A counter that can be waited for (eventfd(2)). */
  eventfd(): number;
}

/** Why something of the OS can't be used, in words for an operator. */
export interface Unavailable {
  available: false;
  reason: string;
}

/** `spawn`, `sockets`, `netlink` null: the C library lacks something for it. */
export interface AvailableCalls {
  available: true;
  calls: SystemCalls;
  spawn: SpawnCalls | null;
  sockets: SocketCalls | null;
  netlink: NetlinkCalls | null;
}
export type LoadedCalls = AvailableCalls | Unavailable;

/** The numbers are the same on all architectures that Node runs on (Linux, include/uapi/asm-generic/unistd.h). */
const PIDFD_SEND_SIGNAL = 424;
const PIDFD_OPEN = 434;

/** EPOLL_CLOEXEC and EFD_CLOEXEC: O_CLOEXEC. */
const CLOSE_ON_EXEC = 0o2000000;

/**
 * Loads the foreign function interface. It is an optional dependency with a binary for each platform, so it may be missing or
 * refuse to load; nothing here throws.
 */
export function loadSystemCalls(load: () => unknown = requireKoffi, platform = process.platform): LoadedCalls {
  if (platform !== 'linux')
    return { available: false, reason: `its system calls are those of Linux, and this is ${platform}` };
  try {
    const koffi = load() as typeof Koffi;
    return {
      available: true,
      calls: declare(koffi),
      spawn: orNull(() => declareSpawn(koffi)),
      sockets: orNull(() => declareSockets(koffi)),
      netlink: orNull(() => declareNetlink(koffi)),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [firstLine = ''] = message.split('\n');
    return { available: false, reason: `the npm package koffi could not be loaded (${firstLine})` };
  }
}

/** Not an import: the bundle must start without it, and where it is missing that is found out here. */
function requireKoffi(): unknown {
  return createRequire(__filename)('koffi');
}

function orNull<T>(declareCalls: () => T): T | null {
  try {
    return declareCalls();
  } catch {
    return null;
  }
}

function declare(koffi: typeof Koffi): SystemCalls {
  // What this process has loaded already: the C library, whichever it is.
  const libc = koffi.load(null);
  const open = libc.func('long syscall(long number, long pid, long flags)');
  const send = libc.func('long syscall(long number, long fd, long signal, void *info, long flags)');
  const control = libc.func('int ioctl(int fd, unsigned long request, void *data)');
  const epollCreate = libc.func('int epoll_create1(int flags)');
  const epollControl = libc.func('int epoll_ctl(int epollFd, int operation, int fd, void *event)');
  const epollWait = libc.func('int epoll_wait(int epollFd, void *events, int maxEvents, int timeoutMs)');
  const eventfd = libc.func('int eventfd(unsigned int initial, int flags)');
  const orErrno = (result: unknown): number => (Number(result) < 0 ? -koffi.errno() : Number(result));
  return {
    pidfdOpen: (pid) => orErrno(open(PIDFD_OPEN, pid, 0)),
    pidfdSendSignal: (fd, signal, flags = 0) => orErrno(send(PIDFD_SEND_SIGNAL, fd, signal, null, flags)),
    ioctl: (fd, request, data) => orErrno(control(fd, request, data)),
    epollCreate: () => orErrno(epollCreate(CLOSE_ON_EXEC)),
    epollControl: (epollFd, operation, fd, event) => orErrno(epollControl(epollFd, operation, fd, event)),
    epollWait: (epollFd, events, maxEvents, timeoutMs) => orErrno(epollWait(epollFd, events, maxEvents, timeoutMs)),
    eventfd: () => orErrno(eventfd(0, CLOSE_ON_EXEC)),
  };
}
