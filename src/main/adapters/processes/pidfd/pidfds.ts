import { closeSync } from 'node:fs';
import { constants } from 'node:os';
import type { ChildExit } from '../../../engine/ports';
import { loadSystemCalls, type LoadedCalls, type SystemCalls, type Unavailable } from './system-calls';
import { exitOfStatus } from './wait-status';

/** Descriptors that name one process for ever, whoever has its pid later (pidfd_open(2)). Nothing here throws. */
export interface Pidfds {
  /** A descriptor of whoever has the pid now, a zombie too; null: nobody has it, or no descriptor is left. */
  open(pid: number): number | null;
  /** How it ended; null: it lives, its parent has not reaped it, or this kernel does not report it (before Linux 6.15). */
  exitOf(fd: number): ChildExit | null;
  /** Sends a signal; null: sent, else the name of the error, such as `ESRCH`. */
  send(fd: number, signal: NodeJS.Signals): string | null;
  /**
   * The same to the process group that the process leads, or has led: `ESRCH` when nobody is left in it, `EINVAL` where the kernel can't do
   * that (before Linux 6.9).
   */
  sendToGroup(fd: number, signal: NodeJS.Signals): string | null;
  /** False once it is known that this kernel never reports how a process ended. */
  readonly reportsExits: boolean;
  close(fd: number): void;
}

export type PidfdSupport = { available: true; pidfds: Pidfds; calls: SystemCalls } | Unavailable;

/** `_IOWR(0xFF, 11, size)` (linux/pidfd.h): the size of what is filled is part of the request. */
const getInfo = (size: number): number => ((3 << 30) | (size << 16) | (0xff << 8) | 11) >>> 0;

/** Sizes of `struct pidfd_info`, newest kernels first; what an older one does not know it refuses with EINVAL. */
const INFO_SIZES = [80, 72, 64];
/** In the mask, what is asked for and what was filled in; PIDFD_INFO_EXIT. */
const EXIT = 8n;
const EXIT_STATUS_OFFSET = 60;
/** pidfd_send_signal(2): to the group whose number is the pid of the process. */
const PIDFD_SIGNAL_PROCESS_GROUP = 4;

const { EINVAL, ENOSYS, ENOTTY, EPERM } = constants.errno;

/** Pidfds where this machine has them: the calls are tried on this process itself. */
export function openPidfds(
  loaded: LoadedCalls = loadSystemCalls(),
  close: (fd: number) => void = closeSync,
): PidfdSupport {
  if (!loaded.available) return loaded;
  const { calls } = loaded;
  const fd = calls.pidfdOpen(process.pid);
  if (fd < 0) return { available: false, reason: refusal('pidfd_open', -fd) };
  const sent = calls.pidfdSendSignal(fd, 0);
  const pidfds = createPidfds(calls, close);
  // Shows whether this kernel knows the call.
  pidfds.exitOf(fd);
  close(fd);
  if (sent < 0) return { available: false, reason: refusal('pidfd_send_signal', -sent) };
  return { available: true, pidfds, calls };
}

/** The descriptors over these calls. */
export function createPidfds(calls: SystemCalls, close: (fd: number) => void): Pidfds {
  let sizes: readonly number[] = INFO_SIZES;

  return {
    open(pid) {
      const fd = calls.pidfdOpen(pid);
      return fd < 0 ? null : fd;
    },

    get reportsExits() {
      return sizes.length > 0;
    },

    exitOf(fd) {
      for (const size of sizes) {
        const info = Buffer.alloc(size);
        info.writeBigUInt64LE(EXIT);
        const result = calls.ioctl(fd, getInfo(size), info);
        if (result === -EINVAL) continue;
        if (result === -ENOTTY) break;
        if (result < 0) return null;
        sizes = [size];
        return (info.readBigUInt64LE() & EXIT) === 0n ? null : exitOfStatus(info.readInt32LE(EXIT_STATUS_OFFSET));
      }
      sizes = [];
      return null;
    },

    send(fd, signal) {
      const result = calls.pidfdSendSignal(fd, constants.signals[signal]);
      return result < 0 ? errnoName(-result) : null;
    },

    sendToGroup(fd, signal) {
      const result = calls.pidfdSendSignal(fd, constants.signals[signal], PIDFD_SIGNAL_PROCESS_GROUP);
      return result < 0 ? errnoName(-result) : null;
    },

    close,
  };
}

function refusal(call: string, errno: number): string {
  if (errno === ENOSYS) return `this kernel has no ${call}(2) (Linux 5.3 and newer have it)`;
  if (errno === EPERM) return `${call}(2) is refused here (a seccomp filter, as of a container)`;
  return `${call}(2) failed with ${errnoName(errno)}`;
}

function errnoName(errno: number): string {
  return Object.entries(constants.errno).find(([, number]) => number === errno)?.[0] ?? `errno ${errno}`;
}
