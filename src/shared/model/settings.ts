import { z } from 'zod';

interface SettingDefinition<T> {
  schema: z.ZodType<T>;
  default: T;
  /** Unit of the value, as shown: `ms`, `bytes`, … ; empty for none. */
  unit: string;
  /** The accepted range, in words. */
  range: string;
  help: string;
}

function integer(options: {
  default: number;
  min: number;
  max: number;
  unit: string;
  help: string;
}): SettingDefinition<number> {
  const { min, max, unit } = options;
  const expected = `expected a whole number from ${min} to ${max}${unit === '' ? '' : ` (${unit})`}`;
  return {
    schema: z.number({ error: expected }).int(expected).min(min, expected).max(max, expected),
    default: options.default,
    unit,
    range: `${min} to ${max}`,
    help: options.help,
  };
}

function flag(options: { default: boolean; help: string }): SettingDefinition<boolean> {
  return {
    schema: z.boolean({ error: 'expected true or false' }),
    default: options.default,
    unit: '',
    range: 'true or false',
    help: options.help,
  };
}

/** Every setting with its rule, default and help: the one list that the config file, the CLI and the window read. */
export const SETTINGS = {
  'sampling.intervalMs': integer({
    default: 2000,
    min: 500,
    max: 60_000,
    unit: 'ms',
    help: 'Time between two readings of all processes.',
  }),
  'start.graceMs': integer({
    default: 10_000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'Time after a start in which a process is not judged.',
  }),
  'stop.graceMs': integer({
    default: 10_000,
    min: 0,
    max: 600_000,
    unit: 'ms',
    help: 'Time between asking a process to end (TERM) and ending it (KILL).',
  }),
  'heal.verifyMs': integer({
    default: 10_000,
    min: 1000,
    max: 600_000,
    unit: 'ms',
    help: 'Time that a restarted program must stay alive until the heal counts as done.',
  }),
  'heal.healthyMs': integer({
    default: 60_000,
    min: 1000,
    max: 3_600_000,
    unit: 'ms',
    help: 'Time without a crash after which the restart delay starts again from zero.',
  }),
  'heal.giveUpAfter': integer({
    default: 50,
    min: 1,
    max: 10_000,
    unit: 'restarts',
    help: 'Restarts in a row that did not hold, after which a watch is left alone until it is started by hand.',
  }),
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
    help: 'How long readings of watched processes are kept.',
  }),
  'history.eventDays': integer({
    default: 365,
    min: 1,
    max: 3650,
    unit: 'days',
    help: 'How long events are kept.',
  }),
  'window.keepRunning': flag({
    default: true,
    help: 'Closing the window keeps Healdeck healing in the tray; false quits it.',
  }),
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Settings = { -readonly [K in SettingKey]: (typeof SETTINGS)[K]['default'] };

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
export const settingKeySchema = z.enum(SETTING_KEYS as [SettingKey, ...SettingKey[]]);

/** The settings of a fresh installation. */
export const DEFAULT_SETTINGS = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as Settings;

/** Settings as the config file holds them: only what differs from the defaults; unknown keys are errors. */
export const settingsOverridesSchema = z.strictObject(
  Object.fromEntries(SETTING_KEYS.map((key) => [key, (SETTINGS[key].schema as z.ZodType).optional()])),
) as unknown as z.ZodType<Partial<Settings>>;
