import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCpuSpike, DEFAULT_SPIKE_CLASSIC } from './cpu-spike';
import { MAX_EVIDENCE_SAMPLES } from './detector';
import { feed, HOUR_MS, MINUTE_MS, noise, sampleAt } from './testing/series';

const INTERVALS_MS = [500, 2000, 10_000, 60_000];
const FROM_MS = 20 * MINUTE_MS;

/** Idle for twenty minutes on a calm machine, then at `percent`. */
const runaway =
  (percent: number, machineCpuPercent: number | null = 50) =>
  (atMs: number) =>
    atMs < FROM_MS ? { cpuPercent: 1 } : { cpuPercent: percent, machineCpuPercent };

describe('the classic spike rule', () => {
  const observeAll = (values: number[]) => {
    const detector = createCpuSpike(DEFAULT_SPIKE_CLASSIC);
    return values.map((cpuPercent, index) => detector.observe(sampleAt(index * 1000, { cpuPercent })) !== null);
  };

  it.each([
    ['fewer than 3 readings', [1, 99], false],
    ['3 readings, above 80 and above 3 x the mean', [10, 10, 81], true],
    ['not above 80', [1, 1, 80], false],
    ['not above 3 x the mean', [30, 30, 90], false],
    ['just above 3 x the mean', [30, 30, 90.1], true],
    ['the mean of the four before only: older ones are gone', [90, 90, 90, 10, 10, 10, 10, 95], true],
  ])('%s', (_, values, alarms) => {
    expect(observeAll(values).at(-1)).toBe(alarms);
  });

  it('shows the readings and the mean', () => {
    const detector = createCpuSpike(DEFAULT_SPIKE_CLASSIC);
    const [found] = feed(detector, 5000, 1000, (atMs) => ({ cpuPercent: atMs < 3000 ? 10 : 100 }));
    expect(found?.anomaly.evidence).toMatchObject({ meanPercent: 10, threshold: 80, windowSeconds: 3 });
    expect(found?.anomaly.evidence.samples.map(({ value }) => value)).toEqual([10, 10, 10, 100]);
  });
});

