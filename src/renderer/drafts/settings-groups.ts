import {
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  type SettingValue,
  WATCH_SETTING_KEYS,
} from '../../shared/model/settings';
import type { WatchStatus } from '../../shared/model/snapshot';
import { SETTING_GROUPS } from '../../shared/model/settings/groups';
import { fieldOf, sectionOf, type SettingField } from './setting-fields';

/** Settings that are shown together. */
export interface SettingsGroup {
  id: string;
  title: string;
  keys: readonly SettingKey[];
}

/** Every setting that is changed in the view of settings, grouped. The profile is chosen, and alerts have a view of their own. */
export const SETTINGS_GROUPS: readonly SettingsGroup[] = groupsOf(SETTING_KEYS).filter(({ id }) => id !== 'alerts');

/** Fields of the form of a watch that belong together. */
export interface FieldGroup {
  id: string;
  title: string;
  /** Those of one thing (CPU, memory) together. */
  sections: readonly (readonly SettingField[])[];
  fields: readonly SettingField[];
}

/** Every setting that a watch may have of its own as a field, grouped. */
export const FIELD_GROUPS: readonly FieldGroup[] = groupsOf(WATCH_SETTING_KEYS).map(({ id, title, keys }) => {
  const sections = bySection(keys).map((those) => those.map(fieldOf));
  return { id, title, sections, fields: sections.flat() };
});

/** All fields of the form of a watch in the order in which they are shown. */
export const SETTING_FIELDS: readonly SettingField[] = FIELD_GROUPS.flatMap(({ fields }) => fields);

/** Settings by the group that each names, in the order of the groups. */
function groupsOf(all: readonly SettingKey[]): readonly SettingsGroup[] {
  return SETTING_GROUPS.map(({ id, title }) => {
    const keys = all.filter((key) => SETTINGS[key].group === id);
    return { id, title, keys: bySection(keys).flat() };
  }).filter(({ keys }) => keys.length > 0);
}

/** Those of one thing together, in the order in which things come first. */
function bySection(keys: readonly SettingKey[]): readonly (readonly SettingKey[])[] {
  return [...new Set(keys.map(sectionOf))].map((section) => keys.filter((key) => sectionOf(key) === section));
}

/** What a setting is when nobody sets it, under the profile in force. */
export function defaultOf(key: SettingKey, inForce: Settings): SettingValue {
  return resolveSettings({ profile: inForce.profile })[key];
}

/** Whether somebody has set it: it is not what the profile says. */
export function isChanged(key: SettingKey, inForce: Settings): boolean {
  return !sameValue(inForce[key], defaultOf(key, inForce));
}

/** The settings that most operators come for; all others are advanced. */
const BASIC: ReadonlySet<SettingKey> = new Set<SettingKey>([
  ...(['cpu.warnPercent', 'cpu.limitPercent', 'cpu.action'] as const),
  ...(['memory.warnBytes', 'memory.limitBytes', 'memory.action'] as const),
  ...(['limits.violations', 'limits.samples'] as const),
  ...(['diskRead.limitBytesPerSecond', 'diskWrite.limitBytesPerSecond', 'threads.limit', 'openFiles.limit'] as const),
  ...(['zombie.action', 'forkBomb.action', 'memoryLeak.action', 'cpuSpike.action'] as const),
  ...(['start.readyMs', 'restart.limit', 'restart.windowMs', 'cooldown.durationMs'] as const),
  ...(['observe', 'sampling.intervalMs', 'start.graceMs', 'stop.graceMs'] as const),
  ...(['output.maxBytes', 'output.files', 'history.eventDays', 'history.maxBytes'] as const),
  ...(['machine.diskPercent', 'machine.memoryPercent', 'machine.loadPerCore'] as const),
  ...(['mask.words', 'window.keepRunning'] as const),
]);

export function isBasic(key: SettingKey): boolean {
  return BASIC.has(key);
}

export interface SettingChange {
  key: SettingKey;
  from: SettingValue;
  to: SettingValue;
}

/** What another profile would change; what was set otherwise than by the profile stays. */
export function profileChanges(inForce: Settings, profile: Settings['profile']): readonly SettingChange[] {
  const own = SETTING_KEYS.filter((key) => key !== 'profile' && isChanged(key, inForce));
  const overrides = Object.fromEntries(own.map((key) => [key, inForce[key]])) as Partial<Settings>;
  const after = resolveSettings({ ...overrides, profile });
  return SETTING_KEYS.filter((key) => key !== 'profile' && !sameValue(inForce[key], after[key])).map((key) => ({
    key,
    from: inForce[key],
    to: after[key],
  }));
}

/** The groups with those settings that have all the words in their name, key, help or the title of their group. */
export function searchSettings(
  text: string,
  isWanted: (key: SettingKey) => boolean = () => true,
): readonly SettingsGroup[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return SETTINGS_GROUPS.map((group) => ({
    ...group,
    keys: group.keys.filter((key) => {
      const { label, help } = fieldOf(key);
      const all = [key, label, help, group.title].join(' ').toLowerCase();
      return isWanted(key) && words.every((word) => all.includes(word));
    }),
  })).filter(({ keys }) => keys.length > 0);
}

/** The names of the watches that have a value of their own, in their order. */
export function ownersOf(key: SettingKey, watches: Iterable<WatchStatus>): readonly string[] {
  return [...watches]
    .filter(({ watch }) => key in watch.overrides)
    .map(({ watch }) => watch.name)
    .toSorted((one, other) => one.localeCompare(other));
}
