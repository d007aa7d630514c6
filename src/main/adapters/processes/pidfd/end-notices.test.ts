import { describe, expect, it } from 'vitest';
import type { ChildExit } from '../../../engine/ports';
import { ManualClock } from '../../../engine/testing/manual-clock';
import { openEndNotices } from './open-end-notices';
import { PidfdEndNotices, type EndNoticesOptions } from './end-notices';

const CODE_7: ChildExit = { exitCode: 7, signal: null };

/** A kernel that knows no exit. */
const kernelPidfds = (): EndNoticesOptions['pidfds'] => ({
  open: (pid) => pid / 100,
  exitOf: () => null,
  reportsExits: true,
  close: () => undefined,
});

/** Notices over a kernel in memory: process 500 has the descriptor 5, and so on. */
function kernel(changes: Partial<EndNoticesOptions> & { reportsExits?: boolean; problem?: string } = {}) {
  const clock = new ManualClock();
  const exits = new Map<number, ChildExit>();
  const open = new Set<number>();
  const tokens = new Map<number, number>();
  const [asked, ends, reported]: [string[], (ChildExit | null)[], unknown[]] = [[], [], []];
  let heard: Parameters<EndNoticesOptions['thread']>[0] | null = null;
  const epoll = {
    add: (fd: number, token: number) => (tokens.set(fd, token), true),
    refresh: (fd: number) => void asked.push(`renew ${fd}`),
    addHangUp: (fd: number) => (asked.push(`hang-up ${fd}`), true),
  };
  const notices = new PidfdEndNotices({
    pidfds: {
      open: (pid) => (open.add(pid / 100), pid / 100),
      exitOf: (fd) => exits.get(fd) ?? null,
      reportsExits: changes.reportsExits ?? true,
      close: (fd) => open.delete(fd),
    },
    thread: (listeners) => {
      heard = listeners;
      return {
        epoll,
        problem: changes.problem ?? null,
        start: () => asked.push('start'),
        dispose: () => asked.push('dispose'),
      };
    },
    identify: (pid) => ({ pid, startTime: 1 }),
    exitOfZombie: () => null,
    clock,
    maxFollowed: 10,
    report: (_, error) => reported.push(error),
    ...changes,
  });
  return {
    ...{ clock, exits, open, asked, ends, reported, notices },
    follow: (pid = 500, startTime = 1) => notices.follow({ pid, startTime }, (exit) => ends.push(exit)),
    ready: (fd = 5) => heard?.onReady([tokens.get(fd) ?? -1]),
    lose: () => heard?.onLost(),
  };
}

describe('the end of a followed process', () => {
  it('is reported with its exit, and its descriptor is closed', () => {
    const { follow, exits, ready, ends, open } = kernel();
    const followed = follow();
    expect(open).toEqual(new Set([5]));
    exits.set(5, CODE_7);
    ready();
    ready();
    expect(ends).toEqual([CODE_7]);
    expect(open).toEqual(new Set());
    expect(followed?.exit()).toEqual(CODE_7);
  });

  it('waits for its parent to reap it, as its exit is not known before', () => {
    const { follow, exits, ready, ends, asked } = kernel();
    follow();
    ready();
    expect(ends).toEqual([]);
    expect(asked).toContain('hang-up 5');
    exits.set(5, CODE_7);
    ready();
    expect(ends).toEqual([CODE_7]);
  });

  it('is reported without its exit when its parent does not reap it', async () => {
    const { follow, ready, ends, clock, open } = kernel();
    follow();
    ready();
    await clock.advance(20);
    expect(ends).toEqual([null]);
    expect(open).toEqual(new Set());
  });

  it('is reported at once where the kernel says no exits', () => {
    const { follow, ready, ends } = kernel({ reportsExits: false });
    follow();
    ready();
    expect(ends).toEqual([null]);
  });

  it('is reported once, soon, and never in the same turn, when somebody else saw it', async () => {
    const { follow, exits, ready, ends, clock } = kernel();
    const followed = follow();
    followed?.seenGone();
    followed?.seenGone();
    expect(ends).toEqual([]);
    // The kernel's word comes in between, before it is reaped.
    ready();
    expect(ends).toEqual([]);
    exits.set(5, CODE_7);
    await clock.advance(20);
    expect(ends).toEqual([CODE_7]);
  });

  it('is not reported of what is followed no more', async () => {
    const { follow, ready, ends, clock, open } = kernel();
    const followed = follow();
    ready();
    followed?.dispose();
    followed?.dispose();
    await clock.advance(100);
    expect(ends).toEqual([]);
    expect(open).toEqual(new Set());
  });

  it('that fails in the engine is reported, and others go on', () => {
    const { notices, exits, ready, reported, ends, follow } = kernel();
    notices.follow({ pid: 600, startTime: 1 }, () => {
      throw new Error('broken');
    });
    follow();
    [5, 6].forEach((fd) => exits.set(fd, CODE_7));
    ready(6);
    ready(5);
    expect(reported).toEqual([new Error('broken')]);
    expect(ends).toEqual([CODE_7]);
  });

  it('that a thread was about to name when it ended is asked for once more', () => {
    const { follow, lose, asked } = kernel();
    follow();
    lose();
    expect(asked).toEqual(['start', 'renew 5']);
  });
});

