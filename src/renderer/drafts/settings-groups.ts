import { expectationOf, type SettingKind } from '../../shared/lib/format/units';
import {
  resolveSettings,
  sameValue,
  SETTING_KEYS,
  SETTINGS,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';
import type { WatchStatus } from '../../shared/model/snapshot';
import { fieldOf } from './setting-fields';

/** Settings that are shown together. */
export interface SettingsGroup {
  id: string;
  title: string;
  keys: readonly SettingKey[];
}

/** The first words of the keys that the view of alerts is for. */
const ELSEWHERE: readonly string[] = ['alerts', 'mail', 'desktop', 'webhook', 'command'];

const GROUPS: readonly { id: string; title: string; sections: readonly string[] }[] = [
  { id: 'limits', title: 'Limits', sections: ['cpu', 'memory', 'limits'] },
  { id: 'disk', title: 'Disk', sections: ['diskRead', 'diskWrite'] },
  { id: 'counts', title: 'Threads, open files and children', sections: ['threads', 'openFiles', 'children'] },
  { id: 'anomalies', title: 'Anomalies', sections: ['zombie', 'forkBomb', 'memoryLeak', 'cpuSpike'] },
  { id: 'budget', title: 'Restart budget and cooldown', sections: ['restart', 'cooldown', 'storm'] },
  {
    id: 'healing',
    title: 'Starting, stopping and healing',
    sections: ['observe', 'sampling', 'start', 'stop', 'heal'],
  },
  { id: 'files', title: 'Output and healing log', sections: ['output', 'healingLog'] },
  { id: 'history', title: 'History', sections: ['history'] },
  { id: 'secrets', title: 'Secrets', sections: ['mask'] },
  { id: 'window', title: 'Window', sections: ['window'] },
];

/** Every setting that is changed in the view of settings, grouped; what no group names is in a last one. The profile is not among them: it is chosen. */
export const SETTINGS_GROUPS: readonly SettingsGroup[] = withRemainder(
  GROUPS.map(({ id, title, sections }) => ({
    id,
    title,
    keys: sections.flatMap((section) => SETTING_KEYS.filter((key) => sectionOf(key) === section)),
  })),
);

function withRemainder(groups: readonly SettingsGroup[]): readonly SettingsGroup[] {
  const named = new Set<SettingKey>(['profile', ...groups.flatMap(({ keys }) => keys)]);
  const keys = SETTING_KEYS.filter((key) => !named.has(key) && !ELSEWHERE.includes(sectionOf(key)));
  return keys.length === 0 ? groups : [...groups, { id: 'others', title: 'Others', keys }];
}

function sectionOf(key: SettingKey): string {
  return key.split('.')[0] ?? key;
}

/** What a setting is when nobody sets it, under the profile in force. */
export function standardOf(key: SettingKey, inForce: Settings): SettingValue {
  return resolveSettings({ profile: inForce.profile })[key];
}

/** Whether somebody has set it: it is not what the profile says. */
export function isChanged(key: SettingKey, inForce: Settings): boolean {
  return !sameValue(inForce[key], standardOf(key, inForce));
}

/** What a setting takes, in words: `a duration from 500 ms to 1 min`. */
export function rangeOf(key: SettingKey): string {
  return expectationOf(SETTINGS[key] as SettingKind).replace(/(\d)([a-z]+)\b/gi, '$1 $2');
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
