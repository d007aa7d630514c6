import { z } from 'zod';
import type { SettingGroupId } from './groups';

/** How a setting is written and checked. `null` as a value means: none, off. */
export interface SettingDefinition<T> {
  schema: z.ZodType<T>;
  default: T;
  /** Unit of the value, as shown: `ms`, `bytes`, … ; empty for none. */
  unit: string;
  /** The accepted range, in words. */
  range: string;
  /** What it is called in the window: a noun phrase that an operator would search for. */
  label: string;
  group: SettingGroupId;
  help: string;
  /** `lines`: a text that may have several lines; `argv`: a program and its arguments. */
  form?: 'lines' | 'argv';
  /** The words to choose from, one, or for a list several; undefined for numbers, flags and free texts. */
  choices?: readonly string[];
  /** Whether a watch may have a value of its own. */
  perWatch: boolean;
}

interface Common {
  label: string;
  group: SettingGroupId;
  help: string;
  perWatch?: boolean;
}

interface Range extends Common {
  min: number;
  max: number;
  unit: string;
}

/** A whole number within a range. */
export function integer(options: Range & { default: number }): SettingDefinition<number> {
  const { min, max, unit } = options;
  const expected = `expected a whole number from ${min} to ${max}${inUnit(unit)}`;
  return {
    ...common(options),
    schema: z.number({ error: expected }).int(expected).min(min, expected).max(max, expected),
    default: options.default,
    unit,
    range: `${min} to ${max}`,
  };
}

/** A ceiling that may be missing; it is unless there is a standard. */
export function ceiling(options: Range, standard: number | null = null): SettingDefinition<number | null> {
  const { min, max, unit } = options;
  const expected = `expected a number from ${min} to ${max}${inUnit(unit)}, or none`;
  return {
    ...common(options),
    schema: z.number({ error: expected }).min(min, expected).max(max, expected).nullable(),
    default: standard,
    unit,
    range: `${min} to ${max}, or none`,
  };
}

/** A whole number that may be missing, and is unless there is a default. */
export function optionalInteger(options: Range, standard: number | null = null): SettingDefinition<number | null> {
  const definition = integer({ ...options, default: options.min });
  return {
    ...definition,
    schema: definition.schema.nullable() as z.ZodType<number | null>,
    default: standard,
    range: `${definition.range}, or none`,
  };
}

/** Yes or no. */
export function flag(options: Common & { default: boolean }): SettingDefinition<boolean> {
  return {
    ...common(options),
    schema: z.boolean({ error: 'expected true or false' }),
    default: options.default,
    unit: '',
    range: 'true or false',
  };
}

/** One of several words. */
export function choice<const T extends string>(
  options: Common & { default: T; choices: readonly T[] },
): SettingDefinition<T> {
  const range = `one of ${options.choices.join(', ')}`;
  return {
    ...common(options),
    schema: z.enum(options.choices as unknown as readonly [T, ...T[]], {
      error: `expected ${range}`,
    }) as unknown as z.ZodType<T>,
    default: options.default,
    unit: '',
    range,
    choices: options.choices,
  };
}

/** A text that may be missing. */
export function text(
  options: Common & { range: string; pattern?: RegExp; max?: number; lines?: true },
): SettingDefinition<string | null> {
  const { range, pattern = /^[^\0\r\n]+$/, max = 1000, lines } = options;
  const expected = `expected ${range}, or none`;
  const schema = lines ? z.string({ error: expected }) : z.string({ error: expected }).regex(pattern, expected);
  return {
    ...common(options),
    schema: schema.min(1, expected).max(max, `expected at most ${max} characters`).nullable(),
    default: null,
    unit: '',
    range: `${range}, or none`,
    ...(lines && { form: 'lines' }),
  };
}

/** Several texts, which may be none. */
export function list<const T extends string>(
  options: Common & {
    range: string;
    default?: readonly T[];
    item: z.ZodType<T>;
    max?: number;
    choices?: readonly T[];
    form?: 'argv';
  },
): SettingDefinition<readonly T[]> {
  const { range, item, max = 100, choices, form } = options;
  return {
    ...common(options),
    schema: z.array(item, { error: `expected a list of ${range}` }).max(max, `expected at most ${max}`),
    default: options.default ?? [],
    unit: '',
    range: `a list of ${range}`,
    ...(choices !== undefined && { choices }),
    ...(form !== undefined && { form }),
  };
}

/** One item of a list, of a certain form. */
export function item(range: string, pattern: RegExp): z.ZodType<string> {
  return z.string({ error: `expected ${range}` }).regex(pattern, `expected ${range}`);
}

function common({ label, group, help, perWatch = false }: Common): Required<Common> {
  return { label, group, help, perWatch };
}

function inUnit(unit: string): string {
  return unit === '' ? '' : ` (${unit})`;
}
