import { escapeUnprintable, truncate } from '../../shared/lib/text/escape';
import classes from './Words.module.css';

/** A longer word is cut; its title has all of it. */
const LONGEST = 120;

/** The words that a line is read as, each in a frame of its own. */
export function Words({ label, words }: { label: string; words: readonly string[] }) {
  return (
    <ol className={classes.words} aria-label={label}>
      {words.map((word, index) => (
        <li key={index} className={classes.word} data-empty={word === '' || undefined} title={escapeUnprintable(word)}>
          {word === '' ? 'empty' : truncate(escapeUnprintable(word), LONGEST)}
        </li>
      ))}
    </ol>
  );
}
