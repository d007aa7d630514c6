import { MASK } from '../../shared/lib/mask-secrets';

/** Longest pattern that a watch may have. */
const MAX_PATTERN_LENGTH = 1000;

/** The RE2 expression that matches this text and nothing else within a line. */
export function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replace(
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    /[\x00-\x1f\x7f]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** An expression that matches the whole command line of this vector, whatever it hides; null when there is none, or it is too long. */
export function commandLinePattern(argv: readonly string[]): string | null {
  const pattern = `^${argv.join(' ').split(MASK).map(escapePattern).join('.*')}$`;
  return argv.length === 0 || pattern.length > MAX_PATTERN_LENGTH ? null : pattern;
}
