import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CLOCK_CORRECTED_MS, cronKey, dueRuns, nextRunAt, progressOf } from './due-runs';

const at = (text: string): number => Date.parse(text);
const NIGHTLY = { cron: '30 2 * * *', timeZone: 'UTC' };
const DUE = at('2026-11-30T02:30Z');
const DAY = 86_400_000;

/** Dealt with up to one minute before the run. */
const before = progressOf(NIGHTLY, null, DUE - 60_000);

describe('a run', () => {
  it('is not due before its moment', () =>
    expect(dueRuns(NIGHTLY, before, DUE - 1, 5000)).toEqual({ progress: before, dueAt: null, missed: null }));

  it('is due at its moment, and then the next one is', () => {
    const { progress, dueAt, missed } = dueRuns(NIGHTLY, before, DUE, 5000);
    expect({ dueAt, missed }).toEqual({ dueAt: DUE, missed: null });
    expect(nextRunAt(NIGHTLY, progress)).toBe(DUE + DAY);
    expect(dueRuns(NIGHTLY, progress, DUE + 1, 5000).dueAt).toBeNull();
  });

  it('is due a little late, and missed later than that', () => {
    expect(dueRuns(NIGHTLY, before, DUE + 5000, 5000).dueAt).toBe(DUE);
    expect(dueRuns(NIGHTLY, before, DUE + 5001, 5000)).toMatchObject({
      dueAt: null,
      missed: { count: 1, firstAt: DUE, lastAt: DUE },
    });
  });

  it('is made once for a moment that the clock comes to twice', () => {
    const { progress } = dueRuns(NIGHTLY, before, DUE, 5000);
    const back = DUE - 10 * 60_000;
    expect(dueRuns(NIGHTLY, progress, back, 5000).dueAt).toBeNull();
    expect(dueRuns(NIGHTLY, progress, DUE, 5000).dueAt).toBeNull();
    expect(dueRuns(NIGHTLY, progress, DUE + DAY, 5000).dueAt).toBe(DUE + DAY);
  });

  it('is made by the right time once a wrong clock was corrected', () => {
    const wrong = progressOf(NIGHTLY, null, at('2031-01-01'));
    const corrected = dueRuns(NIGHTLY, wrong, DUE - CLOCK_CORRECTED_MS, 5000);
    expect(corrected).toMatchObject({ dueAt: null, missed: null });
    expect(nextRunAt(NIGHTLY, corrected.progress)).toBe(DUE);
  });
});

describe('several moments', () => {
  it('that have passed make one run, and the others are missed', () =>
    expect(dueRuns(NIGHTLY, before, DUE + 3 * DAY, 5000)).toMatchObject({
      dueAt: DUE + 3 * DAY,
      missed: { count: 3, firstAt: DUE, lastAt: DUE + 2 * DAY },
    }));

  it('are each dealt with once, however the clock moves by less than a correction', () => {
    const everyMinute = { cron: '* * * * *', timeZone: 'UTC' };
    const steps = fc.array(fc.integer({ min: -20 * 60_000, max: 30 * 60_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(steps, (moves) => {
        let nowAt = DUE;
        let progress = progressOf(everyMinute, null, nowAt);
        let latest = nowAt;
        let dealtWith = 0;
        for (const move of moves) {
          // As often as not back, but never out of the reach of a correction.
          nowAt = Math.max(nowAt + move, latest - CLOCK_CORRECTED_MS + 60_000);
          latest = Math.max(latest, nowAt);
          const found = dueRuns(everyMinute, progress, nowAt, 5000);
          dealtWith += (found.missed?.count ?? 0) + (found.dueAt === null ? 0 : 1);
          progress = found.progress;
        }
        expect(dealtWith).toBe(Math.floor(latest / 60_000) - Math.floor(DUE / 60_000));
      }),
      { numRuns: 30 },
    );
  });
});

describe('the progress', () => {
  it('of another expression begins now, so that nothing of it is missed', () => {
    const other = { ...NIGHTLY, cron: '0 * * * *' };
    expect(progressOf(other, before, DUE + DAY)).toEqual({ of: cronKey(other), doneUntilAt: DUE + DAY });
    expect(progressOf({ ...NIGHTLY, timeZone: 'Europe/Berlin' }, before, DUE).doneUntilAt).toBe(DUE);
  });

  it('of the same one goes on', () => expect(progressOf(NIGHTLY, before, DUE + DAY)).toBe(before));
});
