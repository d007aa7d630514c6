import type { SettingDefinition } from '../../model/settings/kinds';

/** What a text was read as, or what was expected instead. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problem: string };

const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  min: 60_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

const SIZE_BYTES: Readonly<Record<string, number>> = {
  b: 1,
  k: 1000,
  kb: 1000,
  m: 1_000_000,
  mb: 1_000_000,
  g: 1_000_000_000,
  gb: 1_000_000_000,
  t: 1_000_000_000_000,
  tb: 1_000_000_000_000,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** A duration such as `500ms`, `5s`, `1.5h` or `2d`, in ms. A bare number is taken as `bareUnit`. */
export function parseDuration(text: string, bareUnit: 'ms' | 's' | null = null): Parsed<number> {
  return parseQuantity(text, DURATION_MS, bareUnit, 'a duration such as 500ms, 5s, 10min, 1h or 2d');
}

/** A size such as `500M`, `500 MB`, `0.5G` or `1GiB` (M and MB are 1,000,000 bytes, MiB 1,048,576), in bytes. A bare number is bytes. */
export function parseSize(text: string): Parsed<number> {
  return parseQuantity(text, SIZE_BYTES, 'b', 'a size such as 500kB, 10MB or 1GiB');
}

/** A duration in the largest unit that holds it without a fraction: `1500ms`, `90s`, `2h`. `parseDuration` reads it back. */
export function writeDuration(ms: number): string {
  return writeQuantity(ms, ['d', 'h', 'min', 's', 'ms'], DURATION_MS);
}

/** A size in the largest unit that holds it with two decimals at most: `10MB`, `1.5GB`, `1536B`. `parseSize` reads it back. */
export function writeSize(bytes: number): string {
  for (const unit of ['TB', 'GB', 'MB', 'kB']) {
    const hundredths = bytes / ((SIZE_BYTES[unit.toLowerCase()] ?? 1) / 100);
    if (hundredths >= 100 && Number.isInteger(hundredths)) return `${hundredths / 100}${unit}`;
  }
  return `${bytes}B`;
}

/** What is needed of a setting to read and write its values. */
export type SettingKind = Pick<SettingDefinition<never>, 'unit' | 'range' | 'choices' | 'form'> & {
  default: SettingDefinition<SettingText>['default'];
  schema: { safeParse(value: unknown): { success: boolean } };
};
type SettingText = number | boolean | string | null | readonly string[];

/** The unit of a rate: written as a size each second, as in `10MB/s`. */
const RATE_UNIT = 'bytes/s';

const NONE = ['none', 'off', 'null', 'unlimited', '-'];
const YES = ['true', 'yes', 'on'];
const NO = ['false', 'no', 'off'];

/**
 * The value of a setting as written by people, by its kind: durations for `ms`, `hours` and `days`, sizes for `bytes`, `80` or
 * `80%` for shares, true or false for flags, one of the words where there is a choice, and `none` or `off` where a value
 * may be missing. The problem names what was expected, with the range, and what came instead.
 */
export function parseSettingValue(text: string, kind: SettingKind): Parsed<SettingText> {
  const value = readSettingValue(text.trim(), kind);
  if (value !== undefined && kind.schema.safeParse(value).success) return { ok: true, value };
  return { ok: false, problem: `expected ${expectationOf(kind)}, got "${text}"` };
}

/** Undefined when it can't be read at all. */
function readSettingValue(text: string, kind: SettingKind): SettingText | undefined {
  const word = text.toLowerCase();
  if (Array.isArray(kind.default)) return readList(text);
  if (typeof kind.default === 'boolean') return YES.includes(word) ? true : NO.includes(word) ? false : undefined;
  if (kind.choices !== undefined)
    return kind.choices.find((choice) => choice.toLowerCase() === word.replaceAll('-', '_'));
  if (NONE.includes(word) && kind.schema.safeParse(null).success) return null;
  if (kind.schema.safeParse(text).success) return text;
  if (kind.unit === 'ms') return valueOf(parseDuration(text, 'ms'));
  if (kind.unit === 'bytes') return valueOf(parseSize(text));
  if (kind.unit === RATE_UNIT) return valueOf(parseSize(text.replace(/\s*\/\s*s$/i, '')));
  const unitMs = { hours: DURATION_MS['h'], days: DURATION_MS['d'] }[kind.unit];
  if (unitMs !== undefined && /[a-z]$/i.test(text)) {
    const ms = valueOf(parseDuration(text));
    return ms === undefined ? undefined : ms / unitMs;
  }
  const number = kind.unit.startsWith('%') ? text.replace(/\s*%$/, '') : text;
  return /^-?\d+(\.\d+)?$/.test(number) ? Number(number) : undefined;
}

