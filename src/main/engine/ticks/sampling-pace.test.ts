import { describe, expect, it } from 'vitest';
import { FULL_PACE, intervalAt, paced, type Pace } from './pace';
import { TestBench } from '../testing/test-engine';

const bounds = { intervalMs: 2000, maxOwnCpuPercent: 10 };

/** So many minutes of ticks that all cost the same. */
function through(minutes: number, cost: { tickMs?: number; cpuPercent?: number }, from: Pace = FULL_PACE): Pace {
  const { tickMs = 20, cpuPercent = 1 } = cost;
  let pace = from;
  for (let ms = 0; ms < minutes * 60_000; ms += 2000)
    pace = paced(pace, { elapsedMs: 2000, tickMs, cpuPercent }, bounds);
  return pace;
}

describe('the pace of sampling', () => {
  it.each([
    ['ticks that are late or long', { tickMs: 400 }],
    ['a CPU share of its own above the bound', { cpuPercent: 15 }],
  ])('slows down step by step with %s, to a quarter at most', (_, cost) => {
    const intervals = [0, 1, 2, 3, 4, 20].map((minutes) => intervalAt(through(minutes, cost), 2000));
    expect(intervals).toEqual([2000, 3000, 4500, 6750, 8000, 8000]);
  });

  it('does not follow a single slow tick, nor a machine that slept', () => {
    const slept = paced(through(0.5, {}), { elapsedMs: 3_600_000, tickMs: 3_600_000, cpuPercent: 0 }, bounds);
    expect(through(3, {}, slept).level).toBe(0);
  });

  it('stays where it is between the bounds, and comes back step by step when the machine is calm', () => {
    const slow = through(2, { tickMs: 400 });
    expect(through(5, { tickMs: 150 }, slow).level).toBe(2);
    expect([1, 2, 3].map((minutes) => through(minutes, {}, slow).level)).toEqual([1, 0, 0]);
  });

  it('knows no bound on CPU where none is set', () => {
    let pace = FULL_PACE;
    for (let tick = 0; tick < 100; tick += 1) {
      pace = paced(pace, { elapsedMs: 2000, tickMs: 20, cpuPercent: 90 }, { ...bounds, maxOwnCpuPercent: null });
    }
    expect(pace.level).toBe(0);
  });
});

describe('an engine on a busy machine', () => {
  const notices = (bench: TestBench): string[] =>
    bench.reported('notice').flatMap(({ data }) => (data.topic === 'sampling' ? [data.detail] : []));

  /** Time between two ticks from now on. */
  async function intervalMs(bench: TestBench): Promise<number> {
    const seen: number[] = [];
    const unsubscribe = bench.engine.subscribe(({ processesChanged }) => {
      if (processesChanged) seen.push(bench.clock.monotonicMs());
    });
    await bench.clock.advance(20_000);
    unsubscribe();
    return (seen[1] ?? NaN) - (seen[0] ?? NaN);
  }

  it('samples less often, reports it once at the begin and the end, and finds no gap in it', async () => {
    const bench = await TestBench.started();
    bench.machine.ownCpuPercent = 15;
    await bench.clock.advance(10 * 60_000);
    expect(await intervalMs(bench)).toBe(8000);
    expect(bench.engine.snapshot().engine.samplingIntervalMs).toBe(8000);
    expect(notices(bench)).toEqual([
      'Sampling every 3 s instead of every 2 s, and up to 4 times less often while this lasts: the machine is busy (Healdeck used 15 % of one core in the last minute; at most 10 %)',
    ]);
    bench.machine.ownCpuPercent = 1;
    await bench.clock.advance(10 * 60_000);
    expect(await intervalMs(bench)).toBe(2000);
    expect(notices(bench)).toHaveLength(2);
    expect(notices(bench)[1]).toBe('Sampling every 2 s again');
    expect(bench.reported('gap')).toEqual([]);
  });

  it('never samples less often while a limit is violated and not reported yet', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'cpu.limitPercent': 50, 'limits.violations': 5, 'limits.samples': 5 } });
    bench.machine.ownCpuPercent = 15;
    await bench.clock.advance(10 * 60_000);
    const process = bench.world.processes.get(bench.pid());
    if (process) process.cpuPercent = 90;
    await bench.clock.advance(8000 + 4 * 2000);
    expect(bench.reported('limit_exceeded')).toHaveLength(1);
  });

  it('makes a scan that it would skip when there are many more threads than at the last one, and no other', async () => {
    const bench = await TestBench.started();
    bench.machine.ownCpuPercent = 15;
    await bench.clock.advance(10 * 60_000);
    expect(await intervalMs(bench)).toBe(8000);
    const scans: number[] = [];
    bench.engine.subscribe(({ processesChanged }) => {
      if (processesChanged) scans.push(bench.clock.monotonicMs());
    });
    await bench.clock.advance(8000);
    const at = scans.at(-1) ?? 0;
    await bench.clock.advance(at + 1000 - bench.clock.monotonicMs());
    bench.machine.threadCount = 249;
    await bench.clock.advance(3000);
    expect(scans.at(-1)).toBe(at);
    bench.machine.threadCount = 250;
    await bench.clock.advance(2000 + 200);
    expect(scans.at(-1)).toBe(at + 5200);
    // That many were there at that scan.
    await bench.clock.advance(6000);
    expect(scans.at(-1)).toBe(at + 5200);
  });

  it.each([
    ['many processes were born', { newestPid: 1499 }, { newestPid: 1999 }],
    ['pids have come round', { newestPid: 1000 }, { newestPid: 300 }],
    ['many threads have ended', { threadCount: 151 }, { threadCount: 101 }],
  ])('makes scans as often as set, and no more often, where %s', async (_, few, many) => {
    const bench = await TestBench.started();
    bench.machine.ownCpuPercent = 15;
    await bench.clock.advance(10 * 60_000);
    const scans: number[] = [];
    bench.engine.subscribe(({ processesChanged }) => {
      if (processesChanged) scans.push(bench.clock.monotonicMs());
    });
    while (scans.length === 0) await bench.clock.advance(50);
    Object.assign(bench.machine, few);
    await bench.clock.advance(6000);
    expect(scans).toHaveLength(1);
    while (scans.length === 1) await bench.clock.advance(50);
    Object.assign(bench.machine, many);
    while (scans.length === 2) await bench.clock.advance(50);
    const [, at = 0, next = 0] = scans;
    // The look at the interval that is set, and a scan soon after it.
    expect(next - at).toBe(2000 + 200);
    await bench.clock.advance(6000);
    expect(scans).toHaveLength(3);
  });
});
