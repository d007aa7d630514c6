import { MAX_INSTANCES } from '../../model/instances';

/** What a text for instances has to be. */
const EXPECTED = `expected a number of instances, or the fewest and the most, as in 3 or 2..4; at most ${MAX_INSTANCES}`;

export type InstancesParse = { ok: true; min: number; max: number } | { ok: false; error: string };

/** `3` or `2..4`. */
export function parseInstances(text: string): InstancesParse {
  const [, fewest, most = fewest] = /^\s*(\d{1,9})\s*(?:(?:\.\.|-|–)\s*(\d{1,9})\s*)?$/.exec(text) ?? [];
  if (fewest === undefined || most === undefined) return { ok: false, error: `${EXPECTED}; got "${text.trim()}"` };
  const [min, max] = [Number(fewest), Number(most)];
  if (max > MAX_INSTANCES || min > MAX_INSTANCES) {
    return { ok: false, error: `expected at most ${MAX_INSTANCES} instances, got ${Math.max(min, max)}` };
  }
  if (min < 1) return { ok: false, error: 'expected at least 1 instance, got 0; to run none, stop the watch' };
  if (min > max) return { ok: false, error: `expected the fewest first, as in ${max}..${min}, got ${min}..${max}` };
  return { ok: true, min, max };
}