describe('the robust spike rule', () => {
  it.each(INTERVALS_MS)('finds a runaway within a minute, sampled every %i ms', (everyMs) => {
    const found = feed(createCpuSpike(), HOUR_MS, everyMs, runaway(100));
    expect(found).toHaveLength(1);
    expect(found[0]!.atMs - FROM_MS).toBeLessThanOrEqual(60_000);
  });

  it('finds it at irregular intervals', () => {
    const found = feed(createCpuSpike(), HOUR_MS, (index) => 500 + 3500 * noise(index), runaway(100));
    expect(found).toHaveLength(1);
    expect(found[0]!.atMs - FROM_MS).toBeLessThanOrEqual(40_000);
  });

  it.each([
    [50, 50, 0],
    [50, 95, 1],
    [50, null, 1],
    [30, 95, 0],
  ])('at %i %% of a core on a machine that is %s %% busy: alarms %i', (percent, machine, alarms) => {
    expect(feed(createCpuSpike(), HOUR_MS, 2000, runaway(percent, machine))).toHaveLength(alarms);
  });

  it('is silent about a build that gets more of the machine once others have ended', () => {
    const build = (atMs: number) =>
      atMs < FROM_MS
        ? { cpuPercent: 25 + 10 * noise(atMs), machineCpuPercent: 100 }
        : { cpuPercent: 140 + 20 * noise(atMs), machineCpuPercent: 75 };
    expect(feed(createCpuSpike(), HOUR_MS, 2000, build)).toEqual([]);
  });

  it('shows the run, its threshold and the past', () => {
    const [found] = feed(createCpuSpike(), HOUR_MS, 2000, runaway(100));
    const { evidence, message } = found!.anomaly;
    expect(evidence).toMatchObject({ rule: 'robust', threshold: 75, runSeconds: 30, allowedSeconds: 30 });
    expect(evidence.samples.at(-1)).toEqual({ atMs: found!.atMs, value: 100 });
    expect(evidence.samples.filter(({ value }) => value > evidence.threshold).length).toBeGreaterThanOrEqual(15);
    expect(message).toMatch(
      /^CPU use has been above 75 % of a core for 30 s \(now 100 %\); its own usual use is [\d.]+ %\.$/,
    );
  });

  it('goes on over a dip of 3 s and not over a longer one', () => {
    const dipping = (dipMs: number) => (atMs: number) => {
      const inRun = (atMs - FROM_MS) % (20_000 + dipMs);
      return { cpuPercent: atMs < FROM_MS || inRun >= 20_000 ? 1 : 100 };
    };
    expect(feed(createCpuSpike(), 30 * MINUTE_MS, 500, dipping(2500)).length).toBe(1);
    expect(feed(createCpuSpike(), 30 * MINUTE_MS, 500, dipping(10_000))).toEqual([]);
  });

  it.each([
    ['never rests', () => 100],
    ['keeps four cores busy', () => 400],
    ['is one reading high', (atMs: number) => (atMs === HOUR_MS ? 400 : 2)],
    ['builds for 15 s every two minutes', (atMs: number) => (atMs % 120_000 < 15_000 ? 250 : 0)],
    ['is busy in an irregular way', (atMs: number) => 20 + 50 * noise(atMs / 500)],
    ['holds still at 0', () => 0],
  ])('is silent about a process that %s', (_, percentAt) => {
    for (const everyMs of [500, 2000]) {
      expect(feed(createCpuSpike(), 3 * HOUR_MS, everyMs, (atMs) => ({ cpuPercent: percentAt(atMs) }))).toEqual([]);
    }
  });

  it('is silent about any constant use', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1600 }), fc.constantFrom(0, 95, null), (cpuPercent, machineCpuPercent) => {
        const found = feed(createCpuSpike(), HOUR_MS, 5000, () => ({ cpuPercent, machineCpuPercent }));
        expect(found).toEqual([]);
      }),
    );
  });

  /** On a saturated machine, where it gets a few percent of a core; it spins from `FROM_MS` on. */
  const crowded = (demandBefore: number) => (atMs: number) => ({
    cpuPercent: atMs < FROM_MS ? demandBefore / 10 : 6,
    cpuDemandPercent: atMs < FROM_MS ? demandBefore : 97,
    machineCpuPercent: 100,
  });

  it('finds a spinning program within a minute by its demand where the machine leaves it a few percent', () => {
    const [found, ...more] = feed(createCpuSpike(), 40 * MINUTE_MS, 2000, crowded(12));
    expect(found?.atMs).toBeLessThan(FROM_MS + MINUTE_MS);
    expect(more).toEqual([]);
    expect(found?.anomaly.message).toMatch(/^CPU demand has been above 75 % .* of which it gets 6 % on a busy machine/);
    expect(found?.anomaly.evidence.samples.at(-1)!.value).toBe(97);
  });

  it('is silent about a demand that was always so', () => {
    expect(feed(createCpuSpike(), 40 * MINUTE_MS, 2000, crowded(95))).toEqual([]);
  });

  it('learns that bursts of a minute are usual here', () => {
    const detector = createCpuSpike();
    const jobs = (atMs: number) => ({ cpuPercent: atMs % (10 * MINUTE_MS) >= 9 * MINUTE_MS ? 100 : 1 });
    const found = feed(detector, 12 * HOUR_MS, 2000, jobs);
    expect(found).toHaveLength(5);
  });

  it('takes a level of an hour for the new normal', () => {
    const detector = createCpuSpike();
    expect(feed(detector, 3 * HOUR_MS, 2000, runaway(100))).toHaveLength(1);
    expect(feed(detector, HOUR_MS, 2000, () => ({ cpuPercent: 100 }), 3 * HOUR_MS)).toEqual([]);
  });

  it('tells a run that sways once', () => {
    const swaying = (atMs: number) => ({ cpuPercent: atMs < FROM_MS ? 1 : 65 + 40 * noise(atMs / 2000) });
    const found = feed(createCpuSpike(), 50 * MINUTE_MS, 2000, swaying);
    expect(found.length).toBeLessThanOrEqual(1);
  });

  it('knows nothing after a reset', () => {
    const detector = createCpuSpike();
    feed(detector, FROM_MS, 2000, runaway(100));
    detector.reset();
    expect(feed(detector, 10 * MINUTE_MS, 2000, runaway(100), FROM_MS)).toEqual([]);
  });

  it('never shows more than the agreed number of readings, in the order of time, and survives any numbers', () => {
    const percent = fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.constantFrom(0, 1, 100, NaN, Infinity));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 60_000 }), percent), { maxLength: 300 }), (steps) => {
        const detector = createCpuSpike();
        let atMs = 0;
        for (const [step, cpuPercent] of steps) {
          atMs += step;
          const evidence = detector.observe(sampleAt(atMs, { cpuPercent }))?.evidence;
          if (evidence === undefined) continue;
          expect(evidence.samples.length).toBeLessThanOrEqual(MAX_EVIDENCE_SAMPLES);
          expect(evidence.samples.every((r, i, all) => i === 0 || r.atMs > all[i - 1]!.atMs)).toBe(true);
          expect(evidence.samples.at(-1)!.value).toBeGreaterThan(evidence.threshold);
        }
      }),
    );
  });
});
