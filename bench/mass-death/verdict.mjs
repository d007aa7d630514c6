import { percentile } from '../restart/statistics.mjs';

/** As many times longer than the reference as is allowed. */
export const MAX_RATIO = 3;

/** One row per number of programs: the medians of both in ms, their ratio, and how many of ours did not come back. */
export function summarize(counts, rounds) {
  return counts.map((count) => {
    const of = (name) => rounds.filter((round) => round.name === name && round.count === count);
    const median = (name) =>
      percentile(
        of(name).flatMap(({ ms }) => (ms === null ? [] : [ms])),
        50,
      );
    const [ours, reference] = [median('Healdeck'), median('runit')];
    const lost = of('Healdeck').reduce((sum, round) => sum + round.lost, 0);
    return { count, ours, reference, ratio: ours / reference, lost };
  });
}

/** The exit status and its reason: 0 when all came back in time, 1 when not, 2 without a reference. */
export function verdict(rows) {
  const problems = rows.flatMap(({ count, ours, reference, ratio, lost }) => {
    if (lost > 0) return [`${lost} of ${count} programs did not come back`];
    if (Number.isNaN(ours)) return [`${count} programs could not be measured`];
    if (!Number.isNaN(reference) && ratio > MAX_RATIO) {
      return [`${count} programs take ${ratio.toFixed(1)} times as long as under runit`];
    }
    return [];
  });
  if (problems.length > 0) return { status: 1, text: `Missed: ${problems.join('; ')}.` };
  const compared = rows.length > 0 && rows.every(({ reference }) => !Number.isNaN(reference));
  if (!compared) return { status: 2, text: 'runit could not be measured: there is nothing to compare with.' };
  return { status: 0, text: `All programs come back within ${MAX_RATIO} times the time of runit.` };
}
