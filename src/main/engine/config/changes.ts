import { probeText } from '../../../shared/lib/format/probe-words';
import { schedulePartTexts } from '../../../shared/lib/format/schedule-words';
import { instancesText } from '../../../shared/lib/instances';
import { dependencyText } from '../../../shared/lib/text/dependency-text';
import { formatArgv } from '../../../shared/lib/text/argv';
import { truncate } from '../../../shared/lib/text/escape';
import { writeSettingValue } from '../../../shared/lib/format/units';
import type { Change } from '../../../shared/model/event';
import { SETTING_KEYS, SETTINGS, type SettingKey, type Settings } from '../../../shared/model/settings';
import { startCommandOf, type Command, type Target, type Watch } from '../../../shared/model/watch';

/** Shows of a value what clients may see. */
export interface Shown {
  settings: (settings: Settings) => Settings;
  watch: (watch: Watch) => Watch;
}

/** What differs in the settings in force, each with the value before and after. In the order of the table. */
export function changesOfSettings(
  before: Settings,
  after: Settings,
  shown: Pick<Shown, 'settings'>,
): readonly Change[] {
  const rows = (one: Settings, other: Settings): readonly Row[] =>
    SETTING_KEYS.map((key) => [key, valueText(key, one), valueText(key, other)]);
  return differing(rows(before, after), rows(shown.settings(before), shown.settings(after)));
}

/** What differs in a watch. */
export function changesOfWatch(before: Watch, after: Watch, shown: Shown): readonly Change[] {
  return differing(rowsOfWatch(before, after), rowsOfWatch(shown.watch(before), shown.watch(after)));
}

/** null: not set. */
type Row = readonly [field: string, before: string | null, after: string | null];

/** The rows that differ, as they may be shown: two secrets look the same. */
function differing(whole: readonly Row[], shown: readonly Row[]): readonly Change[] {
  return shown
    .filter((_, at) => whole[at]?.[1] !== whole[at]?.[2])
    .map(([field, before, after]) => ({ field, before: short(before), after: short(after) }));
}

/** A template for mails is a value too. */
const MAX_CHARACTERS = 200;

function short(text: string | null): string | null {
  return text === null ? null : truncate(text, MAX_CHARACTERS);
}

function rowsOfWatch(before: Watch, after: Watch): readonly Row[] {
  const overridden = SETTING_KEYS.filter((key) => key in before.overrides || key in after.overrides);
  return [
    ['name', before.name, after.name],
    ['groups', groupsText(before), groupsText(after)],
    ['match', patternText(before.target, 'match'), patternText(after.target, 'match')],
    ['must not run', patternText(before.target, 'forbidden'), patternText(after.target, 'forbidden')],
    ...rowsOfCommand(startCommandOf(before.target), startCommandOf(after.target)),
    ['restart', before.restart ?? null, after.restart ?? null],
    ['success', successText(before), successText(after)],
    ['instances', instancesRow(before), instancesRow(after)],
    ['autostart', String(before.autostart), String(after.autostart)],
    ['after', afterText(before), afterText(after)],
    ...rowsOfProbes(before, after),
    ...rowsOfSchedule(before, after),
    ...overridden.map((key): Row => [key, overrideText(key, before.overrides), overrideText(key, after.overrides)]),
  ];
}

/** `3 of 2..4`, or `3` where it is always 3. */
function instancesRow({ instances }: Watch): string | null {
  if (instances === undefined) return null;
  const range = instancesText(instances);
  return instances.min === instances.max ? range : `${instances.count} of ${range}`;
}

function afterText({ after }: Watch): string | null {
  return after.length === 0 ? null : after.map(dependencyText).join(', ');
}

function rowsOfProbes(before: Watch, after: Watch): readonly Row[] {
  const names = [...new Set([...before.probes, ...after.probes].map(({ name }) => name))];
  const textIn = ({ probes }: Watch, wanted: string): string | null => {
    const probe = probes.find(({ name }) => name === wanted);
    return probe === undefined ? null : probeText(probe);
  };
  return names.map((name): Row => [`probe ${name}`, textIn(before, name), textIn(after, name)]);
}

function rowsOfSchedule(before: Watch, after: Watch): readonly Row[] {
  const earlier = schedulePartTexts(before.schedule);
  return Object.entries(schedulePartTexts(after.schedule)).map(([part, text]): Row => [
    part,
    earlier[part] ?? null,
    text,
  ]);
}

function rowsOfCommand(before: Command | null, after: Command | null): readonly Row[] {
  const namesIn = (command: Command | null): readonly string[] => [
    ...Object.keys(command?.env ?? {}),
    ...(command?.hiddenEnv ?? []),
  ];
  const names = [...new Set([...namesIn(before), ...namesIn(after)])].sort();
  return [
    ['command', before && formatArgv(before.argv), after && formatArgv(after.argv)],
    ['directory', before?.cwd ?? null, after?.cwd ?? null],
    ['user', before?.user ?? null, after?.user ?? null],
    ...names.map((name): Row => [`variable ${name}`, variableText(before, name), variableText(after, name)]),
  ];
}

function variableText(command: Command | null, name: string): string | null {
  const value = command?.env[name];
  if (value !== undefined) return value;
  return command?.hiddenEnv?.includes(name) === true ? 'a secret' : null;
}

function groupsText({ groups }: Pick<Watch, 'groups'>): string | null {
  return groups.join(', ') || null;
}

function successText({ success }: Pick<Watch, 'success'>): string | null {
  return [...success.exitCodes, ...success.signals].join(', ') || null;
}

function patternText(target: Target, kind: 'match' | 'forbidden'): string | null {
  return target.kind === kind ? `${target.by} ${target.pattern}` : null;
}

function overrideText(key: SettingKey, overrides: Partial<Settings>): string | null {
  const value = overrides[key];
  return value === undefined ? null : writeSettingValue(value, SETTINGS[key].unit);
}

function valueText(key: SettingKey, settings: Settings): string {
  return writeSettingValue(settings[key], SETTINGS[key].unit);
}
