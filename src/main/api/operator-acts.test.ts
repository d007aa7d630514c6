import { describe, expect, it } from 'vitest';
import type { EventDraft } from '../../shared/model/event';
import { healingLine } from '../../shared/lib/events/healing-line';
import { OperatorActs } from './operator-acts';
import { FakeAlerts, FakeSecrets } from './testing/fake-alerts';
import { FakeEngine } from './testing/fake-engine';
import { commandSpec } from '../engine/testing/test-engine';

async function withActs() {
  const engine = new FakeEngine();
  const alerts = new FakeAlerts();
  const status = await engine.watches.add(commandSpec(), 'cli');
  const published: EventDraft[] = [];
  const acts = new OperatorActs({
    alerts,
    engine: { publish: (draft) => void published.push(draft), watches: engine.watches },
  });
  return { acts, alerts, published, watchId: status.watch.id };
}

describe('an act of the operator', () => {
  it('is an event with its actor and what was before and after: an acknowledgement, once', async () => {
    const { acts, alerts, published } = await withActs();
    const mute = await acts.acknowledge(12, 'window');
    alerts.mutes.acknowledge = () => Promise.resolve(mute);
    await acts.acknowledge(12, 'cli');
    expect(published).toMatchObject([
      {
        ...{ type: 'incident_acknowledged', incident: 12 },
        message: 'incident 12 acknowledged by the operator (window)',
        data: { actor: 'window', incident: 12, changes: [{ field: 'acknowledged', before: 'no', after: 'yes' }] },
      },
    ]);
  });

  it('is notified of a snooze, and of its end', async () => {
    const { acts, published, watchId } = await withActs();
    const until = 1_800_000_000_000;
    await acts.snooze({ watch: watchId, incident: null, forMs: until, actor: 'browser' });
    await acts.acknowledge(7, 'cli');
    await acts.unmute(null, 'cli');
    expect(published.map(({ type, watch, message }) => [type, watch, message])).toEqual([
      ['alerts_snoozed', 'web', 'web: alerts snoozed until 2027-01-15T08:00:00.000Z by the operator (browser)'],
      ['incident_acknowledged', null, 'incident 7 acknowledged by the operator (cli)'],
      ['mute_ended', 'web', 'web: alerts no longer snoozed: ended by the operator (cli)'],
      ['mute_ended', null, 'acknowledgement of incident 7 ended by the operator (cli)'],
    ]);
    expect(published[2]?.data).toEqual({
      actor: 'cli',
      changes: [{ field: 'snoozed', before: 'until 2027-01-15T08:00:00.000Z', after: null }],
    });
  });

  it('has the name of a secret and never its value', async () => {
    const { acts, published } = await withActs();
    const secrets = new FakeSecrets();
    const set = (value: string | null) => acts.setSecret(secrets, { name: 'mail.password', value, actor: 'cli' });
    set(null);
    set('canary');
    set('canary two');
    set(null);
    expect(published.map(({ message }) => message)).toEqual([
      'Secret mail.password set by the operator (cli)',
      'Secret mail.password replaced by the operator (cli)',
      'Secret mail.password removed by the operator (cli)',
    ]);
    expect(JSON.stringify(published)).not.toContain('canary');
    const event = { ...published[0]!, id: 1, at: '2026-01-01T00:00:00.000Z', incident: null } as Parameters<
      typeof healingLine
    >[0];
    expect(healingLine(event)).toBe('2026-01-01T00:00:00.000Z Secret changed by cli (mail.password: not set → set)');
  });

  it('is no event when it was refused', async () => {
    const { acts, published } = await withActs();
    const secrets = new FakeSecrets();
    secrets.given.add('mail.password');
    expect(() => acts.setSecret(secrets, { name: 'mail.password', value: 'x', actor: 'cli' })).toThrow('environment');
    expect(published).toEqual([]);
  });
});
