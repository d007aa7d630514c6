import { describe, expect, it } from 'vitest';
import type { EventData, EventType, HealdeckEvent } from '../../../shared/model/event';
import { budgetStatus, eventOf, watchStatus } from '../../testing/samples';
import { byUse, tripsOf } from './trips';

let id = 0;
function event<T extends EventType>(type: T, watch: string, second: number, data: Partial<EventData[T]>) {
  id += 1;
  return { ...eventOf(id), type, watch, at: new Date(second * 1000).toISOString(), data } as unknown as HealdeckEvent;
}
const started = (watch: string, second: number) =>
  event('cooldown_started', watch, second, { restarts: 5, windowSeconds: 60, commonExit: null });

describe('the history of cooldowns', () => {
  it('pairs each beginning with the end of the same watch, newest first', () => {
    const trips = tripsOf([
      started('web', 1),
      started('api', 2),
      event('cooldown_extended', 'web', 3, {}),
      event('cooldown_reset', 'web', 4, {}),
      event('cooldown_ended', 'api', 5, {}),
      started('web', 6),
    ]);
    expect(trips.map(({ watch, end, endedAt, extensions }) => ({ watch, end, endedAt, extensions }))).toEqual([
      { watch: 'web', end: 'open', endedAt: null, extensions: 0 },
      { watch: 'api', end: 'over', endedAt: 5000, extensions: 0 },
      { watch: 'web', end: 'reset', endedAt: 4000, extensions: 1 },
    ]);
  });

  it('says which crash has started one before the budget was spent', () => {
    const sameCrash = { times: 3, title: 'SyntaxError: Unexpected token' };
    const early = event('cooldown_started', 'web', 1, { restarts: 2, windowSeconds: 60, commonExit: null, sameCrash });
    expect(tripsOf([early, started('api', 2)]).map((trip) => trip.early)).toEqual([{}, { sameCrash }]);
  });

  it('knows nothing of an end whose beginning is not there', () => {
    expect(tripsOf([event('cooldown_ended', 'web', 1, {}), event('crash_detected', 'web', 2, {})])).toEqual([]);
  });
});

it('puts watches in cooldown first, then those that have used most of their budget', () => {
  const cooldown = { startedAt: 0, until: 1, restarts: 5, windowMs: 60_000 };
  const watches = [
    watchStatus({ id: 'calm' }),
    { ...watchStatus({ id: 'busy' }), budget: budgetStatus({ used: 4 }) },
    { ...watchStatus({ id: 'cold' }), budget: budgetStatus({ used: 0, cooldown }) },
  ];
  expect(byUse(watches).map(({ watch }) => watch.name)).toEqual(['cold', 'busy', 'calm']);
});
