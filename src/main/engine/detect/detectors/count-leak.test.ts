import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCountLeak, DEFAULT_DESCRIPTOR_LEAK, DEFAULT_THREAD_LEAK, type CountSample } from './count-leak';
import { MAX_EVIDENCE_SAMPLES } from './detector';
import { HOUR_MS, MINUTE_MS, noise } from './testing/series';

/** What is found in a count over time, read every 10 s, of a process that begins at 0. */
function found(countAt: (atMs: number) => number | null, given: Partial<CountSample> & { forMs?: number } = {}) {
  const detector = createCountLeak(DEFAULT_DESCRIPTOR_LEAK);
  const anomalies = [];
  for (let atMs = 0; atMs < (given.forMs ?? 2 * HOUR_MS); atMs += 10_000) {
    const anomaly = detector.observe({ atMs, uptimeMs: atMs, limit: null, ...given, count: countAt(atMs) });
    if (anomaly !== null) anomalies.push({ atMs, anomaly });
  }
  return anomalies;
}

const ONSET_MS = 20 * MINUTE_MS;
const leaking = (perMinute: number) => (atMs: number) =>
  20 + Math.floor((Math.max(0, atMs - ONSET_MS) / MINUTE_MS) * perMinute);

describe('the rule of counts that rise', () => {
  it.each([3, 10, 60])('finds a leak of %i a minute within five and a half minutes, once', (perMinute) => {
    const [first, ...more] = found(leaking(perMinute));
    expect(first?.atMs).toBeGreaterThan(ONSET_MS);
    expect(first?.atMs).toBeLessThanOrEqual(ONSET_MS + 330_000);
    expect(more).toEqual([]);
    expect(first?.anomaly.evidence.samples.length).toBeLessThanOrEqual(MAX_EVIDENCE_SAMPLES);
    expect(first?.anomaly.evidence.samples.at(-1)!.value).toBeGreaterThanOrEqual(first!.anomaly.evidence.threshold);
  });

  it('is high while the limit of the watch is less than a day away', () => {
    expect(found(leaking(10), { limit: 1024 })[0]?.anomaly).toMatchObject({ severity: 'high' });
    expect(found(leaking(3), { limit: 100_000 })[0]?.anomaly).toMatchObject({ severity: 'medium' });
    expect(found(leaking(10), { limit: 1024 })[0]?.anomaly.message).toMatch(
      /^The lowest number of open files in 50 s rose from \d+ to \d+ in 4 min 10 s and would reach the limit of 1,024 in .*\.$/,
    );
  });

  it.each<[string, (atMs: number) => number | null]>([
    ['is constant', () => 50],
    ['is not known', () => null],
    ['grows while the program starts', (atMs) => Math.min(200, 10 + atMs / 5000)],
    ['takes one step', (atMs) => (atMs < ONSET_MS ? 20 : 400)],
    ['follows its load', (atMs) => 100 + Math.round(80 * Math.sin(atMs / (7 * MINUTE_MS)))],
    ['is a pool that grows when it must', (atMs) => 20 + 8 * Math.floor(atMs / (4 * MINUTE_MS))],
    ['is noisy', (atMs) => 20 + Math.floor(200 * noise(atMs / 10_000))],
  ])('is silent about a count that %s', (_, countAt) => {
    expect(found(countAt)).toEqual([]);
  });

  it('never finds anything in what does not grow, and survives any counts', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 27 }), { minLength: 1, maxLength: 60 }), (counts) => {
        const detector = createCountLeak(DEFAULT_THREAD_LEAK);
        let atMs = 120_000;
        for (const count of counts) {
          atMs += 20_000;
          const anomaly = detector.observe({ atMs, uptimeMs: atMs, limit: null, count });
          if (anomaly !== null) expect(anomaly.evidence.grown).toBeGreaterThanOrEqual(8);
        }
      }),
    );
  });
});
