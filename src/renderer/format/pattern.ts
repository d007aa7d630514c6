import { MASK } from '../../shared/lib/process/mask-secrets';
import { escapeForPattern } from '../../shared/lib/text/escape';

/** Longest pattern that a watch may have. */
const MAX_PATTERN_LENGTH = 1000;

/** The RE2 expression that matches this text and nothing else within a line. */
export function escapePattern(text: string): string {
  return escapeForPattern(text).replace(
    // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\x00-\x1f\x7f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The same for a text as it is shown to clients, whatever it hides. */
function escapeShown(text: string): string {
  return text.split(MASK).map(escapePattern).join('.*');
}

/** An expression that matches the whole command line of this vector, whatever it hides; null when there is none, or it is too long. */
export function commandLinePattern(argv: readonly string[]): string | null {
  const pattern = `^${escapeShown(argv.join(' '))}$`;
  return argv.length === 0 || pattern.length > MAX_PATTERN_LENGTH ? null : pattern;
}

/** The program in a title that begins with it; nginx(8) puts its role before. */
const PROGRAM_OF_TITLE = /^(nginx: master process )?(?:\S*\/)?([^\s/]*[^\s/:])(?=\s|$)/;

/**
 * An expression that matches this title, also after a start that gives the program another directory, and without what sshd counts
 * in its own (`[listener] 0 of 10-100 startups`); null when it is too long.
 */
export function titlePattern(title: string): string | null {
  const [uncounted] = /^sshd: .* \[listener\](?= )/.exec(title) ?? [];
  const text = uncounted ?? title;
  const [first = '', role = '', program = ''] = PROGRAM_OF_TITLE.exec(text) ?? [];
  const begin = first === '' ? '' : `${escapePattern(role)}(?:\\S*/)?${escapePattern(program)}`;
  const pattern = `^${begin}${escapeShown(text.slice(first.length))}${uncounted === undefined ? '$' : ''}`;
  return pattern.length > MAX_PATTERN_LENGTH ? null : pattern;
}
