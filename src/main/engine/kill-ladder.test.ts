import { describe, expect, it } from 'vitest';
import { identityKey } from '../../shared/model/process';
import { collectTree, killTree } from './kill-ladder';
import { Protection } from './policy/protection';
import { indexOf } from './testing/sample';
import { FakeWorld } from './testing/fake-world';
import { ManualClock } from './testing/manual-clock';

const root = { pid: 10, startTime: 10 };
const known = new Map([[identityKey(root), root]]);
const noMark = (): string | null => null;
const everything = { roots: [root], scope: 'everything', watchId: 'w' } as const;

describe('a tree', () => {
  it('is found by descent, session and group, also when the root is dead', () => {
    const alive = indexOf(
      { pid: 10 },
      { pid: 11, ppid: 10, session: 11 },
      { pid: 12, ppid: 11, session: 12 },
      { pid: 20 },
    );
    expect(collectTree(alive, everything, known, noMark).map(({ pid }) => pid)).toEqual([10, 11, 12]);
    const dead = indexOf(
      { pid: 13, ppid: 1, session: 10, pgid: 10 },
      { pid: 14, ppid: 1, session: 20, pgid: 10 },
      { pid: 20 },
    );
    expect(collectTree(dead, everything, known, noMark).map(({ pid }) => pid)).toEqual([13, 14]);
  });

  it('takes nothing from a session whose number another process leads now', () => {
    const reused = indexOf({ pid: 10, startTime: 99, session: 10 }, { pid: 13, ppid: 10, session: 10, pgid: 10 });
    expect(collectTree(reused, everything, known, noMark)).toEqual([]);
  });

  it('does not take the session of a root that only lives in it', () => {
    const shell = indexOf({ pid: 5, session: 5 }, { pid: 10, session: 5, pgid: 5 }, { pid: 11, session: 5, pgid: 5 });
    expect(collectTree(shell, everything, known, noMark).map(({ pid }) => pid)).toEqual([10]);
  });

  it('takes strays with the mark of the watch only when everything is to go', () => {
    const index = indexOf({ pid: 30, startTime: 30 }, { pid: 31, startTime: 31 });
    const mark = ({ pid }: { pid: number }): string | null => (pid === 30 ? 'w' : 'another');
    expect(collectTree(index, everything, known, mark).map(({ pid }) => pid)).toEqual([30]);
    expect(collectTree(index, { ...everything, scope: 'leftovers' }, known, mark)).toEqual([]);
  });
});

describe('the kill ladder', () => {
  async function run(prepare: (world: FakeWorld, rootPid: number) => void, graceMs = 1000) {
    const clock = new ManualClock();
    const world = new FakeWorld(clock);
    const process = world.add({ name: 'root' });
    prepare(world, process.pid);
    const refused: string[] = [];
    const result = killTree(
      { roots: [{ pid: process.pid, startTime: process.startTime }], scope: 'everything', watchId: 'w', graceMs },
      {
        clock,
        table: world,
        signaller: world,
        protect: (index) => new Protection(index, world.enginePid),
        refused: (sample, _signal, because) => refused.push(`${sample.pid} ${because}`),
      },
    );
    await clock.advance(graceMs + 5000);
    return { result: await result, world, refused, pid: process.pid };
  }

  it('asks first, and forces nobody who goes', async () => {
    const { result, world, pid } = await run(() => undefined);
    expect(result).toEqual({ pids: [pid], forced: [], survivors: [] });
    expect(world.signals).toEqual([{ pid, signal: 'SIGTERM' }]);
  });

  it('lets a stopped process go on, so that it can hear TERM', async () => {
    const { world, pid } = await run((world, pid) => {
      const process = world.processes.get(pid);
      if (process !== undefined) process.state = 'stopped';
      process?.ignores.add('SIGTERM');
    });
    expect(world.signals.slice(0, 2)).toEqual([
      { pid, signal: 'SIGTERM' },
      { pid, signal: 'SIGCONT' },
    ]);
  });

  it('ends what is forked while it works', async () => {
    const { result, world } = await run((world, pid) => {
      world.processes.get(pid)?.ignores.add('SIGTERM');
      const scan = world.scan.bind(world);
      let forks = 0;
      world.scan = () => {
        if (world.processes.has(pid) && (forks += 1) < 5) world.add({ ppid: pid, name: `fork-${forks}` });
        return scan();
      };
    });
    expect(result.survivors).toEqual([]);
    expect([...world.processes.keys()]).toEqual([1, world.enginePid]);
  });

  it('never touches a protected process, even inside the tree', async () => {
    const { result, world, refused, pid } = await run((world, pid) => {
      world.add({ ppid: pid, name: 'Xorg' });
    });
    expect(world.signals).toEqual([{ pid, signal: 'SIGTERM' }]);
    expect(refused).toHaveLength(1);
    expect(result.survivors).toHaveLength(1);
  });
});
