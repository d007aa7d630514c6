import { InvalidArgumentError } from 'commander';
import { parseDuration, writeDuration } from '../../shared/lib/format/units';

/** Reads a duration within these bounds, in ms. */
export function durationFrom(leastMs: number, mostMs: number): (text: string) => number {
  return (text) => {
    const duration = parseDuration(text);
    if (!duration.ok) throw new InvalidArgumentError(`${duration.problem}.`);
    if (duration.value >= leastMs && duration.value <= mostMs) return duration.value;
    const range = `a duration from ${writeDuration(leastMs)} to ${writeDuration(mostMs)}`;
    throw new InvalidArgumentError(`expected ${range}, got "${text}".`);
  };
}
