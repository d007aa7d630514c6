import { escapeUnprintable, truncate } from '../../shared/lib/escape';
import classes from './Clip.module.css';

/** More than any row is wide: what is longer need not be laid out. */
const CLIP_LENGTH = 300;

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

/** Text of any origin, whole, over as many lines as it needs. */
export function Whole({ text, code = false }: TextProps) {
  return <span className={code ? `${classes.whole} ${classes.code}` : classes.whole}>{escapeUnprintable(text)}</span>;
}
