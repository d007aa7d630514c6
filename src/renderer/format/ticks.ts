const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Distances between marks of a time axis that people count in. */
const STEPS = [
  10_000,
  30_000,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE,
  10 * MINUTE,
  15 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  3 * HOUR,
  6 * HOUR,
  12 * HOUR,
  24 * HOUR,
  48 * HOUR,
  120 * HOUR,
];

/** At most six round local times between two instants. */
export function timeTicks(from: number, to: number): number[] {
  const step = STEPS.find((one) => (to - from) / one <= 6) ?? 24 * HOUR;
  const offset = new Date(to).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let at = Math.ceil((from - offset) / step) * step + offset; at <= to; at += step) ticks.push(at);
  return ticks;
}

/** The next of 1, 2, 5, 10, 20, 50 … × 10ⁿ that is not below the value, and not below `least`. */
export function niceCeiling(value: number, least: number): number {
  const wanted = Math.max(value, least);
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5, 10].find((one) => one * power >= wanted * (1 - 1e-9)) ?? 10;
  return factor * power;
}
