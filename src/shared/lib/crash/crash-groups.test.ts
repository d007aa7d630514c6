import { describe, expect, it } from 'vitest';
import { CRASH_DAYS, type CrashCount } from '../../model/crash-group';
import type { HealdeckEvent } from '../../model/event';
import { changedBefore, countedCrashes, crashesSeen, DAY_MS, versionsText } from './crash-groups';

const TODAY = 20_000;
const NOW = TODAY * DAY_MS + DAY_MS / 2;
const on = (daysAgo: number, count = 1, more: Partial<CrashCount> = {}): CrashCount => {
  const at = NOW - daysAgo * DAY_MS;
  return { id: 'a', watch: 'web', day: TODAY - daysAgo, version: null, count, firstAt: at, lastAt: at, ...more };
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

  it('are seen in versions of the program, from the first one to that which came last', () => {
    const counts = [
      on(9, 1, { version: '0000aaaa' }),
      on(1, 2, { version: '0000aaaa' }),
      on(5, 1, { version: '0000bbbb' }),
      on(3, 1, { version: '0000bbbb', watch: 'api' }),
      on(20),
    ];
    const at = (daysAgo: number) => new Date(NOW - daysAgo * DAY_MS).toISOString();
    const [crash] = countedCrashes(counts, NOW);
    expect(crash?.versions).toEqual({
      count: 2,
      first: { id: '0000aaaa', firstAt: at(9) },
      newest: { id: '0000bbbb', firstAt: at(5) },
    });
    expect(versionsText(crash!.versions!, () => 'Tuesday')).toBe(
      '2 versions of the program, the newest (0000bbbb) since Tuesday',
    );
    const [alone] = countedCrashes([on(3, 4, { version: '0000cccc' })], NOW);
    expect(versionsText(alone!.versions!, () => 'Friday')).toBe('one version of the program (0000cccc) since Friday');
    expect(countedCrashes([on(3)], NOW)[0]?.versions).toBeNull();
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

describe('what was changed before a crash was first seen', () => {
  const base = { at: new Date(NOW).toISOString(), severity: 'info', watch: 'web', pid: 7, incident: 1, message: '' };
  const crash = (id: number, crashId: string, more: object = {}) =>
    ({ ...base, id, type: 'crash_detected', data: { crash: { id: crashId, title: 't' } }, ...more }) as HealdeckEvent;
  const explained = (id: number, changedFile?: string, more: object = {}) =>
    ({ ...base, id, type: 'death_explained', data: { reason: 'r', changedFile }, ...more }) as HealdeckEvent;

  it('is what the explanation of its first end names', () => {
    const events = [
      crash(1, 'b', { pid: 6 }),
      explained(2, 'other.js', { pid: 6 }),
      crash(3, 'a'),
      explained(4, 'server.js'),
    ];
    expect(changedBefore('a', events)).toBe('server.js');
  });

  it.each<[string, readonly HealdeckEvent[]]>([
    ['that explanation names none', [crash(3, 'a'), explained(4), explained(5, 'server.js')]],
    ['only a later end has one', [crash(3, 'a'), crash(5, 'a', { pid: 8 }), explained(6, 'server.js', { pid: 8 })]],
    ['it belongs to another incident', [crash(3, 'a'), explained(4, 'server.js', { incident: 2 })]],
    ['the crash is not among them', [explained(4, 'server.js')]],
  ])('is not known where %s', (_, events) => {
    expect(changedBefore('a', events)).toBeNull();
  });
});
