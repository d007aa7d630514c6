import { maskArgv } from './mask-argv';
import { MASK } from './mask-secrets';

/** An argument vector that is whole again, or which of its words (counted from 0) hides what nobody knows. */
export type RestoredArgv = { ok: true; argv: string[] } | { ok: false; at: number };

/**
 * Puts back what {@link maskArgv} has hidden in `shown`, which somebody may have edited, out of `whole`. A masked word stands for
 * the one that is masked in the same way, and behind the same word where nothing else of it is left to identify it; of several
 * such words each for the one of its number. Where their numbers differ and what they hide does too, none is guessed.
 */
export function restoreArgv(
  shown: readonly string[],
  whole: readonly string[],
  words: readonly string[] = [],
): RestoredArgv {
  const masked = maskArgv(whole, words);
  const argv: string[] = [];
  for (const [at, word] of shown.entries()) {
    if (!word.includes(MASK)) {
      argv.push(word);
      continue;
    }
    const candidates = placesOf(keyOf(shown, at), masked).map((index) => whole[index] ?? '');
    const places = placesOf(keyOf(shown, at), shown);
    const certain = candidates.length === places.length || new Set(candidates).size === 1;
    if (candidates.length === 0 || !certain) return { ok: false, at };
    argv.push(candidates[places.indexOf(at)] ?? candidates[0] ?? '');
  }
  return { ok: true, argv };
}

function placesOf(key: string, argv: readonly string[]): number[] {
  return [...argv.keys()].filter((at) => keyOf(argv, at) === key);
}

/** What identifies a word. */
function keyOf(argv: readonly string[], at: number): string {
  const word = argv[at] ?? '';
  return word === MASK ? `${argv[at - 1] ?? ''}\0${word}` : word;
}
