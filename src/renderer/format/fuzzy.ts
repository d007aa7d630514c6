/**
 * How well a query fits a text: null when its letters are not all in it, in their order; else the higher the better. Letters
 * that begin a word or follow each other count more, and short texts win over long ones.
 */
export function fuzzyScore(query: string, text: string): number | null {
  const wanted = query.toLowerCase().replaceAll(/\s+/g, '');
  const within = text.toLowerCase();
  let score = 0;
  let from = 0;
  for (const letter of wanted) {
    const at = within.indexOf(letter, from);
    if (at === -1) return null;
    score += at === from && from > 0 ? 3 : isWordStart(within, at) ? 2 : 0;
    from = at + 1;
  }
  return score - text.length / 100;
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || /[^\p{L}\p{N}]/u.test(text.charAt(at - 1));
}

/** Those that fit, the best first; equally good ones stay in their order. Without a query all, as they are. */
export function fuzzyFilter<T>(items: readonly T[], query: string, textOf: (item: T) => string): readonly T[] {
  if (query.trim() === '') return items;
  return items
    .map((item) => ({ item, score: scoreOf(query, textOf(item)) }))
    .filter((one): one is { item: T; score: number } => one.score !== null)
    .toSorted((one, other) => other.score - one.score)
    .map(({ item }) => item);
}

/** Words that stand in the text as they are win over letters that are scattered. */
function scoreOf(query: string, text: string): number | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const within = text.toLowerCase();
  const whole = words.every((word) => within.includes(word)) ? 100 : 0;
  const scattered = fuzzyScore(query, text);
  return whole === 0 ? scattered : whole + (scattered ?? 0);
}
