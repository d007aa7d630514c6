import type { EarlyReason } from '../model/crash-group';
import { formatDuration } from '../lib/format/duration';
import type { Actor } from '../model/event-parts';
import { plural } from '../lib/format/values';
import type { EventDefinition } from './definition';
import { earlyEndText, earlyReasonText, restartsWithin, secondsText, type EarlyEnd } from './text';

/** How long a watch is not restarted. `untilAt` is ISO 8601. */

export const cooldownStarted: EventDefinition<
  'cooldown_started',
  {
    restarts: number;
    windowSeconds: number;
    durationMs: number;
    untilAt: string;
    /** What the last ends had in common, in words. */
    commonExit: string | null;
    /** `ends`: of a program that must not run, which counted instead of restarts. */
    counts?: 'ends';
  } & EarlyReason
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
      `for ${formatDuration(data.durationMs)} until ${data.untilAt}`,
      `after ${countedText(data)}`,
      forReason(data),
      data.commonExit !== null && `mostly ${data.commonExit}`,
    ],
  }),
  facts: ({ data }, writing) => [
    earlyReasonText(data) === null
      ? { label: 'Budget spent', value: data.counts === 'ends' ? countedText(data) : restartsWithin(data, writing) }
      : { label: 'Reason', value: earlyReasonText(data) ?? '' },
    { label: 'Lasts', value: writing.duration(data.durationMs) },
    { label: 'Until', value: writing.instant(Date.parse(data.untilAt)) },
    { label: 'Common exit reason', value: data.commonExit ?? 'none' },
  ],
  sentence: ({ data }) => {
    const reason = forReason(data) ?? `after ${countedText(data)}`;
    return `is in cooldown for ${formatDuration(data.durationMs)} ${reason}`;
  },
};

/** `5 restarts in 1 min` */
function countedText({ counts, restarts, windowSeconds }: CountedInCooldown): string {
  return `${plural(restarts, counts === 'ends' ? 'end' : 'restart')} in ${secondsText(windowSeconds)}`;
}

interface CountedInCooldown {
  counts?: 'ends';
  restarts: number;
  windowSeconds: number;
}

/** `for the same crash …`, or null where the budget was spent. */
function forReason(data: EarlyReason): string | null {
  const reason = earlyReasonText(data);
  return reason === null ? null : `for ${reason}`;
}

export const cooldownEnded: EventDefinition<'cooldown_ended', { durationMs: number } & EarlyEnd> = {
  type: 'cooldown_ended',
  label: 'Cooldown ended',
  counted: ['cooldown ended', 'cooldowns ended'],
  alert: 'optional',
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown ended',
    details: [`after ${formatDuration(data.durationMs)}`, earlyEndText(data) !== null && `since ${earlyEndText(data)}`],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'Lasted', value: duration(data.durationMs) },
    ...(data.changed ?? []).map((path) => ({ label: 'Changed', value: path, code: true })),
  ],
  sentence: ({ data }) =>
    `may be restarted again: ${earlyEndText(data) ?? `its cooldown ended after ${formatDuration(data.durationMs)}`}`,
};

export const cooldownReset: EventDefinition<'cooldown_reset', { actor: Actor; remainingMs: number }> = {
  type: 'cooldown_reset',
  label: 'Cooldown reset',
  counted: ['cooldown reset', 'cooldowns reset'],
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown reset',
    details: [`by ${data.actor}`, `${formatDuration(data.remainingMs)} before its end`],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'By', value: data.actor },
    { label: 'Time left', value: duration(data.remainingMs) },
  ],
  sentence: () => 'may be restarted again: its cooldown was reset by the operator',
};

export const cooldownExtended: EventDefinition<'cooldown_extended', { actor: Actor; byMs: number; untilAt: string }> = {
  type: 'cooldown_extended',
  label: 'Cooldown extended',
  counted: ['cooldown extended', 'cooldowns extended'],
  isDeed: true,
  line: ({ data }) => ({
    action: 'Cooldown extended',
    details: [`by ${data.actor}`, `${formatDuration(data.byMs)} longer until ${data.untilAt}`],
  }),
  facts: ({ data }, { duration, instant }) => [
    { label: 'By', value: data.actor },
    { label: 'Extended by', value: duration(data.byMs) },
    { label: 'Until', value: instant(Date.parse(data.untilAt)) },
  ],
  sentence: ({ data }) => `stays in cooldown for ${formatDuration(data.byMs)} longer`,
};
