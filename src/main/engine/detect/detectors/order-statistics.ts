/** The longest series that has a trend here. */
const MAX_LENGTH = 64;

// Shared by all callers: used within one call only, and nothing is allocated at a reading.
const slopes = new Float64Array((MAX_LENGTH * (MAX_LENGTH - 1)) / 2);

/** Kendall's tau of the values over their order, from -1 to 1. It is tau-a: a tie counts as neither rise nor fall. */
export function kendallTau(values: Float64Array): number {
  let score = 0;
  for (let later = 1; later < values.length; later++) {
    const value = values[later] as number;
    for (let earlier = 0; earlier < later; earlier++) {
      const before = values[earlier] as number;
      if (value > before) score++;
      else if (value < before) score--;
    }
  }
  return (2 * score) / (values.length * (values.length - 1));
}

/** The median slope over all pairs of the values from index `from` on (Theil-Sen), per step; at most 64 values. */
export function theilSenSlope(values: Float64Array, from: number): number {
  let count = 0;
  for (let later = from + 1; later < values.length; later++) {
    const value = values[later] as number;
    for (let earlier = from; earlier < later; earlier++) {
      slopes[count++] = (value - (values[earlier] as number)) / (later - earlier);
    }
  }
  return select(slopes, count, count >> 1);
}

/**
 * The element that would stand at `rank` (from 0) if the first `length` values were sorted. Reorders them; no allocation,
 * linear time on average (Hoare's selection).
 */
export function select(values: Float64Array, length: number, rank: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i <= j) {
        const value = values[i] as number;
        values[i] = values[j] as number;
        values[j] = value;
        i++;
        j--;
      }
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank] as number;
}
