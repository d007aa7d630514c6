import type { Command, Option } from 'commander';
import { SETTING_KEYS, SETTINGS, type SettingKey } from '../../shared/model/settings';
import { argumentKind, optionKind, type ValueKind } from './value-kind';

export interface Candidate {
  value: string;
  /** What it is, in a few words; may be empty. */
  about: string;
}

/** What may stand in place of the last word: `file`: a path, which the shell completes itself. */
export type Completion = { kind: 'file' } | { kind: 'words'; candidates: readonly Candidate[] };

/** Names that only an engine knows. */
export interface LiveNames {
  watches: readonly Candidate[];
  groups: readonly Candidate[];
}

/** Completes the last of the words that follow the program's name. `live` is asked only where its names are wanted. */
export async function complete(
  program: Command,
  words: readonly string[],
  live: () => Promise<LiveNames>,
): Promise<Completion> {
  const [before, current] = [words.slice(0, -1), words.at(-1) ?? ''];
  // What follows is the command line of a watched program.
  if (before.includes('--')) return { kind: 'file' };
  const place = walk(program, before);
  const [, name, value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const assigned = name === undefined ? undefined : optionOf(place.command, name);
  if (assigned !== undefined && value !== undefined) {
    const found = await valuesOf(optionKind(assigned) ?? 'none', place.given, live);
    if (found.kind === 'file') return found;
    return matching(value, found.candidates, ({ value: each, about }) => ({ value: `${name}=${each}`, about }));
  }
  if (place.awaits !== null) return matchingOf(current, await valuesOf(place.awaits, place.given, live));
  if (current.startsWith('-')) return matching(current, optionsOf(place.command));
  // `help` is no command of the tree.
  const isHelp = place.command === program && place.given.length === 1 && place.given[0] === 'help';
  const commands = place.given.length === 0 || isHelp ? commandsOf(place.command) : [];
  const argument = argumentAt(place.command, place.given.length);
  const found = await valuesOf(argument === undefined ? 'none' : argumentKind(argument), place.given, live);
  if (found.kind === 'file') return found;
  return matching(current, [...commands, ...found.candidates]);
}

interface Place {
  command: Command;
  /** The arguments of the command so far. */
  given: readonly string[];
  /** The option before takes a value. */
  awaits: ValueKind | null;
}

/** Where the words lead. */
function walk(program: Command, words: readonly string[]): Place {
  let command = program;
  let given: string[] = [];
  let awaits: ValueKind | null = null;
  for (const word of words) {
    if (awaits !== null) {
      awaits = null;
      continue;
    }
    if (word.startsWith('-') && word !== '-') {
      const option = word.includes('=') ? undefined : optionOf(command, word);
      awaits = option?.required ? optionKind(option) : null;
      continue;
    }
    const next =
      given.length === 0
        ? command.commands.find((each) => each.name() === word || each.aliases().includes(word))
        : undefined;
    if (next === undefined) given.push(word);
    else [command, given] = [next, []];
  }
  return { command, given, awaits };
}

/** Options of the commands above stand anywhere. */
function optionOf(command: Command, word: string): Option | undefined {
  const own = command.options.find(({ short, long }) => word === short || word === long);
  return own ?? (command.parent === null ? undefined : optionOf(command.parent, word));
}

function optionsOf(command: Command): Candidate[] {
  const own = command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, description }) => ({ value: long ?? short ?? '', about: description }));
  const above = command.parent === null ? [] : optionsOf(command.parent).filter(({ value }) => value === '--data-dir');
  return [...own, ...above];
}

function commandsOf(command: Command): Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((each) => ({ value: each.name(), about: each.description() }));
}

function argumentAt(command: Command, index: number): Command['registeredArguments'][number] | undefined {
  const last = command.registeredArguments.at(-1);
  return command.registeredArguments[index] ?? (last?.variadic ? last : undefined);
}

async function valuesOf(
  kind: ValueKind,
  given: readonly string[],
  live: () => Promise<LiveNames>,
): Promise<Completion> {
  if (typeof kind === 'object') return words(kind.choices.map((value) => ({ value, about: '' })));
  switch (kind) {
    case 'watch': {
      const { watches } = await live();
      return words(watches.filter(({ value }) => !given.includes(value)));
    }
    case 'group':
      return words((await live()).groups);
    case 'setting':
      return words(SETTING_KEYS.map((key) => ({ value: key, about: SETTINGS[key].label })));
    case 'setting_value':
      return words(valuesOfSetting(given[0] ?? '').map((value) => ({ value, about: '' })));
    case 'file':
      return { kind: 'file' };
    case 'none':
      return words([]);
  }
}

function valuesOfSetting(key: string): readonly string[] {
  if (!Object.hasOwn(SETTINGS, key)) return [];
  const { default: byDefault, choices } = SETTINGS[key as SettingKey];
  const own = choices ?? (typeof byDefault === 'boolean' ? ['true', 'false'] : []);
  return [...own, 'default'];
}

const words = (candidates: readonly Candidate[]): Completion => ({ kind: 'words', candidates });

function matchingOf(start: string, found: Completion): Completion {
  return found.kind === 'file' ? found : matching(start, found.candidates);
}

function matching(
  start: string,
  candidates: readonly Candidate[],
  shown: (candidate: Candidate) => Candidate = (candidate) => candidate,
): Completion {
  return words(candidates.filter(({ value }) => value.startsWith(start)).map(shown));
}
