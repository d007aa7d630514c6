import { z } from 'zod';
import { CHANNELS } from '../../channels/list';
import { mergedSettings } from './merged-settings';
import { severitySchema, type EventType } from '../event';
import { ALERT_TYPES, STANDARD_ALERT_TYPES } from '../alert';
import { ceiling, choice, flag, integer, item, list } from './kinds';

const HOUR_RANGES = 'times of the day, as in 22:00-07:00 or sat+sun 00:00-24:00';
const MAINTENANCE = 'times, as in sun 02:00-04:00 or 2026-12-24T18:00/2026-12-26T08:00';

/** Who is notified of what, and how. */
export const ALERT_SETTINGS = {
  'alerts.types': list<EventType>({
    label: 'Reported events',
    group: 'alerts',
    range: `event types (${ALERT_TYPES.join(', ')})`,
    default: STANDARD_ALERT_TYPES,
    item: z.enum(ALERT_TYPES, { error: `expected one of ${ALERT_TYPES.join(', ')}` }),
    choices: ALERT_TYPES,
    perWatch: true,
    help: 'Events of these types are reported.',
  }),
  'alerts.minSeverity': choice({
    label: 'Minimum severity',
    group: 'alerts',
    default: 'info',
    choices: severitySchema.options,
    perWatch: true,
    help: 'Events below this severity do not start an alert. Everyone who was notified of the start of an incident is also notified of its end.',
  }),
  'alerts.settleMs': integer({
    label: 'Initial delay',
    group: 'alerts',
    default: 3000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'How long the first alert of an incident is delayed, so that one message reports both the problem and what was done about it.',
  }),
  'alerts.groupMs': integer({
    label: 'Grouping window',
    group: 'alerts',
    default: 30_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    help: 'Events within this time after an alert are combined into the next alert.',
  }),
  'alerts.reminderMs': ceiling(
    {
      label: 'Reminder interval',
      group: 'alerts',
      min: 60_000,
      max: 604_800_000,
      unit: 'ms',
      perWatch: true,
      help: 'How often an open incident is reported again, unless somebody has acknowledged it.',
    },
    14_400_000,
  ),
  'alerts.perWatchPerHour': ceiling(
    {
      label: 'Per-watch hourly limit',
      group: 'alerts',
      min: 1,
      max: 1000,
      unit: 'messages',
      perWatch: true,
      help: 'Maximum number of messages about one watch to each recipient in any hour; everything else is combined into digests.',
    },
    6,
  ),
  'alerts.criticalPerHour': integer({
    label: 'Critical alerts outside the limits',
    group: 'alerts',
    default: 10,
    min: 1,
    max: 1000,
    unit: 'messages',
    help: 'How many first critical messages of incidents are sent to each recipient in any hour at once, outside the hourly limits. Further ones are subject to the hourly limits.',
  }),
  'alerts.quietHours': list({
    label: 'Quiet hours',
    group: 'alerts',
    range: HOUR_RANGES,
    item: item(HOUR_RANGES, /^(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d$/i),
    help: 'Local times during which alerts are delayed; one digest reports them afterwards.',
  }),
  'alerts.maintenance': list({
    label: 'Maintenance',
    group: 'alerts',
    range: MAINTENANCE,
    item: item(
      MAINTENANCE,
      /^(?:(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d|\d{4}-\d\d-\d\dT\d\d:\d\d\/\d{4}-\d\d-\d\dT\d\d:\d\d)$/i,
    ),
    perWatch: true,
    help: 'Local times during which no alerts are sent; the next message states how many were suppressed.',
  }),
  'alerts.criticalBreaksThrough': flag({
    label: 'Critical alerts break through',
    group: 'alerts',
    default: true,
    help: 'Critical alerts are sent even in quiet hours and while all alerts are snoozed.',
  }),
  ...mergedSettings(CHANNELS),
} as const;
