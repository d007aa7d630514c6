import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealdeckEvent, Severity } from '../../shared/model/event';
import { eventOf } from '../testing/samples';
import { marksOf } from './event-marks';

const event = (at: number, severity: Severity = 'info') =>
  ({ ...eventOf(at + 1), at: new Date(at).toISOString(), severity }) as HealdeckEvent;
const span = { from: 1000, to: 2000, slots: 10 };

describe('the marks of events on a chart', () => {
  it('hold every event of the time once, each near to its moment', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 500, max: 2500 })), (times) => {
        const marks = marksOf(
          times.map((at) => event(at)),
          span,
        );
        const inTime = times.filter((at) => at >= 1000 && at <= 2000);
        expect(marks.flatMap(({ events }) => events)).toHaveLength(inTime.length);
        for (const { share, events } of marks) {
          for (const { at } of events) expect(Math.abs(1000 + share * 1000 - Date.parse(at))).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  it('open the worst of those that lie together', () => {
    const [mark] = marksOf([event(1510), event(1520, 'critical'), event(1530, 'high')], span);
    expect(mark?.worst.severity).toBe('critical');
    expect(mark?.events).toHaveLength(3);
  });
});
