import { maskMessage } from './mask';
import type { EndKind } from './end-kind';

/** What reads like the reason of an end. */
const ERROR =
  /\b(?:error|fatal|panic|fail(?:ed|ure|s)?|exception|can(?:not|'t|’t)|could ?n[o']t|unable|invalid|denied|refused|not found|no such|abort(?:ed|ing)?|assert\w*|unknown|unrecogni[sz]ed|missing|required|illegal|unexpected|time[d ]? ?out|undefined|critical|already in use|corrupt\w*|overflow\w*|out of memory|exceeded|bug)\b|[a-z]Error\b/i;
/** What shells and runners add about the exit, which is known, and advice. */
const NOISE =
  /^(?:Aborted|Killed|Terminated|Hangup|Segmentation fault|Bus error|Illegal instruction|Floating point exception|Trace\/breakpoint trap)(?: \(core dumped\))?$|^exit status \d+$|^npm (?:ERR!|error|notice|warn)|ELIFECYCLE|^error Command failed with|^info Visit |^make(?:\[\d+\])?: \*\*\*|^note: run with|^\(Use `|^Node\.js v\d/i;
const MAX_LINES = 10;

/** A handler of the program may have written what hit it. */
const FAULT =
  /segmentation fault|segfault|bus error|illegal instruction|floating point exception|\bSIG(?:SEGV|BUS|ILL|FPE)\b|\bsignal \d/i;

/**
 * The masked line among the last ones that says most about the end: the last that reads like an error, or else the last one. After a
 * fault only one that names it. Null when there is none.
 */
export function lastMessage(lines: readonly string[], end: EndKind): string | null {
  const said = lines.filter((line) => /\p{L}{2}/u.test(line) && !NOISE.test(line.trim())).slice(-MAX_LINES);
  const line =
    end === 'fault'
      ? said.findLast((text) => FAULT.test(text))
      : (said.findLast((text) => ERROR.test(text)) ?? said.at(-1));
  return line === undefined ? null : withoutTime(maskMessage(line)) || null;
}

/** Loggers put the time, the process and the like before each line. */
function withoutTime(masked: string): string {
  return masked.replace(/^(?:[[(<]?(?:<time>|<n>|<id>|<addr>)[\])>]?[\s:,|-]*)+/, '');
}
