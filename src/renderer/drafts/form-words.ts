import type { DraftField } from './watch-draft';

/** Messages of the model and the engine that would speak of anything but the form. */
const REWORDED: readonly (readonly [RegExp, string])[] = [
  [/^expected a program to run\b.*$/s, 'Enter the command to run, e.g. node server.mjs'],
  [/^expected a program name, got an empty one$/, 'Enter the program before its arguments'],
  [/^expected a directory$/, 'Enter a directory, e.g. /srv/app or ~/app'],
  [/^expected an absolute directory, as in (\S+)$/, 'Enter the whole path of a directory, e.g. $1 or ~/app'],
  [/^Expected an absolute directory to start in, got (.+)$/s, 'Enter the whole path of a directory; $1 is none'],
  [
    /^There is no program (".*?") on PATH \(.*$/s,
    'No program $1 was found. Enter its whole path, or set PATH in its environment.',
  ],
  [/ Create it, or edit the watch and give another working directory\.$/, ' Create it, or enter another directory.'],
  [/^Expected a name that is not in use; (".*") is watched already$/s, '$1 is in use. Enter another name.'],
  [/^expected a name that is not used yet; (.*) is$/s, '“$1” is in use. Enter another name.'],
];

/** What an empty field lacks. */
const MISSING: Partial<Record<DraftField, string>> = {
  name: 'Enter a name, e.g. web',
  pattern: 'Enter what the process is found by',
};

/** What is wrong with a field in the words of the form: what to enter. */
export function inFormWords(field: string, message: string, isEmpty: boolean): string {
  const missing = isEmpty ? MISSING[field as DraftField] : undefined;
  if (missing !== undefined) return missing;
  for (const [pattern, words] of REWORDED) if (pattern.test(message)) return message.replace(pattern, words);
  const asked = message.replace(/^expected (?!no\b)/, 'Enter ');
  return asked.charAt(0).toUpperCase() + asked.slice(1);
}
