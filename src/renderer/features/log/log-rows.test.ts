import { describe, expect, it } from 'vitest';
import { eventOf } from '../../testing/samples';
import { matches, logRows, queryOf } from './log-rows';

const view = { text: '', types: [], watch: null, untilAt: null, pausedAtId: null };
const ids = (result: { rows: { id: number }[] }) => result.rows.map((event) => event.id);

describe('the log', () => {
  const live = [eventOf(5), eventOf(6, { watch: 'web', message: 'Web went DOWN' }), eventOf(7)];
  const asked = [eventOf(3), eventOf(4), eventOf(5)];

  it('shows the newest first, and each event once', () => {
    expect(ids(logRows(live, asked, view))).toEqual([7, 6, 5, 4, 3]);
  });

  it('stays where it was paused and counts what came since', () => {
    const paused = logRows(live, asked, { ...view, pausedAtId: 5 });
    expect(ids(paused)).toEqual([5, 4, 3]);
    expect(paused.fresh).toBe(2);
  });

  it('ends at a moment, and asks the engine for the same', () => {
    const until = { ...view, untilAt: Date.parse(eventOf(4).at) };
    expect(ids(logRows(live, asked, until))).toEqual([4, 3]);
    expect(queryOf(until, 50)).toEqual({ limit: 50, untilAt: until.untilAt });
    expect(queryOf({ ...view, text: 'x', types: ['restarted'], watch: 'web' }, 9)).toEqual({
      limit: 9,
      text: 'x',
      types: ['restarted'],
      watch: 'web',
    });
  });

  it('finds words in any case, one watch, and chosen types', () => {
    expect(ids(logRows(live, asked, { ...view, text: 'down' }))).toEqual([6]);
    expect(ids(logRows(live, asked, { ...view, watch: 'web' }))).toEqual([6]);
    expect(matches(eventOf(1), { ...view, types: ['restarted'] })).toBe(false);
    expect(matches(eventOf(1), { ...view, types: ['restarted', 'notice'] })).toBe(true);
  });
});
