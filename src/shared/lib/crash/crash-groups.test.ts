import { describe, expect, it } from 'vitest';
import { CRASH_DAYS, type CrashCount } from '../../model/crash-group';
import { countedCrashes, crashesSeen, DAY_MS } from './crash-groups';

const TODAY = 20_000;
const NOW = TODAY * DAY_MS + DAY_MS / 2;
const on = (daysAgo: number, count = 1, more: Partial<CrashCount> = {}): CrashCount => {
  const at = NOW - daysAgo * DAY_MS;
  return { id: 'a', watch: 'web', day: TODAY - daysAgo, count, firstAt: at, lastAt: at, ...more };
};

describe('the crashes of a history', () => {
  it('are counted over all watches and days, the one that came last first', () => {
    const crashes = countedCrashes([on(3, 2), on(1, 4, { watch: 'api' }), on(0, 1, { id: 'b' }), on(40, 5)], NOW);
    expect(crashes).toMatchObject([
      { id: 'b', count: 1, watches: ['web'] },
      { id: 'a', count: 11, watches: ['web', 'api'], firstAt: new Date(NOW - 40 * DAY_MS).toISOString() },
    ]);
    expect(crashes[1]?.perDay).toHaveLength(CRASH_DAYS);
    expect(crashes[1]?.perDay.slice(-4)).toEqual([2, 0, 4, 0]);
  });

  it('are known to the next engine by their number and first time, the one that came last at the end', () => {
    expect(crashesSeen([on(0, 1, { id: 'b' }), on(1, 4), on(40, 5, { watch: 'api' })])).toEqual([
      { id: 'a', times: 9, firstAt: NOW - 40 * DAY_MS },
      { id: 'b', times: 1, firstAt: NOW },
    ]);
  });

  it.each<[string, readonly number[], string]>([
    ['first seen today', [0], 'new'],
    ['seen every day', [3, 2, 1, 0], 'ongoing'],
    ['seen twice a week', [20, 16, 12, 8, 4, 1], 'ongoing'],
    ['not seen for a week', [20, 8], 'resolved'],
    ['back after a quiet week', [20, 2], 'regressed'],
    ['back long ago', [40, 10, 9, 8, 6, 4, 2, 0], 'ongoing'],
  ])('%s', (_, daysAgo, state) => {
    expect(
      countedCrashes(
        daysAgo.map((days) => on(days)),
        NOW,
      )[0]?.state,
    ).toBe(state);
  });
});