describe('what is said of a kernel that has no descriptor left', () => {
  it.each<[string, Parameters<typeof kernel>[0]]>([
    ['by our own limit', { maxFollowed: 1 }],
    ['by that of the system', { pidfds: { ...kernelPidfds(), open: (pid) => (pid === 500 ? 5 : null) } }],
  ])('%s', (_, changes) => {
    const { notices, follow } = kernel(changes);
    const first = follow(500);
    expect(notices.status).toEqual({ by: 'kernel', exits: true });
    expect(follow(600)).toBeNull();
    expect(notices.status).toEqual({ by: 'kernel', exits: true, atMost: 1 });
    first?.dispose();
    expect(notices.status).toEqual({ by: 'kernel', exits: true });
  });

  it('is not said when the process is gone', () => {
    const pidfds = { ...kernelPidfds(), open: () => null };
    const { notices, follow } = kernel({ pidfds, identify: () => null });
    expect(follow()).toBeNull();
    expect(notices.status).toEqual({ by: 'kernel', exits: true });
  });
});

describe('how ends are noticed', () => {
  it.each([
    [{}, { by: 'kernel', exits: true }],
    [{ reportsExits: false }, { by: 'kernel', exits: false }],
    [{ problem: 'it crashed' }, { by: 'polling', reason: 'it crashed' }],
    [{ thread: () => null }, { by: 'polling', reason: 'no descriptor is left for epoll(7)' }],
  ])('with %j is %j', (changes, status) => {
    expect(kernel(changes).notices.status).toEqual(status);
  });

  it('where the machine has no pidfds is by polling, for that reason, and nothing is followed', () => {
    const notices = openEndNotices({
      kernel: { available: false, reason: 'darwin has no pidfds' },
      ...{ identify: () => null, clock: new ManualClock(), threadFile: '', maxFollowed: 9 },
      ...{ notify: () => undefined, report: () => undefined },
    });
    expect(notices.status).toEqual({ by: 'polling', reason: 'darwin has no pidfds' });
    expect(notices.follow({ pid: 500, startTime: 1 }, () => undefined)).toBeNull();
  });
});

describe('a process is not followed, and keeps no descriptor,', () => {
  it('whose pid belongs to another one', () => {
    const { follow, open } = kernel();
    expect(follow(500, 2)).toBeNull();
    expect(open).toEqual(new Set());
  });

  it('that is gone or may not be seen', () => {
    const { follow, open } = kernel({ identify: () => null });
    expect(follow()).toBeNull();
    expect(open).toEqual(new Set());
  });

  it('beyond the descriptors that may be used for it', () => {
    const { follow, open } = kernel({ maxFollowed: 2 });
    expect([500, 600, 700].map((pid) => follow(pid) !== null)).toEqual([true, true, false]);
    expect(open).toEqual(new Set([5, 6]));
  });

  it('where nothing can wait for it', () => {
    const { follow, open } = kernel({ thread: () => null });
    expect(follow()).toBeNull();
    expect(open).toEqual(new Set());
  });

  it('once the notices are disposed of, which closes all', () => {
    const { follow, open, notices, asked } = kernel();
    follow();
    notices.dispose();
    expect(open).toEqual(new Set());
    expect(asked).toEqual(['start', 'dispose']);
    expect(follow()).toBeNull();
  });
});
