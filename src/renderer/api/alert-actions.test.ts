import { describe, expect, it } from 'vitest';
import type { Mute } from '../../shared/model/alert';
import { createAlertActions } from './alert-actions';
import type { HealdeckClient } from './client';

/** An engine that keeps what it is asked, and does as it is told to answer. */
function bench(answer: () => unknown) {
  const asked: unknown[] = [];
  const said: string[] = [];
  const call = (name: string) => (input: unknown) => {
    asked.push([name, input]);
    return Promise.resolve().then(answer);
  };
  const names = ['retry', 'sendHeld', 'drop', 'snooze', 'acknowledge', 'unmute'];
  const client = { alerts: Object.fromEntries(names.map((name) => [name, call(name)])) } as unknown as HealdeckClient;
  const actions = createAlertActions({
    session: { ask: (question) => question(client) },
    announce: ({ tone, title, message }) => said.push(`${tone}: ${title}: ${message}`),
  });
  return { actions, asked, said };
}

const MUTE: Mute = { id: 7, kind: 'snoozed', watchId: null, incident: null, at: 0, until: null };

describe('what is pressed about alerts', () => {
  it('asks for a try, and says how many', async () => {
    const { actions, asked, said } = bench(() => ({ tried: 2 }));
    await actions.retry(null);
    expect(asked).toEqual([['retry', { id: null }]]);
    expect(said).toEqual(['ok: Trying again: 2 messages on the way.']);
  });

  it('sends what waits, and says how much', async () => {
    const { actions, asked, said } = bench(() => ({ events: 39 }));
    await actions.sendHeld();
    expect(asked).toEqual([['sendHeld', undefined]]);
    expect(said).toEqual(['ok: Sending now: 39 events on the way.']);
  });

  it('gives up one message, and says when there was none', async () => {
    const { actions, asked, said } = bench(() => ({ dropped: 0 }));
    await actions.drop(9);
    expect(asked).toEqual([['drop', { id: 9 }]]);
    expect(said).toEqual(['ok: Dropped: There was nothing to drop.']);
  });

  it.each([
    [{ kind: 'watch', id: 'w1', name: 'web' }, 900_000, { watch: 'w1', incident: null, forMs: 900_000 }, 'Snoozed web'],
    [{ kind: 'incident', incident: 4 }, null, { watch: null, incident: 4, forMs: null }, 'Snoozed the incident'],
    [{ kind: 'all' }, 3_600_000, { watch: null, incident: null, forMs: 3_600_000 }, 'Snoozed all alerts'],
  ] as const)('snoozes %j', async (target, forMs, request, title) => {
    const { actions, asked, said } = bench(() => MUTE);
    await actions.snooze(target, forMs);
    expect(asked).toEqual([['snooze', request]]);
    expect(said[0]).toContain(`ok: ${title}: Nothing is sent`);
  });

  it('acknowledges, and ends a mute by its number', async () => {
    const { actions, asked } = bench(() => ({ ended: 1 }));
    await actions.acknowledge(12);
    await actions.unmute(MUTE);
    expect(asked).toEqual([
      ['acknowledge', { incident: 12 }],
      ['unmute', { id: 7 }],
    ]);
  });

  it('says why it was not done, and never rejects', async () => {
    const { actions, said } = bench(() => {
      throw new Error("The engine can't be reached.");
    });
    await actions.acknowledge(12);
    expect(said).toEqual(["bad: Not acknowledged: The engine can't be reached."]);
  });
});
