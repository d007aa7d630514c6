import { CHANNEL_SECRETS } from '../../shared/channels';
import { EVENT_WORDS } from '../words/present-event';
import { parseSettingValue, writeSettingValue, type Parsed } from '../../shared/lib/format/units';
import {
  conflictsOf,
  SETTINGS,
  type SettingDefinition,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';

/** A setting as a field of a form. All of it comes from the table of settings. */
export interface SettingField {
  key: SettingKey;
  /** The key without its dots, which paths of a form are split at. */
  id: string;
  label: string;
  help: string;
  /** Shown beside a number; empty where the unit is typed (`500 MB`, `90 s`) or there is none. */
  unit: string;
  /** The words to choose from, one or, for a list, several; null where there are none. */
  choices: readonly string[] | null;
  isList: boolean;
}

/** What help calls secrets, which are no settings. */
const SECRET_LABELS: ReadonlyMap<string, string> = new Map(CHANNEL_SECRETS.map(({ name, label }) => [name, label]));

/** Choices whose own word would not be read well. */
const CHOICE_WORDS: Readonly<Record<string, string>> = {
  ...EVENT_WORDS,
  starttls: 'STARTTLS',
  implicit: 'Implicit TLS',
  json: 'Healdeck JSON',
  slack: 'Slack',
  discord: 'Discord',
  teams: 'Teams',
};

/** A choice in words. */
export function choiceWord(choice: string): string {
  return CHOICE_WORDS[choice] ?? choice.replaceAll('_', ' ');
}

const FLAG_WORDS = ['on', 'off'] as const;

/** The first word of a key: what the setting is about. */
export function sectionOf(key: SettingKey): string {
  return key.split('.')[0] ?? key;
}

/** A setting as a field of a form. */
export function fieldOf(key: SettingKey): SettingField {
  const { unit, label, help, choices, default: standard } = definitionOf(key);
  return {
    key,
    id: idOf(key),
    label,
    help: helpOf(help),
    unit: unit === 'ms' || unit.startsWith('bytes') ? '' : unit,
    choices: choices ?? (isFlag(key) ? FLAG_WORDS : null),
    isList: Array.isArray(standard),
  };
}

/** The name of a setting's field in a form. */
export function idOf(key: string): string {
  return key.replaceAll('.', '_');
}

/** A setting in words: `memory.warnBytes` is "Memory warning". */
export function labelOf(key: SettingKey): string {
  return SETTINGS[key].label;
}

/** Keys and values that the help quotes, as they are called in the window. */
function helpOf(help: string): string {
  return help.replace(/`([^`]+)`/g, (_, quoted: string) =>
    quoted in SETTINGS ? `“${labelOf(quoted as SettingKey)}”` : `“${SECRET_LABELS.get(quoted) ?? quoted}”`,
  );
}

function definitionOf(key: SettingKey): SettingDefinition<SettingValue> {
  return SETTINGS[key] as unknown as SettingDefinition<SettingValue>;
}

function isFlag(key: SettingKey): boolean {
  return typeof definitionOf(key).default === 'boolean';
}

/** A value as people write it: `80`, `500 MB`, `90 s`, `on`, `none`. `parseSetting` reads it back. */
export function writeSetting(key: SettingKey, value: SettingValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  const text = writeQuantity(value, definitionOf(key).unit);
  // The unit of a share stands beside it.
  return text.replace(/%$/, '');
}

/** A value with its unit, for reading: `80 % of one core`, `500 MB`. */
export function showSetting(key: SettingKey, value: SettingValue): string {
  if (typeof value === 'string') return choiceWord(value);
  if (Array.isArray(value) && value.length > 0) return value.map(choiceWord).join(', ');
  const text = writeSetting(key, value);
  const { unit } = fieldOf(key);
  return typeof value === 'number' && unit !== '' ? `${text} ${value === 1 ? singular(unit) : unit}` : text;
}

function singular(unit: string): string {
  return unit.replace(/(?<=ss)es$|s$/, '');
}

/** A value in its unit as it is typed in a form: `90 s`, `500 MB`. */
export function writeQuantity(value: Exclude<SettingValue, boolean>, unit: string): string {
  return spaced(writeSettingValue(value, unit));
}

function spaced(quantity: string): string {
  return quantity.replace(/^([\d.]+)([a-z]+)$/i, '$1 $2');
}

/** What was typed for a setting, or what was expected instead, with the setting's own range. */
export function parseSetting(key: SettingKey, text: string): Parsed<SettingValue> {
  return parseSettingValue(text.trim(), definitionOf(key)) as Parsed<SettingValue>;
}

/** What is wrong between the settings that a watch would have, by key; what is wrong without its own is not its fault. */
export function conflictsByKey(own: Partial<Settings>, forAll: Settings): Partial<Record<SettingKey, string>> {
  const known = new Set(conflictsOf(forAll));
  const found: Partial<Record<SettingKey, string>> = {};
  for (const conflict of conflictsOf({ ...forAll, ...own })) {
    const [key, problem] = splitOnce(conflict, ': ');
    if (!known.has(conflict) && key in SETTINGS) found[key as SettingKey] ??= inWords(problem);
  }
  return found;
}

function splitOnce(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)];
}

/** A conflict with labels for keys, and a blank between a number and its unit. */
function inWords(problem: string): string {
  return problem
    .replace(/\b(\d[\d.]*)([a-z]+\b|%)/gi, '$1 $2')
    .replace(/\b[a-z]\w*\.[a-z]\w*\b/gi, (name) => (name in SETTINGS ? `“${labelOf(name as SettingKey)}”` : name));
}

/** What a number means on this machine: a share of all its cores, or that it has less than that. null: nothing to add. */
export function onThisMachine(
  key: SettingKey,
  value: SettingValue,
  machine: { cores: number; memoryBytes: number },
): string | null {
  if (typeof value !== 'number') return null;
  const { unit } = definitionOf(key);
  if (unit === '% of one core' && machine.cores > 0) {
    const share = Math.round((value / machine.cores) * 10) / 10;
    return share > 100
      ? `More than this machine has: ${machine.cores * 100} % on ${machine.cores} cores`
      : `= ${share} % of this machine`;
  }
  if (sectionOf(key) === 'memory' && machine.memoryBytes > 0 && value > machine.memoryBytes) {
    return `More than this machine has: ${spaced(writeSettingValue(Math.round(machine.memoryBytes / 1e6) * 1e6, 'bytes'))}`;
  }
  return null;
}
