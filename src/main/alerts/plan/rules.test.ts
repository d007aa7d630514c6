import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../../shared/model/event';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/model/settings';
import { isReported } from './rules';

const event = (type: string, data: object = {}, more: Partial<HealdeckEvent> = {}): HealdeckEvent =>
  ({
    ...{
      id: 1,
      at: '2026-01-31T12:00:00.000Z',
      severity: 'warning',
      watch: 'web',
      pid: 7,
      incident: null,
      message: '',
    },
    ...{ type, data },
    ...more,
  }) as HealdeckEvent;
const rules = (change: Partial<Settings> = {}) => ({ ...DEFAULT_SETTINGS, ...change });
const fresh = { begun: false, takes: () => true };
const begun = { begun: true, takes: () => false };

describe('what is told', () => {
  it.each<[string, HealdeckEvent, Partial<Settings>, typeof fresh, boolean]>([
    ['a crash', event('crash_detected'), {}, fresh, true],
    ['a crash below the least severity', event('crash_detected'), { 'alerts.minSeverity': 'high' }, fresh, false],
    ['a type that nobody wants', event('crash_detected'), { 'alerts.types': ['notice'] }, fresh, false],
    [
      'more of a story, however slight',
      event('restarted', { actor: 'engine' }),
      { 'alerts.minSeverity': 'critical' },
      begun,
      true,
    ],
    ['a restart by Healdeck', event('restarted', { actor: 'engine' }), {}, fresh, true],
    ['a restart by the operator', event('restarted', { actor: 'cli' }), {}, fresh, false],
    ['a start by a schedule that failed', event('restart_failed', { actor: 'schedule' }), {}, fresh, true],
    ['a kill by the operator', event('killed', { actor: 'window' }), {}, fresh, false],
    ['the stop that ends a story', event('stopped', { actor: 'window' }), {}, begun, true],
    ['a recovery of what was told', event('recovered'), {}, begun, true],
    ['a recovery of what nobody heard of', event('recovered'), {}, fresh, false],
    ['a message that could not be sent', event('alert_failed'), {}, begun, false],
    ['a notice about alerts', event('notice', { topic: 'alerts' }), {}, fresh, false],
    ['another notice', event('notice', { topic: 'history.db' }), {}, fresh, true],
  ])('%s: %#', (_, what, change, route, reported) => {
    expect(isReported(what, rules(change), route)).toBe(reported);
  });

  it('is only what a channel takes, until it has begun', () => {
    expect(isReported(event('crash_detected'), rules(), { begun: false, takes: () => false })).toBe(false);
  });
});
