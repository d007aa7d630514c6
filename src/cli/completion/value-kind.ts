import type { Argument, Option } from 'commander';

/** What a word on the command line names. `none`: something that only its writer knows. */
export type ValueKind =
  | 'watch'
  | 'group'
  | 'setting'
  | 'setting_value'
  | 'file'
  | 'none'
  | { choices: readonly string[] };

/** What an argument of a command is, by its name and by what its help says. */
export function argumentKind(argument: Pick<Argument, 'argChoices' | 'description'> & { name(): string }): ValueKind {
  const { description } = argument;
  if (argument.argChoices !== undefined) return { choices: argument.argChoices };
  switch (argument.name()) {
    case 'key':
      return 'setting';
    case 'value':
      return 'setting_value';
    case 'file':
      return 'file';
    default:
      // A watch that is to be added has no id yet, and one that was removed is in no list.
      return /\bids? of\b.*\bwatch(?!es that were removed)|^name of a watch|^a watch$|^names or ids of (?:the )?watches(?! that)/.test(
        description,
      ) && !description.includes('removed')
        ? 'watch'
        : 'none';
  }
}

/** What the value of an option is; null: it takes none. */
export function optionKind({ flags, long, argChoices, required, optional }: Option): ValueKind | null {
  if (!required && !optional) return null;
  if (argChoices !== undefined) return { choices: argChoices };
  if (long === '--watch' || long === '--after' || long === '--unset-after') return 'watch';
  if (long === '--group' || long === '--unset-group') return 'group';
  if (long === '--set') return 'setting';
  return /<(?:file|path|dir)\b/.test(flags) ? 'file' : 'none';
}
