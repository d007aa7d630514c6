import type { Parsed } from '../../shared/lib/format/units';
import {
  sameValue,
  SETTING_KEYS,
  SETTINGS,
  type SettingDefinition,
  type SettingKey,
  type Settings,
  type SettingValue,
} from '../../shared/model/settings';
import { parseSetting, writeSetting } from './setting-fields';

/** A setting as it is typed: a text, a switch, or several texts. */
export type Draft = string | boolean | readonly string[];
export type Drafts = Partial<Record<SettingKey, Draft>>;

/** What kind of field a setting is typed in. */
export type FieldKind = 'flag' | 'choice' | 'choices' | 'list' | 'number' | 'text' | 'lines';

/** The kind of field of a setting, by its rule. */
export function kindOf(key: SettingKey): FieldKind {
  const { default: standard, choices, form, schema } = definitionOf(key);
  if (typeof standard === 'boolean') return 'flag';
  if (Array.isArray(standard)) return choices === undefined ? 'list' : 'choices';
  if (choices !== undefined) return 'choice';
  if (form === 'lines') return 'lines';
  return typeof standard === 'number' || schema.safeParse(1).success || definitionOf(key).unit !== ''
    ? 'number'
    : 'text';
}

/** A value as it is typed. A value that may be missing, and is, is an empty text. */
export function draftOf(key: SettingKey, value: SettingValue): Draft {
  if (typeof value === 'boolean' || Array.isArray(value)) return value;
  if (value === null) return '';
  return typeof value === 'number' ? writeSetting(key, value) : String(value as string);
}

/** What was typed, or what was expected instead, in the words of the setting's own rule. */
export function readDraftOf(key: SettingKey, draft: Draft): Parsed<SettingValue> {
  if (kindOf(key) === 'number' && typeof draft === 'string' && draft.trim() !== '') return parseSetting(key, draft);
  const text = typeof draft === 'string' && draft.trim() === '' ? null : draft;
  const parsed = definitionOf(key).schema.safeParse(text);
  if (parsed.success) return { ok: true, value: parsed.data };
  const [issue] = parsed.error.issues;
  const item = typeof issue?.path[0] === 'number' && Array.isArray(draft) ? draft[issue.path[0]] : undefined;
  const problem = issue?.message ?? `expected ${definitionOf(key).range}`;
  return { ok: false, problem: typeof item === 'string' ? `${problem}, got "${item}"` : problem };
}

/** The drafts that would change something: those with another value, and those that can't be read. */
export function changedKeys(drafts: Drafts, settings: Settings): readonly SettingKey[] {
  return SETTING_KEYS.filter((key) => {
    const draft = drafts[key];
    if (draft === undefined) return false;
    const read = readDraftOf(key, draft);
    return !read.ok || !sameValue(read.value, settings[key]);
  });
}

/** Which setting a refusal of the engine is about, and its words: `mail.port: expected …`. null: about none. */
export function refusedSetting(message: string): { key: SettingKey; problem: string } | null {
  const [, name, problem] = /^([a-z]\w*(?:\.\w+)?): (.+)$/is.exec(message) ?? [];
  const key = SETTING_KEYS.find((one) => one === name);
  return key === undefined || problem === undefined ? null : { key, problem };
}

function definitionOf(key: SettingKey): SettingDefinition<SettingValue> {
  return SETTINGS[key] as unknown as SettingDefinition<SettingValue>;
}
