import { describe, expect, it } from 'vitest';
import { CRASH_DAYS, type CrashGroup } from '../../shared/model/crash-group';
import type { HealdeckEvent } from '../../shared/model/event';
import { eventOf } from '../testing/samples';
import { crashDays, crashesOf, crashFits, daysText, timesText } from './present-crash';

const NOON = Date.parse('2026-05-30T12:00:00Z');
/** The last of so many days; those before had none. */
const perDay = (...counts: readonly number[]) => [...Array<number>(CRASH_DAYS - counts.length).fill(0), ...counts];
const crash: CrashGroup = {
  ...{ id: '3f2a91bc00d1e2f4', title: 'TypeError: x is not a function in handler (server.js)', state: 'ongoing' },
  ...{
    count: 14,
    firstAt: new Date(2026, 4, 3, 12).toISOString(),
    lastAt: '2026-05-30T10:00:00.000Z',
    watches: ['web', 'api'],
    versions: null,
    firstAfter: null,
  },
  ...{ perDay: perDay(6, 0, 1), incidents: [4711], stderrTail: ['Node.js v20.19.0'] },
};
const all = { text: '', watch: null, state: null };

describe('crashes', () => {
  it('are found by words of their title and of standard error, their id, their watches and their state', () => {
    expect(crashFits(crash, all)).toBe(true);
    expect(crashFits(crash, { ...all, text: ' typeerror ' })).toBe(true);
    expect(crashFits(crash, { ...all, text: 'node.js v20' })).toBe(true);
    expect(crashFits(crash, { ...all, text: '3F2A' })).toBe(true);
    expect(crashFits(crash, { ...all, text: '2a91' })).toBe(false);
    expect(crashFits(crash, { ...all, watch: 'api' })).toBe(true);
    expect(crashFits(crash, { ...all, watch: 'database' })).toBe(false);
    expect(crashFits(crash, { ...all, state: 'new' })).toBe(false);
  });

  it('are counted in a sentence', () => {
    expect(timesText(crash)).toBe('This crash occurred 14 times since 3 May.');
    expect(timesText({ ...crash, count: 1 })).toBe('This crash occurred for the first time.');
  });

  it('have their days by name, today last', () => {
    const days = crashDays(crash, NOON);
    expect(days).toHaveLength(CRASH_DAYS);
    expect(days.slice(-3)).toEqual([
      { name: '28 May', count: 6 },
      { name: '29 May', count: 0 },
      { name: '30 May', count: 1 },
    ]);
    // The days of the engine are those of UTC, wherever the window is.
    expect(crashDays(crash, Date.parse('2026-05-30T23:59:59Z')).at(-1)?.name).toBe('30 May');
    expect(crashDays(crash, Date.parse('2026-05-31T00:00:00Z')).at(-1)?.name).toBe('31 May');
  });

  it.each([
    [[6, 0, 1], '7 times on 2 of the last 30 days, 6 of them on 28 May'],
    [[1], '1 time on 30 May'],
    [[], 'Not seen within the last 30 days'],
  ])('on days %j are summed up as "%s"', (counts, text) => {
    expect(daysText(crashDays({ perDay: perDay(...counts) }, NOON))).toBe(text);
  });

  it('of an incident are listed once each, the newest first', () => {
    const detected = (id: number, ...crashes: readonly string[]) =>
      ({
        ...eventOf(id),
        type: 'crash_detected',
        data: crashes.length === 0 ? {} : { crash: { id: crashes[0], title: `crash ${crashes[0]}` } },
      }) as unknown as HealdeckEvent;
    const events = [detected(1, 'a'), detected(2, 'b'), eventOf(3), detected(4, 'a'), detected(5)];
    expect(crashesOf(events).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(crashesOf([eventOf(1)])).toEqual([]);
  });
});
