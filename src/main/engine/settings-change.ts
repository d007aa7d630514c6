import {
  conflictsOf,
  resolveSettings,
  SETTING_KEYS,
  SETTINGS,
  withOverride,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';
import { Refusal } from './refusal';

/** Values for settings, as they came in. */
export type SettingValues = Partial<Record<SettingKey, unknown>>;

/**
 * The overrides with these values in them. In the order of the table, the profile first: what counts as an override depends
 * on it. @throws Refusal `invalid` when a value is out of its range, or the settings would not go together
 */
export function changeSettings(overrides: Partial<Settings>, values: SettingValues): Partial<Settings> {
  let changed = overrides;
  for (const key of SETTING_KEYS.filter((one) => one in values)) {
    const parsed = SETTINGS[key].schema.safeParse(values[key]);
    if (!parsed.success) {
      throw new Refusal('invalid', `${key}: ${parsed.error.issues[0]?.message ?? `expected ${SETTINGS[key].range}`}`);
    }
    changed = withOverride(changed, key, parsed.data as SettingValue);
  }
  const [conflict] = conflictsOf(resolveSettings(changed));
  if (conflict !== undefined) throw new Refusal('invalid', conflict);
  return changed;
}
