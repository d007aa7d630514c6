import type { Command } from 'commander';
import { formatDuration } from '../../shared/lib/format/duration';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { parseDuration } from '../../shared/lib/format/units';
import { examples, print, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { addGroupOption, chosenDefinitions } from './groups';
import { forEachWatch } from './several';
import { standing } from './watches';

const MIN_MS = 1000;
const MAX_MS = 86_400_000;

interface ObserveOptions {
  json?: boolean;
  group?: readonly string[];
}

/** `reset-cooldown`, `extend-cooldown` and `observe`. */
export function addCooldownCommands(program: Command, context: CliContext): void {
  program
    .command('reset-cooldown')
    .description('end a cooldown now and refill the restart budget')
    .argument('[name]', 'name or id of the watch')
    .option('--all', 'reset all watches, and resume healing if a storm of restarts has paused it')
    .option('--json', 'print one JSON value: {reset: [names]}')
    .addHelpText('after', examples('healdeck reset-cooldown web', 'healdeck reset-cooldown --all'))
    .action(async (name: string | undefined, options: { all?: boolean; json?: boolean }, command: Command) => {
      if ((name === undefined) === !options.all) throw usage('expected the name of a watch, or --all');
      const result = await withEngine(command, context, (client) =>
        client.watches.resetCooldown({ watch: name ?? null }),
      );
      print(context, options.json, result, () => resetText(name, result.reset));
    });

  program
    .command('extend-cooldown')
    .description('extend a cooldown')
    .argument('<name>', 'name or id of the watch')
    .argument('<duration>', 'by how much, as in 10m: from 1s to 24h')
    .option('--json', 'print the watch as one JSON value')
    .addHelpText('after', examples('healdeck extend-cooldown web 10m'))
    .action(async (watch: string, text: string, { json }: { json?: boolean }, command: Command) => {
      const by = parseDuration(text);
      if (!by.ok || by.value < MIN_MS || by.value > MAX_MS) {
        throw usage(`expected a duration from 1s to 24h, as in 10m, got "${text}"`);
      }
      const status = await withEngine(command, context, (client) =>
        client.watches.extendCooldown({ watch, byMs: by.value }),
      );
      const now = context.io.now();
      const until = status.budget.cooldown?.until ?? now;
      print(
        context,
        json,
        status,
        () => `${escapeUnprintable(status.watch.name)} is not restarted for another ${formatDuration(until - now)}.\n`,
      );
    });

  addGroupOption(program.command('observe'))
    .description('switch observe mode on (only report what would be done) or off (take action)')
    .usage('NAME… on|off\n       healdeck observe --group GROUP on|off')
    .argument('<name...>', 'names or ids of the watches (none is needed with --group), then on or off')
    .option('--json', 'print the watch as one JSON value, several or a group as an array')
    .addHelpText(
      'after',
      examples('healdeck observe web on', 'healdeck observe web api off', 'healdeck observe --group shop on'),
    )
    .action(async (words: string[], { json, group = [] }: ObserveOptions, command: Command) => {
      const [names, text] = [words.slice(0, -1), words.at(-1) ?? ''];
      if (text !== 'on' && text !== 'off') throw usage(`expected on or off at the end, got "${text}"`);
      if (names.length + group.length === 0) throw usage(`expected the name of a watch before ${text}`);
      await withEngine(command, context, async (client) =>
        forEachWatch(
          { context, json, ...(await chosenDefinitions(client, { names, groups: group })) },
          (watch) => client.watches.observe({ watch, on: text === 'on' }),
          (status) => standing(status, context.io.now()),
        ),
      );
    });
}

function resetText(name: string | undefined, reset: readonly string[]): string {
  if (reset.length > 0) return `Cooldown reset: ${escapeUnprintable(reset.join(', '))}.\n`;
  if (name === undefined) return 'No watch was in cooldown; all restart budgets are full.\n';
  return `${escapeUnprintable(name)} was not in cooldown; its restart budget is full.\n`;
}
