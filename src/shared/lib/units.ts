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
  kb: 1000,
  mb: 1_000_000,
  gb: 1_000_000_000,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/** A duration such as `500ms`, `5s`, `1.5h` or `2d`, in ms. A bare number is taken as `bareUnit`. */
export function parseDuration(text: string, bareUnit: 'ms' | 's' | null = null): Parsed<number> {
  return parseQuantity(text, DURATION_MS, bareUnit, 'a duration such as 500ms, 5s, 10min, 1h or 2d');
}

/** A size such as `500KB`, `10MB` or `1GiB` (KB is 1000 bytes, KiB 1024), in bytes. A bare number is bytes. */
export function parseSize(text: string): Parsed<number> {
  return parseQuantity(text, SIZE_BYTES, 'b', 'a size such as 500KB, 10MB or 1GiB');
}

/** A duration in the largest unit that holds it without a fraction: `1500ms`, `90s`, `2h`. `parseDuration` reads it back. */
export function writeDuration(ms: number): string {
  return writeQuantity(ms, ['d', 'h', 'min', 's', 'ms'], DURATION_MS);
}

/** A size in the largest unit that holds it without a fraction: `10MB`, `1536B`. `parseSize` reads it back. */
export function writeSize(bytes: number): string {
  return writeQuantity(bytes, ['gb', 'mb', 'kb', 'b'], SIZE_BYTES).toUpperCase();
}

/**
 * The value of a setting as written by people, by the setting's unit: durations for `ms`, `hours` and `days`, sizes for `bytes`,
 * true/false where the setting is a flag, and plain numbers. The range is checked by the setting's own rule, not here.
 */
export function parseSettingValue(text: string, kind: { unit: string; isFlag: boolean }): Parsed<number | boolean> {
  const trimmed = text.trim();
  if (kind.isFlag) {
    const word = trimmed.toLowerCase();
    if (['true', 'yes', 'on'].includes(word)) return { ok: true, value: true };
    if (['false', 'no', 'off'].includes(word)) return { ok: true, value: false };
    return { ok: false, problem: `expected true or false, got "${text}"` };
  }
  if (kind.unit === 'ms') return parseDuration(trimmed, 'ms');
  if (kind.unit === 'bytes') return parseSize(trimmed);
  const unitMs = { hours: DURATION_MS['h'], days: DURATION_MS['d'] }[kind.unit];
  if (unitMs !== undefined && /[a-z]$/i.test(trimmed)) {
    const duration = parseDuration(trimmed);
    if (!duration.ok) return duration;
    if (duration.value % unitMs === 0) return { ok: true, value: duration.value / unitMs };
    return { ok: false, problem: `expected whole ${kind.unit}, got "${text}"` };
  }
  if (/^-?\d+(\.\d+)?$/.test(trimmed)) return { ok: true, value: Number(trimmed) };
  return { ok: false, problem: `expected a number${kind.unit === '' ? '' : ` of ${kind.unit}`}, got "${text}"` };
}

/** A setting's value as people write it; `parseSettingValue` reads it back. */
export function writeSettingValue(value: number | boolean, unit: string): string {
  if (typeof value === 'boolean') return String(value);
  if (unit === 'ms') return writeDuration(value);
  if (unit === 'bytes') return writeSize(value);
  return String(value);
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
  const fits = (unit: string): boolean => value !== 0 && value % (factors[unit] ?? 1) === 0;
  const unit = unitsLargestFirst.find(fits) ?? unitsLargestFirst.at(-1) ?? '';
  return `${value / (factors[unit] ?? 1)}${unit}`;
}
