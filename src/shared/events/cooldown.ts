import type { Actor } from '../model/event-parts';
import { plural } from '../lib/format/values';
import type { EventDefinition } from './definition';
import { restartsWithin, secondsText } from './text';

/** How long a watch is not restarted. `until` is ISO 8601. */

export const cooldownStarted: EventDefinition<
  'cooldown_started',
  {
    restarts: number;
    windowSeconds: number;
    durationSeconds: number;
    until: string;
    /** What the last ends had in common, in words. */
    commonExit: string | null;
  }
> = {
  type: 'cooldown_started',
  label: 'Cooldown started',
  counted: ['cooldown', 'cooldowns'],
  impact: 70,
  tone: 'critical',
  alert: 'standard',
  marksPast: true,
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown',
    details: [
      `for ${secondsText(data.durationSeconds)} until ${data.until}`,
      `after ${plural(data.restarts, 'restart')} in ${secondsText(data.windowSeconds)}`,
      data.commonExit !== null && `mostly ${data.commonExit}`,
    ],
  }),
  facts: ({ data }, writing) => [
    { label: 'Budget spent', value: restartsWithin(data, writing) },
    { label: 'Lasts', value: writing.duration(data.durationSeconds * 1000) },
    { label: 'Until', value: writing.instant(Date.parse(data.until)) },
    { label: 'Common exit reason', value: data.commonExit ?? 'nothing' },
  ],
  sentence: ({ data: { durationSeconds, restarts, windowSeconds } }) =>
    `is in cooldown for ${secondsText(durationSeconds)} after ${plural(restarts, 'restart')} in ${secondsText(windowSeconds)}`,
};

export const cooldownEnded: EventDefinition<'cooldown_ended', { durationSeconds: number }> = {
  type: 'cooldown_ended',
  label: 'Cooldown ended',
  counted: ['end of a cooldown', 'ends of cooldowns'],
  alert: 'optional',
  isDeed: true,
  line: ({ data }) => ({ action: 'Cooldown ended', details: [`after ${secondsText(data.durationSeconds)}`] }),
  facts: ({ data }, { duration }) => [{ label: 'Lasted', value: duration(data.durationSeconds * 1000) }],
  sentence: ({ data }) => `may be restarted again: its cooldown is over after ${secondsText(data.durationSeconds)}`,
};

export const cooldownReset: EventDefinition<'cooldown_reset', { actor: Actor; remainingSeconds: number }> = {
  type: 'cooldown_reset',
  label: 'Cooldown reset',
  counted: ['reset of a cooldown', 'resets of cooldowns'],
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown reset',
    details: [`by ${data.actor}`, `${secondsText(data.remainingSeconds)} before its end`],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'By', value: data.actor },
    { label: 'Was left', value: duration(data.remainingSeconds * 1000) },
  ],
  sentence: () => 'may be restarted again: its cooldown was reset by the operator',
};

export const cooldownExtended: EventDefinition<
  'cooldown_extended',
  { actor: Actor; bySeconds: number; until: string }
> = {
  type: 'cooldown_extended',
  label: 'Cooldown extended',
  counted: ['longer cooldown', 'longer cooldowns'],
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown extended',
    details: [`by ${data.actor}`, `${secondsText(data.bySeconds)} longer until ${data.until}`],
  }),
  facts: ({ data }, { duration, instant }) => [
    { label: 'By', value: data.actor },
    { label: 'Longer by', value: duration(data.bySeconds * 1000) },
    { label: 'Until', value: instant(Date.parse(data.until)) },
  ],
  sentence: ({ data }) => `stays in cooldown for ${secondsText(data.bySeconds)} longer`,
};
