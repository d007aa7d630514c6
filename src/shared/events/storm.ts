import type { Actor } from '../model/event-parts';
import { formatDuration } from '../lib/format/duration';
import { plural } from '../lib/format/values';
import type { EventDefinition } from './definition';
import { restartsWithin, secondsText } from './text';

/** The storm brake. `untilAt` is ISO 8601. */

export const healingPaused: EventDefinition<
  'healing_paused',
  {
    restarts: number;
    windowSeconds: number;
    untilAt: string;
    /** Names of the watches that are held if they end again. */
    watches?: readonly string[];
  }
> = {
  type: 'healing_paused',
  label: 'Healing paused',
  counted: ['storm brake', 'storm brakes'],
  impact: 90,
  tone: 'critical',
  alert: 'standard',
  isProblem: true,
  isDeed: true,
  line: ({ data }) => ({
    action: 'Healing paused',
    subject: '',
    details: [
      `until ${data.untilAt}`,
      `after ${plural(data.restarts, 'restart')} in ${secondsText(data.windowSeconds)}`,
    ],
  }),
  facts: ({ data }, writing) => [
    { label: 'Storm', value: `${restartsWithin(data, writing)}, over all watches` },
    { label: 'Until', value: writing.instant(Date.parse(data.untilAt)) },
  ],
  sentence: ({ at, data: { restarts, windowSeconds, untilAt } }) => {
    const forMs = Date.parse(untilAt) - Date.parse(at);
    return `Storm brake: healing is paused for ${formatDuration(forMs)} after more than ${plural(restarts, 'restart')} in ${secondsText(windowSeconds)}`;
  },
};

export const healingResumed: EventDefinition<'healing_resumed', { actor: Actor }> = {
  type: 'healing_resumed',
  label: 'Healing resumed',
  counted: ['storm ended', 'storms ended'],
  alert: 'standard',
  isDeed: true,
  line: ({ data }) => ({ action: 'Healing resumed', subject: '', details: [`by ${data.actor}`] }),
  facts: ({ data }) => [{ label: 'By', value: data.actor }],
  sentence: () => 'Healing resumed after the storm',
};
