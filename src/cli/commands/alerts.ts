import { Argument, Option, type Command } from 'commander';
import { formatDuration } from '../../shared/lib/format/duration';
import type { OutboxEntry, OutboxState } from '../../shared/model/alert';
import { ALERT_CHANNELS, type AlertChannel } from '../../shared/model/delivery';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { alertsText } from '../output/alerts-status';
import type { Column } from '../output/table';
import { parseLimit } from './events';
import { testChannel } from './test-channel';
import { plural } from '../../shared/lib/format/values';

const STATES = ['queued', 'sent', 'failed', 'dropped'] as const satisfies readonly OutboxState[];

interface Choice {
  all?: boolean;
  json?: boolean;
}

/** `alerts`: how the alerts stand, and the outbox. */
export function addAlertCommands(program: Command, context: CliContext): void {
  const alerts = program
    .command('alerts')
    .description('show the status of alerts: channels, waiting and failed messages, mutes')
    .helpCommand(false)
    .option('--json', 'print one JSON value')
    .addHelpText('after', examples('healdeck alerts', 'healdeck alerts outbox --state failed'))
    .action(async ({ json }: { json?: boolean }, command: Command) => {
      const { status, names } = await withEngine(command, context, async (client) => {
        const [found, watches] = await Promise.all([client.alerts.status(), client.watches.list()]);
        return { status: found, names: new Map(watches.map(({ watch }) => [watch.id, watch.name])) };
      });
      print(context, json, status, () => alertsText(context, status, names));
    });

  alerts
    .command('outbox')
    .description('list the messages, newest first')
    .addOption(new Option('--state <state>', 'only messages in this state').choices(STATES))
    .option('--limit <n>', 'how many of the newest to show', parseLimit(1000), 50)
    .option('--json', 'print one JSON array of messages')
    .addHelpText('after', examples('healdeck alerts outbox', 'healdeck alerts outbox --state failed --json'))
    .action(async (_options: object, command: Command) => {
      const { state, limit, json } = command.optsWithGlobals<{ state?: OutboxState; limit: number; json?: boolean }>();
      const entries = await withEngine(command, context, (client) =>
        client.alerts.list({ limit, ...(state && { state }) }),
      );
      print(context, json, entries, () =>
        entries.length === 0 ? 'No messages.\n' : printTable(context, outboxColumns(context), entries),
      );
    });

  addChoice(alerts.command('retry').description('retry messages that are waiting or have failed'))
    .option('--json', 'print one JSON value: {tried}')
    .addHelpText('after', examples('healdeck alerts retry 42', 'healdeck alerts retry --all'))
    .action(async (written: string | undefined, _options: Choice, command: Command) => {
      const { all, json } = command.optsWithGlobals<Choice>();
      const id = chosen(written, all);
      const result = await withEngine(command, context, (client) => client.alerts.retry({ id }));
      print(context, json, result, () =>
        result.tried === 0 ? 'No messages are waiting.\n' : `${messages(result.tried)} on the way now.\n`,
      );
    });

  alerts
    .command('send-held')
    .description('send alerts now that are delayed by limits, grouping or quiet hours; snoozed alerts stay delayed')
    .option('--json', 'print one JSON value: {events}')
    .addHelpText('after', examples('healdeck alerts send-held'))
    .action(async (_options: object, command: Command) => {
      const { json } = command.optsWithGlobals<Choice>();
      const result = await withEngine(command, context, (client) => client.alerts.sendHeld());
      print(context, json, result, () =>
        result.events === 0
          ? 'No event waits.\n'
          : `${plural(result.events, 'event is', 'events are')} on the way now.\n`,
      );
    });

  addChoice(alerts.command('drop').description('drop a message, or all failed messages: they are never sent'))
    .option('--json', 'print one JSON value: {dropped}')
    .addHelpText('after', examples('healdeck alerts drop 42', 'healdeck alerts drop --all'))
    .action(async (written: string | undefined, _options: Choice, command: Command) => {
      const { all, json } = command.optsWithGlobals<Choice>();
      const id = chosen(written, all);
      const result = await withEngine(command, context, (client) => client.alerts.drop({ id }));
      print(context, json, result, () =>
        result.dropped === 0 ? 'No messages have failed.\n' : `${messages(result.dropped)} dropped.\n`,
      );
    });

  alerts
    .command('test')
    .description('send one message through a channel now, and show the response of the server or program')
    .addArgument(new Argument('<channel>', 'a channel').choices(ALERT_CHANNELS))
    .option('--json', 'print one JSON array: [{recipient, delivery}]')
    .addHelpText('after', examples('healdeck alerts test webhook'))
    .action((channel: AlertChannel, _options: object, command: Command) =>
      testChannel(context, channel, command.optsWithGlobals<{ json?: boolean }>().json, command),
    );
}

function addChoice(command: Command): Command {
  return command.argument('[id]', 'number of a message').option('--all', 'all of them');
}

/** The number that was given, or null for all. */
function chosen(written: string | undefined, all: boolean | undefined): number | null {
  if ((written === undefined) === !all) throw usage('expected the number of a message, or --all');
  if (written === undefined) return null;
  if (!/^[1-9]\d{0,14}$/.test(written)) throw usage(`expected the number of a message, got "${written}"`);
  return Number(written);
}

function messages(count: number): string {
  return plural(count, 'message is', 'messages are');
}

function outboxColumns({ style, io, instant }: CliContext): readonly Column<OutboxEntry>[] {
  const now = io.now();
  const paints: Record<OutboxState, (cell: string) => string> = {
    ...{ queued: style.warn, sent: style.good, failed: style.bad, dropped: style.dim },
  };
  return [
    { title: 'ID', align: 'right', text: ({ id }) => String(id) },
    { title: 'CREATED', text: ({ createdAt }) => instant(createdAt) },
    { title: 'TO', text: ({ channel, recipient }) => (recipient === '' ? channel : recipient) },
    { title: 'STATE', text: ({ state }) => state, paint: ({ state }, cell) => paints[state](cell) },
    { title: 'TRIES', align: 'right', text: ({ attempts }) => String(attempts) },
    {
      title: 'NEXT',
      align: 'right',
      text: ({ nextAttemptAt }) =>
        nextAttemptAt === null ? '-' : nextAttemptAt <= now ? 'now' : `in ${formatDuration(nextAttemptAt - now)}`,
    },
    { title: 'EVENTS', align: 'right', text: ({ events }) => String(events) },
    { title: 'SUBJECT', text: ({ subject }) => subject },
    { title: 'ANSWER', text: ({ problem, reply }) => problem?.message ?? reply ?? '-' },
  ];
}
