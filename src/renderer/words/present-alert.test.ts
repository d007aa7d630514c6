import { describe, expect, it } from 'vitest';
import type { AlertsStatus, HeldAlerts, Mute } from '../../shared/model/alert';
import { alertsStatus } from '../testing/samples';
import {
  describeAlerts,
  describeOutbox,
  describeSilence,
  muteLeft,
  muteOfWatch,
  presentMessage,
} from './present-alert';

const problem = {
  step: 'login' as const,
  message: 'mail.example.org refused the login of healdeck: 535 5.7.8 Authentication credentials invalid',
  advice: 'Check user and password.',
  temporary: false,
};
const failing = (...names: string[]): AlertsStatus => {
  const status = alertsStatus();
  return {
    ...status,
    channels: status.channels.map((one) =>
      names.includes(one.channel) ? { ...one, state: 'failing' as const, problem } : one,
    ),
  };
};
const mute = (change: Partial<Mute>): Mute => ({
  ...{ id: 1, kind: 'snoozed' as const, watchId: null, incident: null, at: 0, until: null },
  ...change,
});

describe('alerts in a line', () => {
  it('are ready when all that is set up is', () => {
    expect(describeAlerts(alertsStatus())).toEqual({
      tone: 'ok',
      words: 'All channels ready: E-mail, Desktop notifications.',
    });
  });

  it('are failing with the reason of the first that is', () => {
    expect(describeAlerts(failing('mail'))).toEqual({ tone: 'bad', words: `E-mail failing: ${problem.message}.` });
    expect(describeAlerts(failing('mail', 'desktop')).words).toMatch(/ 1 other channel failing, too\.$/);
  });

  it('say that nobody is notified', () => {
    const off = alertsStatus().channels.map((one) => ({ ...one, state: 'off' as const }));
    expect(describeAlerts({ ...alertsStatus(), channels: off }).words).toBe(
      'No one will be notified: no alert channel is configured.',
    );
  });

  it('count what is under way only when something is', () => {
    expect(describeOutbox({ waiting: 0, failed: 0, held: 0 })).toEqual([]);
    expect(describeOutbox({ waiting: 2, failed: 1, held: 40 })).toEqual(['1 failed', '2 waiting', '40 events held']);
  });

  it('are amber while something critical waits for longer than the seconds in which messages are collected', () => {
    const hold: HeldAlerts = { reason: 'hourly_limit', until: null, events: 39, critical: true };
    expect(describeAlerts({ ...alertsStatus(), holds: [hold] })).toEqual({
      tone: 'warn',
      words: 'A critical alert waits: 39 events held, the hourly limit is used up.',
    });
    expect(describeAlerts({ ...alertsStatus(), holds: [{ ...hold, critical: false }] }).tone).toBe('ok');
    expect(describeAlerts({ ...alertsStatus(), holds: [{ ...hold, reason: 'grouping' }] }).tone).toBe('ok');
  });

  it('tell a message that waits from one that is tried again', () => {
    expect(presentMessage({ state: 'queued', attempts: 0 }).word).toBe('Waiting');
    expect(presentMessage({ state: 'queued', attempts: 2 }).word).toBe('Trying again');
  });
});

describe('alerts that are not wanted', () => {
  const until = new Date(2026, 10, 22, 7, 0).getTime();

  it('say until when, and whether critical ones are sent', () => {
    expect(describeSilence(alertsStatus(), true)).toBeNull();
    expect(describeSilence(alertsStatus({ quietUntil: until }), true)).toBe(
      'Quiet hours until 07:00; critical alerts are sent.',
    );
    expect(describeSilence(alertsStatus({ mutes: [mute({ until })] }), false)).toBe(
      'All alerts are snoozed until 07:00.',
    );
    expect(describeSilence(alertsStatus({ mutes: [mute({ incident: 4 })] }), false)).toBeNull();
  });

  it('count down', () => {
    expect(muteLeft(mute({ until: 90_000 }), 0)).toBe('1:30 left');
    expect(muteLeft(mute({}), 0)).toBe('until resolved');
  });

  it('are of a watch or of all', () => {
    const [all, own, other] = [mute({ id: 1 }), mute({ id: 2, watchId: 'web' }), mute({ id: 3, incident: 7 })];
    expect(muteOfWatch([all, own, other], 'web')).toBe(own);
    expect(muteOfWatch([all, own, other], 'api')).toBe(all);
    expect(muteOfWatch([own, other], 'api')).toBeNull();
  });
});
