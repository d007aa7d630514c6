import { beforeEach, describe, expect, it } from 'vitest';
import type { ProbeInput } from '../../../shared/model/probe';
import type { RollingResult } from '../../../shared/model/snapshot';
import type { Settings } from '../../../shared/model/settings';
import type { WatchSpecInput } from '../../../shared/model/watch';
import { TestBench } from '../testing/test-engine';

let bench: TestBench;
/** Ports that answer as ready; others refuse. */
let broken: Set<number>;
/** The fewest instances that were ready at any look. */
let fewestReady: number;

beforeEach(async () => {
  bench = await TestBench.started();
  broken = new Set();
  bench.prober.answer = (check) => ({ passed: check.kind === 'tcp' && !broken.has(check.port ?? 0) });
});

const READY: ProbeInput = {
  ...{ name: 'port', role: 'readiness' as const, intervalMs: 1000, failures: 1, of: 1 },
  check: { kind: 'tcp', port: 9000, plusInstance: true },
};

async function addWeb(
  count: number,
  change: Partial<WatchSpecInput> = {},
  settings: Partial<Settings> = {},
): Promise<void> {
  const target = { kind: 'command' as const, command: { argv: ['server', '{instance}'], cwd: '/srv' } };
  const overrides = { 'start.readyMs': 10_000, ...settings };
  await bench.through(
    bench.add({ target, probes: [READY], instances: { min: 1, max: 8, count }, ...change, overrides }),
  );
  await bench.clock.advance(5000);
  fewestReady = count;
  bench.engine.subscribe(() => {
    const ready = bench.engine.watches.list().filter(({ readiness }) => readiness === 'ready').length;
    fewestReady = Math.min(fewestReady, ready);
  });
}

const roll = (keep?: number): Promise<RollingResult> =>
  bench.engine.watches.rollingRestart({ watch: 'web', keep, actor: 'cli' });
const pids = (): readonly number[] =>
  bench.engine.watches.list().flatMap(({ processes }) => processes.map(({ pid }) => pid));

describe('a rolling restart', () => {
  it('restarts one after the other, and the rest stays ready', async () => {
    await addWeb(4);
    const before = pids();
    const result = await bench.through(roll(), 60_000);
    expect(result).toEqual({ restarted: ['web#1', 'web#2', 'web#3', 'web#4'], left: [], problem: null });
    expect(pids().filter((pid) => before.includes(pid))).toEqual([]);
    expect(fewestReady).toBe(3);
    expect(bench.reported('rolling_restart_completed').map(({ message }) => message)).toEqual([
      'Rolling restart of web is complete: 4 of 4 restarted',
    ]);
  });

  it('takes several at a time where fewer are to stay ready', async () => {
    await addWeb(4);
    const rolling = roll(2);
    expect(bench.status('web#3').instance?.rolling).toEqual({ done: 0, of: 4, keep: 2 });
    await bench.through(rolling, 60_000);
    expect(fewestReady).toBe(2);
    expect(bench.status('web#3').instance).not.toHaveProperty('rolling');
  });

  it('stops at the first that does not become ready, and leaves the others as they are', async () => {
    await addWeb(3);
    const before = pids();
    broken.add(9002);
    await bench.clock.advance(2000);
    broken.delete(9002);
    await bench.clock.advance(5000);
    const rolling = roll();
    bench.world.onLaunch = ({ argv }) => void (argv[1] === '2' && broken.add(9002));
    const result = await bench.through(rolling, 60_000);
    expect(result).toMatchObject({ restarted: ['web#1'], left: ['web#2', 'web#3'] });
    expect(result.problem).toMatch(/^web#2 did not become ready: /);
    expect(pids()).toContain(before[2]);
    expect(bench.reported('rolling_restart_stopped')[0]).toMatchObject({
      severity: 'high',
      data: { restarted: ['web#1'], left: ['web#2', 'web#3'] },
    });
  });

  it('begins with those that are not ready, and takes no other one as long as too few are', async () => {
    await addWeb(3);
    broken.add(9003).add(9001);
    await bench.clock.advance(3000);
    const before = pids();
    const result = await bench.through(roll(), 60_000);
    expect(result).toMatchObject({ restarted: [], left: ['web#1', 'web#2', 'web#3'] });
    expect(pids()).toContain(before[1]);
  });

  it('waits for the grace of a start where nobody asks whether it is ready', async () => {
    await addWeb(2, { probes: [] }, { 'start.graceMs': 8000 });
    const rolling = roll();
    await bench.clock.advance(7000);
    expect(bench.status('web#1').instance?.rolling?.done).toBe(0);
    await bench.through(rolling, 20_000);
    expect(bench.reported('rolling_restart_completed')).toHaveLength(1);
  });

  it('is refused where one is under way, none could be restarted, or there is one program only', async () => {
    await addWeb(2);
    await expect(roll(2)).rejects.toThrow(
      'Expected at most 1 of the 2 instances of web to stay ready, got 2: none could be restarted',
    );
    const rolling = roll();
    await expect(roll()).rejects.toThrow('A rolling restart of web is under way already');
    await bench.through(rolling, 60_000);
    await bench.add({ name: 'api' });
    await expect(bench.engine.watches.rollingRestart({ watch: 'api', keep: undefined, actor: 'cli' })).rejects.toThrow(
      'api runs once, so nothing of it would stay ready; restart it, or give it instances',
    );
  });

  it('is not held up by instances that leave meanwhile', async () => {
    await addWeb(4);
    const rolling = roll();
    await bench.clock.advance(100);
    bench.engine.watches.scale({ watch: 'web', change: { to: 2 }, actor: 'cli' });
    const result = await bench.through(rolling, 60_000);
    expect(result).toMatchObject({ restarted: ['web#1', 'web#2'], problem: null });
  });

  it('is reported where the engine ends before it does', async () => {
    await addWeb(2);
    const rolling = roll();
    bench.engine.dispose('quit');
    await bench.clock.advance(30_000);
    await rolling;
    expect(bench.reported('rolling_restart_stopped').map(({ message }) => message)).toEqual([
      'Rolling restart of web stopped after 0 of 2: the engine ended; the others go on as they were',
    ]);
  });

  it('is reported by the next engine where this one is killed', async () => {
    await addWeb(2);
    void roll();
    await bench.replaceEngine();
    expect(bench.reported('rolling_restart_stopped')).toMatchObject([{ data: { problem: 'the engine ended' } }]);
    await bench.replaceEngine();
    expect(bench.reported('rolling_restart_stopped')).toHaveLength(1);
  });
});
