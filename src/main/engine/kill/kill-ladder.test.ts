import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import { collectTree, freezeAndKill, killTree, type KillDependencies } from './kill-ladder';
import { Protection } from '../processes/protection';
import { WATCH_MARK, type TreeKiller } from '../ports';
import { indexOf } from '../testing/sample';
import { FakeWorld } from '../testing/fake-world';
import { ManualClock } from '../testing/manual-clock';

const root = { pid: 10, startTime: 10 };
const known = new Map([[identityKey(root), root]]);
const noMark = (): boolean => false;
const everything = { roots: [root], scope: 'everything', watchId: 'w', isMarked: noMark } as const;

describe('a tree', () => {
  it('is found by descent, session and group, also when the root is dead', () => {
    const alive = indexOf(
      { pid: 10 },
      { pid: 11, ppid: 10, session: 11 },
      { pid: 12, ppid: 11, session: 12 },
      { pid: 20 },
    );
    expect(collectTree(alive, everything, known).map(({ pid }) => pid)).toEqual([10, 11, 12]);
    const dead = indexOf(
      { pid: 13, ppid: 1, session: 10, pgid: 10 },
      { pid: 14, ppid: 1, session: 20, pgid: 10 },
      { pid: 20 },
    );
    expect(collectTree(dead, everything, known).map(({ pid }) => pid)).toEqual([13, 14]);
  });

  it('takes nothing from a session whose number another process leads now', () => {
    const reused = indexOf({ pid: 10, startTime: 99, session: 10 }, { pid: 13, ppid: 10, session: 10, pgid: 10 });
    expect(collectTree(reused, everything, known)).toEqual([]);
  });

  it('does not take the session of a root that only lives in it', () => {
    const shell = indexOf({ pid: 5, session: 5 }, { pid: 10, session: 5, pgid: 5 }, { pid: 11, session: 5, pgid: 5 });
    expect(collectTree(shell, everything, known).map(({ pid }) => pid)).toEqual([10]);
  });

  it('takes strays with the mark of the watch only when everything is to go', () => {
    const index = indexOf({ pid: 30, startTime: 30 }, { pid: 31, startTime: 31 });
    const marked = { ...everything, isMarked: ({ pid }: { pid: number }) => pid === 30 };
    expect(collectTree(index, marked, known).map(({ pid }) => pid)).toEqual([30]);
    expect(collectTree(index, { ...marked, scope: 'leftovers' }, known)).toEqual([]);
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
      {
        roots: [{ pid: process.pid, startTime: process.startTime }],
        scope: 'everything',
        watchId: 'w',
        isMarked: noMark,
        graceMs,
      },
      {
        clock,
        table: world,
        signaller: world,
        protect: (index) => new Protection(index, world.enginePid),
        refused: (sample, _signal, reason) => refused.push(`${sample.pid} ${reason}`),
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

/** What a kill needs of a machine in memory. */
function dependenciesOf(world: FakeWorld, clock: ManualClock, refused: string[] = []): KillDependencies {
  return {
    clock,
    table: world,
    signaller: world,
    protect: (index) => new Protection(index, world.enginePid),
    refused: (sample, signal, reason) => refused.push(`${signal} ${sample.pid} ${reason}`),
  };
}

/** Lets time pass until the result is there. */
async function inTime<T>(clock: ManualClock, result: Promise<T>): Promise<T> {
  let over = false;
  void result.finally(() => (over = true));
  while (!over) await clock.advance(50);
  return result;
}

const identityOf = ({ pid, startTime }: ProcessIdentity): ProcessIdentity => ({ pid, startTime });

/** Every process of the tree forks as soon as it is looked at and after each signal to another one, up to a limit of processes. */
function makeBomb(world: FakeWorld, root: number, limit = 30): { tree: Set<number> } {
  const tree = new Set([root]);
  const members = () => [...tree].flatMap((pid) => world.processes.get(pid) ?? []);
  const fork = (): void => {
    for (const { pid, session, state } of members()) {
      if (state === 'stopped' || members().length >= limit) continue;
      tree.add(world.add({ ppid: pid, session, pgid: session, name: 'bomb' }).pid);
    }
  };
  const scan = world.scan.bind(world);
  world.scan = () => {
    const seen = scan();
    fork();
    return seen;
  };
  const send = world.send.bind(world);
  world.send = (identity, signal) => {
    const result = send(identity, signal);
    fork();
    return result;
  };
  return { tree };
}

describe('an emergency', () => {
  function bombed(limit?: number) {
    const clock = new ManualClock();
    const world = new FakeWorld(clock);
    const bystander = world.add({ name: 'bystander' });
    const root = world.add({ name: 'bomb' });
    const { tree } = makeBomb(world, root.pid, limit);
    const refused: string[] = [];
    const request = {
      roots: [identityOf(root)],
      scope: 'everything',
      watchId: 'w',
      isMarked: noMark,
      graceMs: 1000,
    } as const;
    const run = (more: Partial<KillDependencies> = {}) => {
      return inTime(clock, freezeAndKill(request, { ...dependenciesOf(world, clock, refused), ...more }));
    };
    const livingMembers = () => [...tree].filter((pid) => world.processes.has(pid));
    return { clock, world, root, bystander, tree, refused, run, livingMembers };
  }

  it('is lost by killing what one scan found', async () => {
    const { world, root, livingMembers } = bombed();
    for (let scan = 0; scan < 5; scan += 1) {
      const { samples } = await world.scan();
      const tree = collectTree(
        indexOf(...samples),
        { roots: [identityOf(root)], scope: 'everything', isMarked: noMark },
        new Map([[identityKey(root), identityOf(root)]]),
      );
      for (const member of tree) world.send(member, 'SIGKILL');
    }
    expect(livingMembers().length).toBeGreaterThan(0);
  });

  it('is won by stopping all of the tree first', async () => {
    const { world, tree, bystander, run, livingMembers } = bombed();
    const result = await run();
    expect(livingMembers()).toEqual([]);
    expect(result.survivors).toEqual([]);
    expect(new Set(result.forced)).toEqual(tree);
    expect(world.processes.has(bystander.pid)).toBe(true);
    const firstKill = world.signals.findIndex(({ signal }) => signal === 'SIGKILL');
    const stopped = new Set(world.signals.slice(0, firstKill).map(({ pid }) => pid));
    expect(stopped).toEqual(tree);
  });

  it('stops again whoever was let go on by another one', async () => {
    const { world, root, run, livingMembers } = bombed(3);
    const scan = world.scan.bind(world);
    let scans = 0;
    world.scan = () => {
      scans += 1;
      const process = world.processes.get(root.pid);
      if (scans === 3 && process !== undefined) process.state = 'running';
      return scan();
    };
    expect((await run()).survivors).toEqual([]);
    expect(livingMembers()).toEqual([]);
    expect(world.signals.filter(({ pid, signal }) => pid === root.pid && signal === 'SIGSTOP')).toHaveLength(2);
  });

  it('freezes again when somebody appears between freezing and killing', async () => {
    const { world, root, tree, run, livingMembers } = bombed(1);
    const scan = world.scan.bind(world);
    let scans = 0;
    world.scan = () => {
      scans += 1;
      if (scans === 4) tree.add(world.add({ ppid: root.pid, name: 'late' }).pid);
      return scan();
    };
    expect((await run()).survivors).toEqual([]);
    expect(livingMembers()).toEqual([]);
    const late = [...tree].at(-1);
    expect(world.signals.map(({ pid, signal }) => `${pid === late ? 'late' : 'root'} ${signal}`)).toEqual([
      'root SIGSTOP',
      'late SIGSTOP',
      'root SIGKILL',
      'late SIGKILL',
    ]);
  });

  it('ends in time and says who survives, when nothing helps', async () => {
    const { clock, world, root, run } = bombed(1);
    world.processes.get(root.pid)?.ignores.add('SIGKILL');
    const startedMs = clock.monotonicMs();
    let endedMs = 0;
    const scan = world.scan.bind(world);
    world.scan = () => {
      endedMs = clock.monotonicMs();
      return scan();
    };
    expect((await run()).survivors).toEqual([root.pid]);
    expect(endedMs - startedMs).toBeLessThanOrEqual(18_000);
  });

  it('is bounded in scans against a tree that never stands still', async () => {
    const { world, root, run } = bombed(1);
    const scan = world.scan.bind(world);
    let scans = 0;
    world.scan = () => {
      scans += 1;
      if (world.processes.has(root.pid)) world.add({ ppid: root.pid, name: `endless-${scans}` });
      return scan();
    };
    await run();
    expect(scans).toBeLessThan(150);
    expect(world.processes.has(root.pid)).toBe(false);
  });

  it('never touches a protected process, even inside the tree', async () => {
    const { world, root, run, refused } = bombed(1);
    const screen = world.add({ ppid: root.pid, name: 'Xorg' });
    const result = await run();
    expect(refused).toEqual([`SIGSTOP ${screen.pid} protected`]);
    expect(result.survivors).toEqual([screen.pid]);
    expect(world.signals.map(({ pid }) => pid)).toEqual([root.pid, root.pid]);
  });

  describe('where the OS keeps a list of the tree', () => {
    /** A list that the bomb can't leave; `kill` ends all that is on it at once. */
    function listed(world: FakeWorld, pids: () => readonly number[]): TreeKiller & { kills: number } {
      return {
        kills: 0,
        members: pids,
        kill() {
          this.kills += 1;
          for (const pid of pids()) world.exit(pid);
          return true;
        },
      };
    }

    it('is over in one stroke', async () => {
      const { world, tree, run, livingMembers } = bombed();
      const treeKiller = listed(world, livingMembers);
      const result = await run({ treeKiller });
      expect(treeKiller.kills).toBe(1);
      expect(world.signals).toEqual([]);
      expect(result.survivors).toEqual([]);
      expect(result.forced.length).toBeGreaterThan(0);
      for (const pid of result.forced) expect(tree).toContain(pid);
    });

    it('finds by the scans what is not on it', async () => {
      const { world, root, run, livingMembers } = bombed();
      const result = await run({ treeKiller: listed(world, () => livingMembers().filter((pid) => pid === root.pid)) });
      expect(livingMembers()).toEqual([]);
      expect(result.survivors).toEqual([]);
    });

    it('is not used when somebody protected is on it', async () => {
      const { world, root, run } = bombed(1);
      const screen = world.add({ ppid: root.pid, name: 'Xorg' });
      const treeKiller = listed(world, () => [root.pid, screen.pid]);
      await run({ treeKiller });
      expect(treeKiller.kills).toBe(0);
      expect(world.processes.has(screen.pid)).toBe(true);
    });

    it('is frozen and killed one by one when the stroke fails', async () => {
      const { run, livingMembers } = bombed();
      expect((await run({ treeKiller: { members: livingMembers, kill: () => false } })).survivors).toEqual([]);
      expect(livingMembers()).toEqual([]);
    });
  });

  it('signals nothing outside the tree, whatever forks, ends and takes freed pids meanwhile', async () => {
    const happening = fc.record({
      kind: fc.constantFrom('fork', 'end', 'reuse'),
      who: fc.nat(),
      ownSession: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(happening, { maxLength: 6 }), { maxLength: 12 }), async (turns) => {
        const clock = new ManualClock();
        const world = new FakeWorld(clock);
        for (let i = 0; i < 3; i += 1) world.add({ name: 'bystander' });
        const root = world.add({ name: 'bomb', env: { [WATCH_MARK]: 'w' } });
        // Who belongs to the tree, by birth: what the rule may find out by other means only.
        const born = new Set([identityKey(root)]);
        const freed: number[] = [];
        const waiting = [...turns];
        const scan = world.scan.bind(world);
        world.scan = () => {
          for (const { kind, who, ownSession } of waiting.shift() ?? []) {
            // Who takes the pid of the dead root, leads a session of that number, forks and ends, all between two scans,
            // would look like the root: for that the kernel must hand out all other pids between them. So no newcomer ends.
            const moving = [...world.processes.values()].filter(
              ({ pid, state, name }) => pid > 100 && state !== 'stopped' && !(kind === 'end' && name === 'innocent'),
            );
            const one = moving[who % Math.max(1, moving.length)];
            if (one === undefined) continue;
            if (kind === 'end') {
              world.exit(one.pid);
              freed.push(one.pid);
            } else if (kind === 'fork') {
              const session = ownSession ? {} : { session: one.session, pgid: one.pgid };
              const child = world.add({ ppid: one.pid, env: one.env, name: one.name, ...session });
              if (born.has(identityKey(one))) born.add(identityKey(child));
            } else {
              const pid = freed.pop();
              if (pid !== undefined && !world.groupExists(pid)) world.reuse(pid);
            }
          }
          return scan();
        };
        const send = world.send.bind(world);
        const touched: string[] = [];
        world.send = (identity, signal) => {
          const result = send(identity, signal);
          if (result === 'sent') touched.push(identityKey(identity));
          return result;
        };
        const isMarked = (sample: ProcessIdentity): boolean => world.environment(sample)?.[WATCH_MARK] === 'w';
        const request = { roots: [identityOf(root)], scope: 'everything', watchId: 'w', isMarked, graceMs: 0 } as const;
        const result = await inTime(clock, freezeAndKill(request, dependenciesOf(world, clock)));
        expect(result.survivors).toEqual([]);
        expect(touched.filter((key) => !born.has(key))).toEqual([]);
        const left = [...world.processes.values()].filter((process) => born.has(identityKey(process)));
        expect(left.map(({ pid }) => pid)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