/** A JSON array, or words between commas; nothing or `none` is an empty list. */
function readList(text: string): readonly string[] | undefined {
  if (text === '' || NONE.includes(text.toLowerCase())) return [];
  if (!text.startsWith('[')) return text.split(',').map((word) => word.trim());
  try {
    const words: unknown = JSON.parse(text);
    return Array.isArray(words) && words.every((word) => typeof word === 'string') ? words : undefined;
  } catch {
    return undefined;
  }
}

function valueOf(parsed: Parsed<number>): number | undefined {
  return parsed.ok ? parsed.value : undefined;
}

/** What a setting takes, in words: `a duration from 500ms to 60s`, `a size from 1MB to 1000TB, or none`, `true or false`. */
export function expectationOf(kind: SettingKind): string {
  const [, low, high, or = ''] = /^(-?\d+(?:e\+?\d+)?) to (-?\d+(?:e\+?\d+)?)(, or none)?$/.exec(kind.range) ?? [];
  if (low === undefined || high === undefined) return kind.range;
  const span = `${written(Number(low), kind.unit)} to ${written(Number(high), kind.unit)}${or}`;
  if (kind.unit === 'ms') return `a duration from ${span}`;
  if (kind.unit === 'bytes') return `a size from ${span}`;
  if (kind.unit === RATE_UNIT) return `a rate from ${span}`;
  const whole = kind.schema.safeParse((Number(low) + Number(high)) / 2 + 0.25).success ? '' : 'whole ';
  return `a ${whole}number from ${low} to ${high}${kind.unit === '' ? '' : ` (${kind.unit})`}${or}`;
}

/** A setting's value as people write it; `parseSettingValue` reads it back. */
export function writeSettingValue(value: SettingText, unit: string): string {
  if (typeof value === 'number') return written(value, unit);
  if (value === null) return 'none';
  if (typeof value === 'string' || typeof value === 'boolean') return String(value);
  if (value.length === 0) return 'none';
  return value.every((word) => /^[^,[\s](?:[^,]*[^,\s])?$/.test(word)) ? value.join(', ') : JSON.stringify(value);
}

function written(value: number, unit: string): string {
  if (unit === 'ms') return writeDuration(value);
  if (unit === 'bytes') return writeSize(value);
  if (unit === RATE_UNIT) return `${writeSize(value)}/s`;
  return unit.startsWith('%') ? `${value}%` : String(value);
}

function parseQuantity(
  text: string,
  units: Readonly<Record<string, number>>,
  bareUnit: string | null,
  expected: string,
): Parsed<number> {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = units[(unit === '' ? bareUnit : unit?.toLowerCase()) ?? ''];
  // Own keys only: "constructor" is no unit.
  if (number === undefined || typeof factor !== 'number')
    return { ok: false, problem: `expected ${expected}, got "${text}"` };
  const value = Math.round(Number(number) * factor);
  if (!Number.isSafeInteger(value)) return { ok: false, problem: `expected ${expected}, "${text}" is too large` };
  return { ok: true, value };
}

function writeQuantity(
  value: number,
  unitsLargestFirst: readonly string[],
  factors: Readonly<Record<string, number>>,
): string {
  const matches = (unit: string): boolean => value !== 0 && value % (factors[unit] ?? 1) === 0;
  const unit = unitsLargestFirst.find(matches) ?? unitsLargestFirst.at(-1) ?? '';
  return `${value / (factors[unit] ?? 1)}${unit}`;
}
