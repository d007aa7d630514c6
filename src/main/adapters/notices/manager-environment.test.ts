import { describe, expect, it } from 'vitest';
import { takeManagerAddress } from './manager-environment';

describe('what a service manager hands over', () => {
  it('is read once, and is gone for every child', () => {
    const env = {
      ...{ PATH: '/bin', NOTIFY_SOCKET: '/run/systemd/notify', WATCHDOG_USEC: '60000000', WATCHDOG_PID: '7' },
      ...{ LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'web', LISTEN_PIDFDID: '9' },
    };
    expect(takeManagerAddress(env, 7)).toEqual({ socket: '/run/systemd/notify', watchdogMs: 60_000 });
    expect(env).toEqual({ PATH: '/bin' });
    expect(takeManagerAddress(env, 7)).toBeNull();
  });

  it.each([
    ['of another process', { WATCHDOG_USEC: '60000000', WATCHDOG_PID: '8' }],
    ['that is none', { WATCHDOG_USEC: '0' }],
    ['in other words', { WATCHDOG_USEC: '1e6' }],
    ['missing', {}],
  ])('a watchdog %s waits for nothing', (_what, watchdog) => {
    expect(takeManagerAddress({ NOTIFY_SOCKET: '@abstract', ...watchdog }, 7)).toEqual({
      socket: '@abstract',
      watchdogMs: null,
    });
  });

  it.each(['', '@', 'relative', 'vsock:2:1234'])('%j is no address', (socket) => {
    expect(takeManagerAddress({ NOTIFY_SOCKET: socket, WATCHDOG_USEC: '1000' }, 7)).toBeNull();
  });
});
