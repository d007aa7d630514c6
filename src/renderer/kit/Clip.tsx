import { escapeUnprintable, truncate } from '../../shared/lib/text/escape';
import classes from './Clip.module.css';

/** More than any row is wide: what is longer need not be laid out. */
const CLIP_LENGTH = 300;

/** From here on a text may be higher than what stands around it. */
const LONG_LENGTH = 600;

interface TextProps {
  text: string;
  /** In the fixed-width font, for what programs and paths are called. */
  code?: boolean;
}

/** Text of any origin in one line: cut off where the room ends, with the whole in a tooltip. Control characters are shown as escapes. */
export function Clip({ text, code = false }: TextProps) {
  const visible = escapeUnprintable(text);
  return (
    <span className={code ? `${classes.clip} ${classes.code}` : classes.clip} title={visible}>
      {truncate(visible, CLIP_LENGTH)}
    </span>
  );
}

/** The same in two lines: for sentences, whose end matters as much as their beginning. */
export function ClipSentence({ text }: { text: string }) {
  const visible = escapeUnprintable(text);
  return (
    <span className={classes.sentence} title={visible}>
      {truncate(visible, CLIP_LENGTH)}
    </span>
  );
}

/** Text of any origin, whole, over as many lines as it needs; what is very long scrolls in a box of its own. */
export function Whole({ text, code = false }: TextProps) {
  const isLong = text.length > LONG_LENGTH;
  const names = [classes.whole, code && classes.code, isLong && classes.long].filter(Boolean).join(' ');
  return (
    <span className={names} {...(isLong ? { tabIndex: 0 } : {})}>
      {escapeUnprintable(text)}
    </span>
  );
}
