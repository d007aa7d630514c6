import { ceiling, integer } from './kinds';

/** What is kept on disk, and how much of it. */
export const STORAGE_SETTINGS = {
  'output.maxBytes': integer({
    default: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    unit: 'bytes',
    help: "Size at which a watched program's output file is rotated.",
  }),
  'output.files': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'files',
    help: 'Output files kept for each stream of a watched program, the current one included.',
  }),
  'healingLog.maxBytes': integer({
    default: 10_000_000,
    min: 10_000,
    max: 1_000_000_000,
    unit: 'bytes',
    help: 'Size at which healing.log is rotated.',
  }),
  'healingLog.files': integer({
    default: 5,
    min: 1,
    max: 100,
    unit: 'files',
    help: 'Files of healing.log kept, the current one included.',
  }),
  'history.sampleHours': integer({
    default: 24,
    min: 1,
    max: 8760,
    unit: 'hours',
    help: 'How long every reading of watched processes and of the machine is kept.',
  }),
  'history.minuteDays': integer({
    default: 7,
    min: 1,
    max: 365,
    unit: 'days',
    help: 'How long mean, lowest and highest reading of each minute are kept.',
  }),
  'history.quarterDays': integer({
    default: 365,
    min: 1,
    max: 3650,
    unit: 'days',
    help: 'How long mean, lowest and highest reading of each quarter of an hour are kept.',
  }),
  'history.eventDays': integer({
    default: 365,
    min: 1,
    max: 3650,
    unit: 'days',
    help: 'How long events are kept.',
  }),
  'history.tableHours': ceiling(
    {
      min: 1,
      max: 720,
      unit: 'hours',
      help: 'How long the whole process table is kept, as it was every 10 s and at each tick around an incident; none: it is not recorded.',
    },
    24,
  ),
  'history.maxBytes': integer({
    default: 500_000_000,
    min: 20_000_000,
    max: 100_000_000_000,
    unit: 'bytes',
    help: 'Size of history.db above which the oldest is removed sooner: first single readings, at last events.',
  }),
} as const;
