const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Readings as a line of small bars, from the lowest to the highest of them. More than `columns` readings are thinned, and
 * of those that share a bar the highest is shown; values that are no numbers are left out.
 */
export function sparkline(values: readonly number[], columns: number): string {
  const finite = values.filter(Number.isFinite);
  const count = Math.min(columns, finite.length);
  if (count < 1) return '';
  const shown = Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * finite.length) / count);
    const to = Math.floor(((index + 1) * finite.length) / count);
    return Math.max(...finite.slice(from, Math.max(from + 1, to)));
  });
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  return shown
    .map((value) => (span > 0 ? Math.round(((value - low) / span) * (BARS.length - 1)) : 0))
    .map((step) => BARS[step] ?? BARS[0])
    .join('');
}
