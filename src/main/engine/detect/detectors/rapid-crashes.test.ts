import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_EVIDENCE_SAMPLES } from './detector';
import type { CrashReading } from '../../ports';
import { createRapidCrashes, type RapidCrashesSample } from './rapid-crashes';

const crash = (atMs: number, exitCode: number | null = 1, signal: string | null = null): CrashReading => ({
  atMs,
  exitCode,
  signal,
});
const sample = (given: Partial<RapidCrashesSample> = {}): RapidCrashesSample => ({
  atMs: 60_000,
  spent: true,
  allowedRestarts: 5,
  windowMs: 60_000,
  crashes: [1, 2, 3, 4, 5].map((n) => crash(n * 10_000)),
  ...given,
});

describe('rapid crashes', () => {
  it('are reported at the moment the budget is spent, once', () => {
    const detector = createRapidCrashes();
    const reported = [false, true, true, false, true].map((spent) => detector.observe(sample({ spent })) !== null);
    expect(reported).toEqual([false, true, false, false, true]);
  });

  it('are reported anew after a reset', () => {
    const detector = createRapidCrashes();
    detector.observe(sample());
    detector.reset();
    expect(detector.observe(sample())).not.toBeNull();
  });

  it.each([
    ['all with exit code 1', [crash(1), crash(2), crash(3)], ', all with exit code 1'],
    [
      'most with a signal',
      [crash(1), crash(2, null, 'SIGSEGV'), crash(3, null, 'SIGSEGV')],
      ', 2 of them with SIGSEGV',
    ],
    ['with nothing in common', [crash(1, 1), crash(2, 2), crash(3, 3)], ''],
    ['with ends that nobody knows', [crash(1, null), crash(2, null), crash(3, null)], ''],
  ])('say what they have in common: %s', (_, crashes, text) => {
    const anomaly = createRapidCrashes().observe(sample({ atMs: 3, crashes }));
    expect(anomaly?.message).toBe(
      `It crashed 3 times within 1 min${text}: the budget of 5 restarts in 1 min is spent.`,
    );
  });

  it('count the ends within the window only', () => {
    const anomaly = createRapidCrashes().observe(sample({ atMs: 75_000 }));
    expect(anomaly?.evidence).toMatchObject({ crashes: 4, commonExitCode: 1, commonCount: 4, threshold: 5 });
  });

  it('never show more than the agreed number of readings', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 200 }), (times) => {
        const crashes = times.toSorted((a, b) => a - b).map((atMs) => crash(atMs, atMs % 3));
        const evidence = createRapidCrashes().observe(sample({ crashes }))?.evidence;
        expect(evidence?.samples.length).toBe(Math.min(times.length, MAX_EVIDENCE_SAMPLES));
        expect(evidence?.crashes).toBe(times.length);
      }),
    );
  });
});
