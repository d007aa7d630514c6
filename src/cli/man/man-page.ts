import type { EventEmitter } from 'node:events';
import type { Command } from 'commander';
import { argumentTerm } from '../output/argument-term';

/** The manual page of a command tree (man(7), groff_man(7)): made of what its help says, so that it can't say something else. */
export function manPage(program: Command, version: string): string {
  const [commands, about] = [visible(program), program.description()];
  return [
    `.TH HEALDECK 1 "" ${quoted(`Healdeck ${version}`)} "User Commands"`,
    '.SH NAME',
    `healdeck \\- ${roff(about.replace(/\.$/, ''))}`,
    '.SH SYNOPSIS',
    '.B healdeck',
    roff('[options] <command> [arguments]'),
    '.SH DESCRIPTION',
    roff(about),
    '.PP',
    roff(
      'An engine watches the programs: start it with healdeck run, or at boot with healdeck service install. All other commands ask the engine of the data directory.',
    ),
    '.SH OPTIONS',
    ...options(program),
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(command, [])),
    '.SH EXIT STATUS',
    ...[
      ['0', 'Done.'],
      ['1', 'Failed.'],
      ['2', 'The command was written wrong.'],
      ['3', 'No engine is running, or its socket cannot be reached.'],
    ].flatMap(([status = '', meaning = '']) => ['.TP', `.B ${status}`, roff(meaning)]),
    '.SH ENVIRONMENT',
    ...term('HEALDECK_DATA_DIR', "Directory of all of Healdeck's data, where --data-dir is not given."),
    ...term('NO_COLOR', 'Where it is set, nothing is coloured.'),
    '.SH FILES',
    ...term(
      '~/.config/healdeck',
      'The data directory by default: config.json, healing.log, history.db, logs, secrets.',
    ),
    '.SH SEE ALSO',
    roff('systemd.service(5), sd_notify(3)'),
    '',
  ].join('\n');
}

function section(command: Command, above: readonly string[]): string[] {
  const path = [...above, command.name()];
  const names = command.registeredArguments.map(argumentTerm);
  const synopsis = [...path, ...(command.options.length > 0 ? ['[options]'] : []), ...names].join(' ');
  const aliases = command.aliases();
  return [
    `.SS ${quoted(synopsis)}`,
    roff(`${sentence(command.description())}${aliases.length > 0 ? ` Also: ${aliases.join(', ')}.` : ''}`),
    ...command.registeredArguments
      .filter(({ description }) => description !== '')
      .flatMap((argument) => term(argumentTerm(argument), argument.description)),
    ...options(command),
    ...prose(extraHelp(command)),
    ...visible(command).flatMap((each) => section(each, path)),
  ];
}

function visible(command: Command): Command[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((each) => each.name() !== 'help');
}

function options(command: Command): string[] {
  const help = command.createHelp();
  return help.visibleOptions(command).flatMap((option) => term(option.flags, help.optionDescription(option)));
}

function term(name: string, about: string): string[] {
  return ['.TP', `.B ${roff(name)}`, roff(about)];
}

/** What follows the options in a command's help: examples and notes. commander prints it by this event; its types leave out that a command emits. */
function extraHelp(command: Command): string {
  let text = '';
  (command as unknown as EventEmitter).emit('afterHelp', {
    command,
    error: false,
    write: (part: string) => (text += part),
  });
  return text;
}

/** Paragraphs as man fills them; what is indented stays in lines as it is. */
function prose(text: string): string[] {
  const lines = text.replace(/^\n+|\s+$/g, '').split('\n');
  if (lines.join('') === '') return [];
  return lines.reduce<string[]>(
    (page, line, at) => {
      const isIndented = line.startsWith(' ');
      const wasIndented = at > 0 && (lines[at - 1] ?? '').startsWith(' ');
      if (line === '') return [...page, ...(wasIndented ? ['.fi'] : []), '.PP'];
      if (isIndented && !wasIndented) page.push('.nf');
      if (!isIndented && wasIndented) page.push('.fi');
      return [...page, roff(line), ...(isIndented && at === lines.length - 1 ? ['.fi'] : [])];
    },
    ['.PP'],
  );
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** One line of text: nothing in it is a request or an escape, and a minus is the sign that is typed. */
function roff(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll('~', '\\(ti')
    .replaceAll('^', '\\(ha')
    .replaceAll('`', '\\(ga')
    .replaceAll(
      /[^\x20-\x7e\n]/gu,
      (character) => `\\[u${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  return escaped
    .split('\n')
    .map((line) => (/^[.']/.test(line) ? `\\&${line}` : line))
    .join(' ');
}

/** An argument of a request. */
function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '\\(dq')}"`;
}
