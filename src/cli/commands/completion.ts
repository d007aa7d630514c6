import { Argument, type Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { connectEngine } from '../client';
import { complete, type LiveNames } from '../completion/candidates';
import { SHELLS } from '../completion/shells/list';
import { dataDirOf, examples, type CliContext } from '../context';

/** A person waits for a Tab: an engine that does not answer by then has no names. */
const MAX_WAIT_MS = 500;
const NO_NAMES: LiveNames = { watches: [], groups: [] };

/** `completion`, and `complete`, which its scripts ask. */
export function addCompletionCommands(program: Command, context: CliContext): void {
  program
    .command('completion')
    .description('print the completion of this command for a shell')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS.map(({ name }) => name)))
    .addHelpText('after', examples(...SHELLS.map(({ installed }) => installed)))
    .action((shell: string) => {
      // As it is: a line that is broken at the edge of a terminal is another script.
      context.io.out(SHELLS.find(({ name }) => name === shell)?.script ?? '');
    });

  program
    .command('complete', { hidden: true })
    .description('print what may stand in place of the last word after --')
    .action(async (_options: object, command: Command) => {
      const words = context.tail ?? [''];
      const completion = await complete(program, words.map(unquoted), () => liveNames(command, words, context));
      const lines = completion.kind === 'file' ? [] : completion.candidates;
      context.io.out(
        [`:${completion.kind}\n`, ...lines.map(({ value, about }) => `${escapeUnprintable(value)}\t${about}\n`)].join(
          '',
        ),
      );
    });
}

/** A word as the shell would read it. */
function unquoted(word: string): string {
  return word.replace(/^["']/, '').replaceAll(/\\(.)/gs, '$1');
}

/** Silent where no engine runs. */
async function liveNames(command: Command, words: readonly string[], { io }: CliContext): Promise<LiveNames> {
  const at = words.indexOf('--data-dir');
  const typed = at < 0 ? undefined : words[at + 1];
  if (typed !== undefined) command.setOptionValue('dataDir', unquoted(typed));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<LiveNames>((resolve) => (timer = setTimeout(() => resolve(NO_NAMES), MAX_WAIT_MS)));
  try {
    return await Promise.race([askedNames(dataDirOf(command, io), io.platform), late]);
  } catch {
    return NO_NAMES;
  } finally {
    clearTimeout(timer);
  }
}

async function askedNames(dataDir: string, platform: string): Promise<LiveNames> {
  const { client, close } = await connectEngine(dataDir, platform);
  try {
    const watches = await client.watches.list();
    const groups = [...new Set(watches.flatMap(({ watch }) => watch.groups))];
    return {
      watches: watches.map(({ watch, phase }) => ({ value: watch.name, about: phase })),
      groups: groups.map((value) => ({ value, about: 'group' })),
    };
  } finally {
    close();
  }
}
