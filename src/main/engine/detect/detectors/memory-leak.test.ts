import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EVIDENCE_SAMPLES } from './detector';
import { createMemoryLeak, DEFAULT_LEAK_STRICT } from './memory-leak';
import { feed, HOUR_MS, MB, MINUTE_MS, noise, sampleAt } from './testing/series';

const strict = () => createMemoryLeak(DEFAULT_LEAK_STRICT);
const INTERVALS_MS = [500, 2000, 10_000, 60_000];

/** A heap that is collected every `periodMs` and climbs by `heightBytes` in between. */
const sawTooth = (atMs: number, periodMs: number, heightBytes: number) =>
  80 * MB + ((atMs % periodMs) / periodMs) * heightBytes;

describe('the strict leak rule', () => {
  const observeAll = (values: number[]) => {
    const detector = strict();
    return values.map((rssBytes, index) => detector.observe(sampleAt(index * 1000, { rssBytes })) !== null);
  };

  it('alarms at the fifth reading in a row that rises, and not before', () => {
    expect(observeAll([1, 2, 3, 4, 5])).toEqual([false, false, false, false, true]);
  });

  it('does not take an equal reading for a rise', () => {
    expect(observeAll([1, 2, 3, 3, 4, 5, 6])).not.toContain(true);
  });

  it('tells one rise once, and the next one again', () => {
    const reported = observeAll([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 3, 4, 5, 6, 7]);
    expect(reported.flatMap((yes, index) => (yes ? [index] : []))).toEqual([4, 16]);
  });

  it('alarms exactly when the last five of all readings rise strictly and did not one reading earlier', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 40 }), (values) => {
        const rises = (end: number) => end >= 4 && [0, 1, 2, 3].every((i) => values[end - i]! > values[end - i - 1]!);
        expect(observeAll(values)).toEqual(values.map((_, index) => rises(index) && !rises(index - 1)));
      }),
    );
  });

  it('shows the readings that rose', () => {
    const detector = strict();
    let anomaly = null;
    for (let i = 0; i < 5; i++) anomaly ??= detector.observe(sampleAt(i * 1000, { rssBytes: (i + 1) * MB }));
    expect(anomaly?.evidence.samples.map(({ value }) => value)).toEqual([1, 2, 3, 4, 5].map((n) => n * MB));
    expect(anomaly?.message).toBe('Memory rose in 5 readings in a row, from 1 MB to 5 MB in 4 s.');
  });

  it('starts anew after a reset', () => {
    const detector = strict();
    for (let i = 0; i < 4; i++) detector.observe(sampleAt(i, { rssBytes: i }));
    detector.reset();
    expect(detector.observe(sampleAt(4, { rssBytes: 4 }))).toBeNull();
  });
});

