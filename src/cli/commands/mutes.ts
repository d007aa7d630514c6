import type { Command } from 'commander';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { parseDuration } from '../../shared/lib/format/units';
import type { Mute } from '../../shared/model/alert';
import { examples, print, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { muteText } from '../output/alerts-status';
import { addGroupOption, chosenWatches } from './groups';
import { incidentId } from './incidents';
import { forEachWatch } from './several';
import { findWatch } from './watches';

const MIN_MS = 60_000;
const MAX_MS = 2_592_000_000;

interface SnoozeOptions {
  group?: readonly string[];
  incident?: string;
  all?: boolean;
  json?: boolean;
}

/** `acknowledge`, `snooze` and `unmute`. */
export function addMuteCommands(program: Command, context: CliContext): void {
  program
    .command('acknowledge')
    .description('acknowledge an incident: no more alerts about it, except when it ends')
    .argument('<incident>', 'number of an incident')
    .option('--json', 'print the mute as one JSON value')
    .addHelpText('after', examples('healdeck acknowledge 4711'))
    .action(async (id: string, { json }: { json?: boolean }, command: Command) => {
      const incident = incidentId(id);
      const mute = await withEngine(command, context, (client) => client.alerts.acknowledge({ incident }));
      print(context, json, mute, () => line(mute, new Map(), context.io.now()));
    });

  addGroupOption(program.command('snooze'))
    .description('snooze alerts for a while: of a watch, of a group, of an incident, or all')
    .usage('NAME | --group GROUP | --incident N | --all  DURATION | until-resolved')
    .argument('<words...>', 'name of a watch (none with an option), then 1m to 30d, or until-resolved')
    .option('--incident <n>', 'only of this incident')
    .option('--all', 'of all watches')
    .option('--json', 'print the mute as one JSON value, those of a group as an array')
    .addHelpText(
      'after',
      examples(
        'healdeck snooze web 15m',
        'healdeck snooze --group shop 1h',
        'healdeck snooze --incident 4711 until-resolved',
        'healdeck snooze --all 1h',
      ),
    )
    .action(async (words: readonly string[], options: SnoozeOptions, command: Command) => {
      const { names, groups, incident, forMs } = snoozeOf(words, options);
      const { json } = options;
      await withEngine(command, context, async (client) => {
        if (names.length + groups.length === 0) {
          const mute = await client.alerts.snooze({ watch: null, incident, forMs });
          return print(context, json, mute, () => line(mute, new Map(), context.io.now()));
        }
        const nameOfId = new Map<string, string>();
        await forEachWatch(
          { context, json, ...(await chosenWatches(client, { names, groups })) },
          async (reference) => {
            const { watch } = await findWatch(client, reference);
            nameOfId.set(watch.id, watch.name);
            return client.alerts.snooze({ watch: watch.id, incident, forMs });
          },
          (mute) => line(mute, nameOfId, context.io.now()),
        );
      });
    });

  program
    .command('unmute')
    .description('end an acknowledgement or a snooze')
    .argument('[id]', 'its number, as "healdeck alerts" shows it')
    .option('--all', 'all of them')
    .option('--json', 'print one JSON value: {ended}')
    .addHelpText('after', examples('healdeck unmute 3', 'healdeck unmute --all'))
    .action(async (written: string | undefined, { all, json }: { all?: boolean; json?: boolean }, command: Command) => {
      if ((written === undefined) === !all) throw usage('expected the number of a mute, or --all');
      if (written !== undefined && !/^[1-9]\d{0,14}$/.test(written)) {
        throw usage(`expected the number of a mute, got "${written}"`);
      }
      const id = written === undefined ? null : Number(written);
      const result = await withEngine(command, context, (client) => client.alerts.unmute({ id }));
      print(context, json, result, () => (result.ended === 0 ? 'Nothing was muted.\n' : 'Alerts are sent again.\n'));
    });
}

/** What is snoozed, and for how long, of the words of a command line. */
function snoozeOf(words: readonly string[], { incident, all = false, group = [] }: SnoozeOptions) {
  const ways = [incident !== undefined, all, group.length > 0].filter(Boolean).length;
  const [name = '', time = ''] = ways > 0 ? ['', ...words] : words;
  if (words.length !== (ways > 0 ? 1 : 2) || ways > 1) {
    throw usage(
      'expected one of NAME, --group GROUP, --incident N and --all, and a time, as in: healdeck snooze web 15m',
    );
  }
  return {
    names: ways > 0 ? [] : [name],
    groups: group,
    incident: incident === undefined ? null : incidentId(incident),
    forMs: timeOf(time),
  };
}

/** null: until it is resolved. */
function timeOf(text: string): number | null {
  if (text === 'until-resolved') return null;
  const time = parseDuration(text);
  if (!time.ok || time.value < MIN_MS || time.value > MAX_MS) {
    throw usage(`expected a duration from 1m to 30d, as in 15m, or until-resolved, got "${text}"`);
  }
  return time.value;
}

function line(mute: Mute, names: ReadonlyMap<string, string>, now: number): string {
  return `${escapeUnprintable(muteText(mute, names, now))}\n`;
}
