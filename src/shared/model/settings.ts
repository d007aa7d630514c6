import { z } from 'zod';
import { LIMITS } from '../findings';
import { templateProblems } from '../lib/text/mail-template';
import { writeSettingValue } from '../lib/format/units';
import { ALERT_SETTINGS } from './settings/alert-settings';
import { ANOMALY_SETTINGS } from './settings/anomaly-settings';
import { choice, flag, type SettingDefinition } from './settings/kinds';
import { LIMIT_SETTINGS } from './settings/limit-settings';
import { MACHINE_SETTINGS } from './settings/machine-settings';
import { PROBE_SETTINGS } from './settings/probe-settings';
import { RESTART_SETTINGS } from './settings/restart-settings';
import { SECRET_SETTINGS } from './settings/secret-settings';
import { START_SETTINGS } from './settings/start-settings';
import { STORAGE_SETTINGS } from './settings/storage-settings';
import { WINDOW_SETTINGS } from './settings/window-settings';

export type { SettingDefinition } from './settings/kinds';

/** Every setting with its rule, default and help: the one list that the config file, the CLI and the window read. */
export const SETTINGS = {
  profile: choice({
    label: 'Profile',
    group: 'profile',
    default: 'default',
    choices: ['default', 'classic'],
    help: 'The defaults of all other settings: `classic` acts on the first violation, with one restart window, no delays and the older rules for anomalies.',
  }),
  observe: flag({
    label: 'Observe only',
    group: 'healing',
    default: false,
    perWatch: true,
    help: 'Problems are detected, logged and reported with what would have been done, but no action is taken.',
  }),
  ...LIMIT_SETTINGS,
  ...ANOMALY_SETTINGS,
  ...MACHINE_SETTINGS,
  ...RESTART_SETTINGS,
  ...START_SETTINGS,
  ...PROBE_SETTINGS,
  ...STORAGE_SETTINGS,
  ...SECRET_SETTINGS,
  ...ALERT_SETTINGS,
  ...WINDOW_SETTINGS,
} as const;

export type SettingKey = keyof typeof SETTINGS;
export type Settings = {
  -readonly [K in SettingKey]: (typeof SETTINGS)[K] extends SettingDefinition<infer T> ? T : never;
};
/** The value of any setting. */
export type SettingValue = Settings[SettingKey];

export const SETTING_KEYS = Object.keys(SETTINGS) as SettingKey[];
export const settingKeySchema = z.enum(SETTING_KEYS as [SettingKey, ...SettingKey[]]);

/** The settings that alerts depend on. */
export const ALERT_SETTING_KEYS = SETTING_KEYS.filter((key) => ['alerts', 'channel'].includes(SETTINGS[key].group));

/** The settings of a fresh installation. */
export const DEFAULT_SETTINGS = Object.fromEntries(SETTING_KEYS.map((key) => [key, SETTINGS[key].default])) as Settings;

/** What the profile `classic` sets differently: the rules of the older set-up, for those who relied on them. */
const CLASSIC: Partial<Settings> = {
  profile: 'classic',
  'limits.violations': 1,
  'limits.samples': 1,
  'restart.mediumLimit': null,
  'restart.longLimit': null,
  'restart.sameCrashLimit': null,
  'heal.retryOnChange': false,
  'restart.delays': false,
  'restart.jitterPercent': 0,
  'cooldown.growth': false,
  'forkBomb.rule': 'classic',
  'memoryLeak.rule': 'strict',
  'memoryLeak.action': 'restart',
  'cpuSpike.rule': 'classic',
  'descriptorLeak.action': 'off',
  'threadLeak.action': 'off',
  'stall.action': 'off',
};

/** Only what somebody has set; unknown keys are errors. */
export const settingsOverridesSchema = overridesSchema(SETTING_KEYS);

/** The settings that a watch may have of its own. */
export const WATCH_SETTING_KEYS = SETTING_KEYS.filter((key) => SETTINGS[key].perWatch);
export const watchOverridesSchema = overridesSchema(WATCH_SETTING_KEYS);

/** The settings in force: those of the profile, and over them layer by layer what was set. */
export function resolveSettings(...layers: readonly Partial<Settings>[]): Settings {
  const profile = layers.findLast((layer) => layer.profile !== undefined)?.profile ?? 'default';
  return Object.assign({ ...DEFAULT_SETTINGS }, profile === 'classic' ? CLASSIC : {}, ...layers) as Settings;
}

/** The overrides with one more; a value that the profile has anyway is not an override. */
export function withOverride(overrides: Partial<Settings>, key: SettingKey, value: SettingValue): Partial<Settings> {
  const { [key]: _, ...others } = overrides;
  const standard = key === 'profile' ? DEFAULT_SETTINGS : resolveSettings({ profile: overrides.profile ?? 'default' });
  return sameValue(standard[key], value) ? (others as Partial<Settings>) : { ...others, [key]: value };
}

/** Whether two values of a setting are the same; lists are by what is in them. */
export function sameValue(one: SettingValue, other: SettingValue): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}

/** What is wrong between settings that are each fine alone; empty when nothing is. */
export function conflictsOf(settings: Settings): readonly string[] {
  const problems: string[] = [];
  if (settings['limits.violations'] > settings['limits.samples']) {
    problems.push(
      `limits.violations: expected at most limits.samples (${settings['limits.samples']}), got ${settings['limits.violations']}: the window could never fill`,
    );
  }
  for (const { warn, act } of LIMITS.map(({ keys }) => keys)) {
    const [low, high] = [warn === null ? null : settings[warn], settings[act]];
    if (low !== null && high !== null && low > high) {
      const { unit } = SETTINGS[act];
      const [most, given] = [writeSettingValue(high, unit), writeSettingValue(low, unit)];
      problems.push(`${warn}: expected at most ${act} (${most}), got ${given}`);
    }
  }
  if (settings['cooldown.maxMs'] < settings['cooldown.durationMs']) {
    problems.push(
      `cooldown.maxMs: expected at least cooldown.durationMs (${writeSettingValue(settings['cooldown.durationMs'], 'ms')}), got ${writeSettingValue(settings['cooldown.maxMs'], 'ms')}`,
    );
  }
  for (const part of ['subject', 'text', 'html'] as const) {
    const key = `mail.${part}Template` as const;
    problems.push(...templateProblems(part, settings[key] ?? '').map((problem) => `${key}: ${problem}`));
  }
  return problems;
}

function overridesSchema(keys: readonly SettingKey[]): z.ZodType<Partial<Settings>> {
  const shape = Object.fromEntries(keys.map((key) => [key, (SETTINGS[key].schema as z.ZodType).optional()]));
  return z.strictObject(shape, {
    // Undefined leaves all other faults to the text that zod has for them.
    error: (issue) => (issue.code === 'unrecognized_keys' ? unknownKeys(issue.keys as readonly string[]) : undefined),
  }) as unknown as z.ZodType<Partial<Settings>>;
}

function unknownKeys(keys: readonly string[]): string {
  return keys
    .map((key) =>
      (SETTING_KEYS as readonly string[]).includes(key)
        ? `${key} applies to all watches and can't be set for one`
        : `no setting is called ${JSON.stringify(key)}`,
    )
    .join('; ');
}
