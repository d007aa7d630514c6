/** A number from `from` to `to`, both included. */
export interface NumberRange {
  from: number;
  to: number;
}

/** `200-399,418` as ranges; null where a part is neither a number nor a range. */
export function parseNumberRanges(text: string): readonly NumberRange[] | null {
  const ranges: NumberRange[] = [];
  for (const part of text.split(',')) {
    const [, first = '', last = first] = /^\s*(\d{1,9})(?:\s*-\s*(\d{1,9}))?\s*$/.exec(part) ?? [];
    if (first === '' || Number(last) < Number(first)) return null;
    ranges.push({ from: Number(first), to: Number(last) });
  }
  return ranges;
}

/** Whether one of the ranges holds the number. */
export function isWithin(ranges: readonly NumberRange[], value: number): boolean {
  return ranges.some(({ from, to }) => value >= from && value <= to);
}
