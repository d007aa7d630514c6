import type { SameCrash } from '../../../shared/model/crash-group';
import type { CrashReading } from '../ports';

/**
 * The crash that a program repeats at each start, which another start would not change: the last ends in a row that were this one.
 * null: there are fewer than `limit`, or no limit is set.
 */
export function findSameCrash(
  ends: readonly CrashReading[],
  limit: number | null,
): (SameCrash & { firstAtMs: number }) | null {
  const last = ends.at(-1)?.crash;
  if (limit === null || last === undefined) return null;
  const row = ends.slice(ends.findLastIndex(({ crash }) => crash?.id !== last.id) + 1);
  const [first] = row;
  return first === undefined || row.length < limit
    ? null
    : { times: row.length, title: last.title, firstAtMs: first.atMs };
}