describe('the trend leak rule', () => {
  it.each(INTERVALS_MS)('finds a leak of 100 KB/s sampled every %i ms', (everyMs) => {
    const found = feed(createMemoryLeak(), 2 * HOUR_MS, everyMs, (atMs) => ({ privateBytes: 50 * MB + atMs * 100 }));
    expect(found).toHaveLength(1);
    expect(found[0]!.atMs).toBeLessThan(40 * MINUTE_MS);
  });

  it.each(INTERVALS_MS)('finds a leak of 100 KB/s under a saw-tooth of 20 MB sampled every %i ms', (everyMs) => {
    const found = feed(createMemoryLeak(), 3 * HOUR_MS, everyMs, (atMs) => ({
      privateBytes: sawTooth(atMs, 47_000, 20 * MB) + atMs * 100,
    }));
    expect(found).toHaveLength(1);
  });

  it('finds a fast leak within six minutes', () => {
    const found = feed(createMemoryLeak(), 10 * MINUTE_MS, 2000, (atMs) => ({ privateBytes: 50 * MB + atMs * 1000 }));
    expect(found[0]?.atMs).toBeLessThan(6 * MINUTE_MS);
  });

  it('finds a leak at irregular intervals', () => {
    const found = feed(
      createMemoryLeak(),
      HOUR_MS,
      (index) => 500 + 4000 * noise(index),
      (atMs) => ({ privateBytes: 50 * MB + atMs * 100 }),
    );
    expect(found).toHaveLength(1);
  });

  it('shows the floors, the growth and the time that is left', () => {
    const detector = createMemoryLeak();
    const [first] = feed(detector, HOUR_MS, 2000, (atMs) => ({
      privateBytes: 50 * MB + atMs * 100,
      limitBytes: 500 * MB,
    }));
    const { evidence, message } = first!.anomaly;
    if (evidence.rule !== 'trend') throw new Error('not the rule that was asked for');
    const values = evidence.samples.map(({ value }) => value);
    expect(values).toHaveLength(20);
    expect(values).toEqual(values.toSorted((a, b) => a - b));
    expect(values.at(-1)).toBeGreaterThan(evidence.threshold);
    expect(evidence.bytesPerSecond).toBeCloseTo(100_000, -4);
    expect(evidence.limitBytes).toBe(500 * MB);
    expect(evidence.samples.at(-1)!.atMs).toBeLessThanOrEqual(first!.atMs);
    expect(message).toMatch(
      /^Memory grows by 100 kB\/s: its lowest readings rose from .* MB to .* MB in 9 min 30 s and would reach 500 MB in .*\.$/,
    );
  });

  it.each([
    ['holds still', () => 50 * MB],
    ['is a saw-tooth', (atMs: number) => sawTooth(atMs, 90_000, 200 * MB)],
    ['is a slow saw-tooth', (atMs: number) => sawTooth(atMs, 8 * MINUTE_MS, 100 * MB)],
    ['warms up and levels off', (atMs: number) => (400 - 350 * Math.exp(-atMs / (4 * MINUTE_MS))) * MB],
    ['takes one step', (atMs: number) => (atMs < HOUR_MS ? 50 : 450) * MB],
    ['is noisy', (atMs: number) => (200 + 100 * noise(atMs / 500)) * MB],
    ['shrinks', (atMs: number) => 900 * MB - atMs * 60],
    ['works in shifts', (atMs: number) => (300 + 200 * Math.sin(atMs / (7 * MINUTE_MS))) * MB],
  ])('is silent about memory that %s, at every sampling interval', (_, bytesAt) => {
    for (const everyMs of INTERVALS_MS) {
      expect(feed(createMemoryLeak(), 6 * HOUR_MS, everyMs, (atMs) => ({ privateBytes: bytesAt(atMs) }))).toEqual([]);
    }
  });

  it('is silent about any constant memory', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 64_000 }), fc.constantFrom(...INTERVALS_MS), (megabytes, everyMs) => {
        const found = feed(createMemoryLeak(), 4 * HOUR_MS, everyMs * 4, () => ({ privateBytes: megabytes * MB }));
        expect(found).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('is silent about shared memory that grows', () => {
    const found = feed(createMemoryLeak(), HOUR_MS, 2000, (atMs) => ({
      privateBytes: 50 * MB,
      rssBytes: 50 * MB + atMs * 500,
    }));
    expect(found).toEqual([]);
  });

  it('makes growth that needs days to reach the limit a badge and no alarm', () => {
    const detector = createMemoryLeak();
    const found = feed(detector, 4 * HOUR_MS, 10_000, (atMs) => ({ privateBytes: 200 * MB + atMs * 12 }));
    expect(found).toEqual([]);
    expect(detector.slowGrowth?.bytesPerHour).toBeCloseTo(43.2 * MB, -6);
    expect(detector.slowGrowth?.limitInMs).toBeGreaterThan(24 * HOUR_MS);
    detector.reset();
    expect(detector.slowGrowth).toBeNull();
  });

  it('passes over the first minute of a process', () => {
    const detector = createMemoryLeak();
    const leak = (atMs: number) => ({ privateBytes: 50 * MB + atMs * 2000, uptimeMs: atMs });
    const young = feed(detector, 4 * MINUTE_MS, 1000, leak);
    expect(young).toEqual([]);
    expect(feed(detector, 8 * MINUTE_MS, 1000, leak, 4 * MINUTE_MS)).toHaveLength(1);
  });

  it.each([1, 2, 5])('is silent about a program that loads 500 MB after its start, %i MB a second', (perSecond) => {
    const loads = (limitBytes: number | null) => (atMs: number) => ({
      privateBytes: Math.min(500, 10 + (perSecond * atMs) / 1000) * MB,
      uptimeMs: atMs,
      limitBytes,
    });
    for (const limitBytes of [null, 600 * MB]) {
      expect(feed(createMemoryLeak(), HOUR_MS, 2000, loads(limitBytes))).toEqual([]);
    }
  });

  it('needs a full window again after a reset and after a hole', () => {
    const leak = (atMs: number) => ({ privateBytes: 50 * MB + atMs * 100 });
    const reset = createMemoryLeak();
    feed(reset, 9 * MINUTE_MS, 2000, leak);
    reset.reset();
    expect(feed(reset, 9 * MINUTE_MS, 2000, leak, 9 * MINUTE_MS)).toEqual([]);
    const hole = createMemoryLeak();
    feed(hole, 9 * MINUTE_MS, 2000, leak);
    // More than two of the longest epochs that a run of steps needs.
    expect(feed(hole, 9 * MINUTE_MS, 2000, leak, 20 * MINUTE_MS)).toEqual([]);
  });

  it('tells a leak that goes on once', () => {
    const detector = createMemoryLeak();
    const found = feed(detector, 6 * HOUR_MS, 5000, (atMs) => ({ privateBytes: 50 * MB + atMs * 60 }));
    expect(found).toHaveLength(1);
  });

  it('looks beyond the customary limit when that is passed already', () => {
    const found = feed(createMemoryLeak(), HOUR_MS, 5000, (atMs) => ({
      privateBytes: 5000 * MB + atMs * 1000,
      machineMemoryBytes: 64_000 * MB,
    }));
    expect(found[0]?.anomaly.evidence).toMatchObject({ limitBytes: 32_000 * MB });
  });

  /** Flat but for `noiseBytes`, then growing from `onsetMs` on. */
  const kink =
    (bytesPerSecond: number, onsetMs: number, noiseBytes = 0.05 * MB) =>
    (atMs: number) => ({
      privateBytes: 30 * MB + noiseBytes * noise(atMs / 1000) + (Math.max(0, atMs - onsetMs) / 1000) * bytesPerSecond,
      uptimeMs: atMs,
    });

  it.each([5000, 10_000, 30_000])(
    'finds a leak of %i bytes a second on a quiet program within five minutes',
    (rate) => {
      const onsetMs = 10 * MINUTE_MS;
      const found = feed(createMemoryLeak(), 40 * MINUTE_MS, 2000, kink(rate, onsetMs));
      expect(found[0]?.atMs).toBeGreaterThan(onsetMs);
      expect(found[0]?.atMs).toBeLessThan(onsetMs + 5 * MINUTE_MS);
    },
  );

  it('is silent about growth that is small beside the noise of the program itself', () => {
    const detector = createMemoryLeak();
    expect(feed(detector, 20 * MINUTE_MS, 2000, kink(10_000, 12 * MINUTE_MS, 40 * MB))).toEqual([]);
  });

  it('finds a leak under a heap that is collected every two minutes by its floors over minutes', () => {
    const onsetMs = 20 * MINUTE_MS;
    const found = feed(createMemoryLeak(), 2 * HOUR_MS, 2000, (atMs) => ({
      privateBytes: sawTooth(atMs, 2 * MINUTE_MS, 40 * MB) + Math.max(0, atMs - onsetMs) * 20,
      uptimeMs: atMs,
    }));
    expect(found[0]?.atMs).toBeLessThan(onsetMs + 25 * MINUTE_MS);
    expect(found[0]?.anomaly.evidence.thresholdText).toMatch(/epochs of [35] min/);
  });

  it.each([20, 60, 200])('is silent about a cache that fills from birth for half an hour, %i KB a second', (rate) => {
    const fills = (atMs: number) => ({
      privateBytes: 40 * MB + Math.min(atMs, 30 * MINUTE_MS) * rate,
      uptimeMs: atMs,
    });
    expect(feed(createMemoryLeak(), 3 * HOUR_MS, 2000, fills)).toEqual([]);
  });

  it('is silent about a cache that is emptied and fills up to where it was', () => {
    const refills = (atMs: number) => {
      const phaseMs = atMs % (40 * MINUTE_MS);
      return {
        privateBytes: 40 * MB + (phaseMs < 20 * MINUTE_MS ? 0 : Math.min(30, (phaseMs - 20 * MINUTE_MS) / 20_000) * MB),
      };
    };
    // The first time it is higher than ever.
    expect(feed(createMemoryLeak(), 3 * HOUR_MS, 2000, refills).length).toBeLessThanOrEqual(1);
  });

  it('takes growth below the limit of the heap for medium, and towards that limit', () => {
    const leak = (heapLimitBytes: number | null, limitBytes: number | null = null) =>
      feed(createMemoryLeak(), 40 * MINUTE_MS, 2000, (atMs) => ({
        ...kink(100_000, 10 * MINUTE_MS)(atMs),
        heapLimitBytes,
        limitBytes,
      })).map(({ anomaly: { severity, evidence } }) => ({
        severity,
        limit: 'limitBytes' in evidence && evidence.limitBytes,
      }));
    expect(leak(null)).toEqual([{ severity: 'high', limit: 2000 * MB }]);
    expect(leak(512 * MB)).toEqual([{ severity: 'medium', limit: 512 * MB }]);
    expect(leak(512 * MB, 700 * MB)).toEqual([{ severity: 'high', limit: 700 * MB }]);
    // Once it is past that limit, it is one that nothing allows.
    expect(leak(100 * MB).map(({ severity }) => severity)).toEqual(['medium', 'high']);
  });

  it('keeps what it knows over a stall of seconds', () => {
    const steady = (atMs: number) => ({ privateBytes: sawTooth(atMs, 47_000, 5 * MB) + atMs * 40 });
    const stalls = (index: number) => (index % 60 === 59 ? 15_000 : 2000);
    expect(feed(createMemoryLeak(), HOUR_MS, stalls, steady)).toHaveLength(1);
  });

  it('is medium while the limit is more than a day away, and is reported again as high once it is nearer', () => {
    const detector = createMemoryLeak();
    const found = feed(detector, 12 * HOUR_MS, 5000, (atMs) => ({
      ...kink(10_000, 10 * MINUTE_MS)(atMs),
      limitBytes: 1000 * MB,
    }));
    expect(found.map(({ anomaly }) => anomaly.severity)).toEqual(['medium', 'high']);
  });

  it('never shows more than the agreed number of readings, in the order of time, and survives any numbers', () => {
    const number = fc.oneof(fc.double({ min: 0, max: 1e12 }), fc.constantFrom(NaN, Infinity, 0));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 120_000 }), number), { maxLength: 200 }), (steps) => {
        const detector = createMemoryLeak();
        let atMs = 0;
        for (const [step, privateBytes] of steps) {
          atMs += step;
          const samples =
            detector.observe(sampleAt(atMs, { privateBytes, rssBytes: privateBytes }))?.evidence.samples ?? [];
          expect(samples.length).toBeLessThanOrEqual(MAX_EVIDENCE_SAMPLES);
          expect(samples.every((reading, i) => i === 0 || reading.atMs >= samples[i - 1]!.atMs)).toBe(true);
        }
      }),
    );
  });
});
