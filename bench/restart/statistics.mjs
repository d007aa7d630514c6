/** The smallest value that at least `percent` % of the values do not exceed (nearest rank); NaN for no values. */
export function percentile(values, percent) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

/** One row of the result per supervisor; times in ms, `ratio` is its p50 over that of `reference`. */
export function summarize(results, reference) {
  const base = percentile(results.find(({ name }) => name === reference)?.times ?? [], 50);
  return results.map(({ name, times, lost }) => {
    const p50 = percentile(times, 50);
    return { name, kills: times.length, lost, p50, p95: percentile(times, 95), ratio: p50 / base };
  });
}

/** 0 when ours is no slower than the reference, 1 when it is slower or could not be measured, 2 without a reference. */
export function verdict(rows, ours, reference) {
  const p50 = (name) => rows.find((row) => row.name === name && row.kills > 0)?.p50;
  const own = p50(ours);
  const theirs = p50(reference);
  if (own === undefined) return { status: 1, text: `${ours} could not be measured.` };
  if (theirs === undefined)
    return { status: 2, text: `${reference} could not be measured: there is nothing to compare with.` };
  const slower = own > theirs;
  const text = `${ours} ${own.toFixed(2)} ms, ${reference} ${theirs.toFixed(2)} ms: ${slower ? 'slower' : 'no slower'}.`;
  return { status: slower ? 1 : 0, text };
}
