import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ChildExit } from '../../engine/ports';
import type { SpawnRequest } from '../processes/pidfd/spawn-calls';
import { NativeChildren } from './native-children';

const request = (change: Partial<SpawnRequest> = {}): SpawnRequest => ({
  ...{ file: '/bin/true', argv: ['true'], env: { A: 'b' }, cwd: '/', out: null, err: null },
  ...change,
});

/** A kernel in memory that gives out pids from 100 on; null as next pid: nothing is executed. */
function kernel() {
  const signals = new EventEmitter();
  /** In the order of their ends. */
  const zombies = new Map<number, number>();
  const asked: number[] = [];
  let nextPid: number | null = 100;
  const children = new NativeChildren(
    {
      spawn: () => (nextPid === null ? null : nextPid++),
      reap: (pid) => {
        asked.push(pid);
        const status = zombies.get(pid);
        zombies.delete(pid);
        return status ?? (pid >= 200 ? 'unknown' : 'lives');
      },
      anyEnded: () => [...zombies.keys()][0] ?? null,
    },
    signals as unknown as NodeJS.Process,
  );
  const exits: (ChildExit & { pid: number })[] = [];
  return {
    ...{ children, signals, zombies, asked, exits },
    refuse: () => (nextPid = null),
    from: (pid: number) => (nextPid = pid),
    start: (): number => {
      const pid = children.start(request()) ?? -1;
      children.follow(pid, (exit) => exits.push({ pid, ...exit }));
      return pid;
    },
    /** The kernel's signal, and the turn after it. */
    signal: async (times = 1) => {
      for (let i = 0; i < times; i++) signals.emit('SIGCHLD');
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('children that were started past Node', () => {
  it('are reaped at their end, and each is reported once with its exit', async () => {
    const { start, zombies, signal, exits, asked } = kernel();
    const [one, two, three] = [start(), start(), start()];
    zombies.set(two, 0x0700).set(one, 37);
    await signal(5);
    await signal();
    expect(exits).toEqual([
      { pid: two, exitCode: 7, signal: null },
      { pid: one, exitCode: null, signal: 'SIGRTMIN+3' },
    ]);
    // Of hundreds that live none is asked for.
    expect(asked).not.toContain(three);
  });

  it('are found behind a child of somebody else, which is left to its owner', async () => {
    const { start, zombies, signal, exits } = kernel();
    const pid = start();
    zombies.set(9, 0).set(pid, 0x0100);
    await signal();
    expect(exits).toEqual([{ pid, exitCode: 1, signal: null }]);
    expect([...zombies.keys()]).toEqual([9]);
  });

  it('are reported without an exit when somebody else has reaped them', async () => {
    const { start, zombies, signal, exits, from } = kernel();
    from(200);
    const pid = start();
    zombies.set(9, 0);
    await signal();
    expect(exits).toEqual([{ pid, exitCode: null, signal: null }]);
  });

  it('are reaped and not reported after the end of the spawner, and then nothing listens', async () => {
    const { children, start, zombies, signal, exits, signals } = kernel();
    const pid = start();
    children.dispose();
    expect(signals.listenerCount('SIGCHLD')).toBe(1);
    zombies.set(pid, 0);
    await signal();
    expect(exits).toEqual([]);
    expect(zombies.size).toBe(0);
    expect(signals.listenerCount('SIGCHLD')).toBe(0);
  });

  it('are none where nothing was executed, or C strings can not hold what is asked for', () => {
    const { children, refuse, signals } = kernel();
    expect(children.start(request({ argv: ['true', 'a\0b'] }))).toBeNull();
    expect(children.start(request({ env: { 'A\0': 'b' } }))).toBeNull();
    expect(children.start(request({ cwd: '/\0' }))).toBeNull();
    refuse();
    expect(children.start(request())).toBeNull();
    children.dispose();
    expect(signals.listenerCount('SIGCHLD')).toBe(0);
  });
});
