import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { createPidfds, openPidfds, type Pidfds } from './pidfds';
import { loadSystemCalls, type SystemCalls } from './system-calls';

const { EINVAL, EMFILE, ENOSYS, ENOTTY, EPERM } = constants.errno;

/** A kernel that knows the call and says nothing. */
function kernel(calls: Partial<SystemCalls> = {}): SystemCalls {
  return {
    ...{ pidfdOpen: () => 7, pidfdSendSignal: () => 0, ioctl: () => -ENOTTY },
    ...{ epollCreate: () => 8, epollControl: () => 0, epollWait: () => 0, eventfd: () => 9 },
    ...calls,
  };
}

/** The descriptors of such a kernel; none of them is a real one. */
function pidfdsOver(calls: Partial<SystemCalls>): Pidfds {
  return createPidfds(kernel(calls), () => undefined);
}

/** What ioctl(2) does on a kernel whose structure has so many bytes and that fills in these bits. */
function reportsExits(size: number, mask: bigint, status: number, asked: number[] = []): Partial<SystemCalls> {
  return {
    ioctl: (_fd, request, data) => {
      const wanted = (request >>> 16) & 0x3fff;
      asked.push(wanted);
      if (wanted > size) return -EINVAL;
      const info = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
      info.writeBigUInt64LE(mask);
      info.writeInt32LE(status, 60);
      return 0;
    },
  };
}

describe('an exit by its pidfd', () => {
  it('is what the kernel has filled in', () => {
    expect(pidfdsOver(reportsExits(80, 0x1cn, 0x0700)).exitOf(7)).toEqual({ exitCode: 7, signal: null });
  });

  it('is asked for in the size that an older kernel knows, which is found once', () => {
    const asked: number[] = [];
    const pidfds = pidfdsOver(reportsExits(64, 0xcn, 35, asked));
    expect(pidfds.exitOf(7)).toEqual({ exitCode: null, signal: 'SIGRTMIN+1' });
    expect(pidfds.exitOf(7)).toEqual({ exitCode: null, signal: 'SIGRTMIN+1' });
    expect(asked).toEqual([80, 72, 64, 64]);
  });

  it('is unknown where the kernel fills in other things, whatever stands in its place', () => {
    expect(pidfdsOver(reportsExits(64, 0x7n, 0)).exitOf(7)).toBeNull();
  });

  it('is unknown where the kernel has no such call or knows no size', () => {
    const none = pidfdsOver({});
    expect(none.reportsExits).toBe(true);
    expect(none.exitOf(7)).toBeNull();
    expect(none.reportsExits).toBe(false);
    const pidfds = pidfdsOver(reportsExits(8, 0xcn, 0));
    expect(pidfds.exitOf(7)).toBeNull();
    expect(pidfds.exitOf(7)).toBeNull();
  });
});

describe('a pidfd', () => {
  it('passes a signal by its number, and names what was refused', () => {
    const sent: number[] = [];
    const pidfds = pidfdsOver({ pidfdSendSignal: (_fd, signal) => (sent.push(signal), signal === 9 ? -EPERM : 0) });
    expect(pidfds.send(7, 'SIGTERM')).toBeNull();
    expect(pidfds.send(7, 'SIGKILL')).toBe('EPERM');
    expect(sent).toEqual([15, 9]);
  });

  it('passes a signal to the group of its process, where the kernel can', () => {
    const flags: unknown[] = [];
    const pidfds = pidfdsOver({
      pidfdSendSignal: (_fd, _signal, flag) => (flags.push(flag), flag === 4 ? -EINVAL : 0),
    });
    expect(pidfds.sendToGroup(7, 'SIGKILL')).toBe('EINVAL');
    expect(flags).toEqual([4]);
  });

  it('is not there when no descriptor is left', () => {
    expect(pidfdsOver({ pidfdOpen: () => -EMFILE }).open(7)).toBeNull();
  });
});

describe('pidfds are not used, and the reason is known,', () => {
  const reasonWith = (calls: Partial<SystemCalls>): string => {
    const support = openPidfds(
      { available: true, calls: kernel(calls), spawn: null, sockets: null, netlink: null },
      () => undefined,
    );
    return support.available ? 'available' : support.reason;
  };

  it('where the kernel is too old', () => {
    expect(reasonWith({ pidfdOpen: () => -ENOSYS })).toBe(
      'this kernel has no pidfd_open(2) (Linux 5.3 and newer have it)',
    );
  });

  it('where a container refuses the call', () => {
    expect(reasonWith({ pidfdOpen: () => -EPERM })).toContain('pidfd_open(2) is refused here');
  });

  it('where only signals are refused, and the descriptor of the trial is closed', () => {
    const closed: number[] = [];
    const refusing = kernel({ pidfdSendSignal: () => -EPERM });
    const support = openPidfds({ available: true, calls: refusing, spawn: null, sockets: null, netlink: null }, (fd) =>
      closed.push(fd),
    );
    expect(support).toMatchObject({
      available: false,
      reason: expect.stringContaining('pidfd_send_signal(2)') as string,
    });
    expect(closed).toEqual([7]);
  });

  it('where no descriptor is left', () => {
    expect(reasonWith({ pidfdOpen: () => -EMFILE })).toBe('pidfd_open(2) failed with EMFILE');
  });

  it('on other platforms than Linux', () => {
    const loaded = loadSystemCalls(() => ({}), 'darwin');
    expect(openPidfds(loaded)).toEqual({
      available: false,
      reason: 'its system calls are those of Linux, and this is darwin',
    });
  });

  it('where the package is missing or can not be loaded', () => {
    const loaded = loadSystemCalls(() => {
      throw new Error("Cannot find module 'koffi'\nRequire stack:\n- /somewhere");
    }, 'linux');
    expect(loaded).toEqual({
      available: false,
      reason: "the npm package koffi could not be loaded (Cannot find module 'koffi')",
    });
    expect(loadSystemCalls(() => ({}), 'linux')).toMatchObject({ available: false });
  });
});
