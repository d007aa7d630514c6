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
    help: 'What is reported: events of these types.',
  }),
  'alerts.minSeverity': choice({
    label: 'Minimum severity',
    group: 'alerts',
    default: 'info',
    choices: severitySchema.options,
    perWatch: true,
    help: 'Events below this severity start no alert; how an incident ends is sent to everyone who was notified of its start.',
  }),
  'alerts.settleMs': integer({
    label: 'Initial delay',
    group: 'alerts',
    default: 3000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'How long the first alert of an incident waits for what is done about it, so that one message reports both.',
  }),
  'alerts.groupMs': integer({
    label: 'Grouping window',
    group: 'alerts',
    default: 30_000,
    min: 0,
    max: 3_600_000,
    unit: 'ms',
    help: 'What happens within this time after an alert is grouped into the next one.',
  }),
  'alerts.reminderMs': ceiling(
    {
      label: 'Reminder every',
      group: 'alerts',
      min: 60_000,
      max: 604_800_000,
      unit: 'ms',
      perWatch: true,
      help: 'How often an open incident is sent again, unless somebody has acknowledged it.',
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
      help: 'Messages an hour to each recipient about one watch; the rest is folded into digests.',
    },
    6,
  ),
  'alerts.criticalPerHour': integer({
    label: 'Critical alerts beside the limits',
    group: 'alerts',
    default: 10,
    min: 1,
    max: 1000,
    unit: 'messages',
    help: 'First critical messages of incidents to each recipient in an hour: they are sent at once, beside the hourly limits. Those beyond it wait for the hourly limits.',
  }),
  'alerts.quietHours': list({
    label: 'Quiet hours',
    group: 'alerts',
    range: HOUR_RANGES,
    item: item(HOUR_RANGES, /^(?:[a-z]{3}(?:[+-][a-z]{3})* )?\d\d:\d\d-\d\d:\d\d$/i),
    help: 'Local times in which alerts wait; one digest lists them afterwards.',
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
    help: 'Local times in which nothing is sent, because somebody works on the machine; the next message says how much was left out.',
  }),
  'alerts.criticalBreaksThrough': flag({
    label: 'Critical alerts break through',
    group: 'alerts',
    default: true,
    help: 'Critical alerts are sent in quiet hours, too, and when all alerts are snoozed.',
  }),
  ...mergedSettings(CHANNELS),
} as const;
