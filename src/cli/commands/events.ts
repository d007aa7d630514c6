import { InvalidArgumentError, type Command } from 'commander';
import { eventsCsv } from '../../shared/lib/text/csv';
import { nearest } from '../../shared/lib/text/nearest';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { allEvents, EVENTS_PAGE } from '../../shared/lib/events/event-pages';
import { parseDuration } from '../../shared/lib/format/units';
import {
  EVENT_TYPES,
  eventTypeSchema,
  type EventQuery,
  type EventType,
  type HealdeckEvent,
} from '../../shared/model/event';
import { examples, withEngine, type CliContext } from '../context';
import { usage } from '../failure';
import { severityPaint } from '../output/style';

interface EventOptions {
  follow?: boolean;
  type?: EventType[];
  watch?: string;
  since?: string;
  limit: number;
  csv?: boolean;
  json?: boolean;
}

/** `events`: the past, and with --follow what happens from now on. */
export function addEventsCommand(program: Command, context: CliContext): void {
  program
    .command('events')
    .description('show events')
    .option('--follow', 'keep printing new events')
    .option('--type <type>', 'only events of this type; can be repeated, or a list: a,b', collectTypes)
    .option('--watch <name>', 'only events of this watch')
    .option('--since <when>', 'only events after this: 1h, 30min, or a time such as 2026-01-31T12:00:00Z')
    .option('--limit <n>', 'how many of the newest to show', parseLimit(1_000_000), 200)
    .option('--csv', 'print CSV')
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples(
        'healdeck events --since 1h --type crash_detected,restarted',
        'healdeck events --follow --watch web --json',
        'healdeck events --csv --since 30d --limit 1000000 > events.csv',
      ) + `\n\nTypes:\n  ${EVENT_TYPES.join(' ')}`,
    )
    .action(async (options: EventOptions, command: Command) => {
      if (options.csv && (options.follow || options.json)) throw usage('expected --csv without --follow and --json');
      const query = queryOf(options, context.io.now());
      const show = ({ id, at, ...event }: HealdeckEvent): void =>
        options.json
          ? context.io.out(`${JSON.stringify({ id, at, ...event })}\n`)
          : context.show(eventLine(context, { at, ...event }));
      await withEngine(command, context, async (client) => {
        if (options.follow) {
          const backlog = { ...query, limit: Math.min(query.limit, EVENTS_PAGE) };
          for await (const event of await client.events.follow(backlog)) show(event);
          return;
        }
        const events = await allEvents((page) => client.events.list(page), query);
        if (options.csv) context.io.out(eventsCsv(events));
        else events.forEach(show);
        const { historyProblem } = await client.engine.info();
        if (historyProblem !== null) {
          context.io.err(
            `Earlier events are missing, since history.db can't be read: ${escapeUnprintable(historyProblem)}\n`,
          );
        }
      });
    });
}

function queryOf(options: EventOptions, now: number): EventQuery {
  return {
    limit: options.limit,
    ...(options.type && { types: options.type }),
    ...(options.watch !== undefined && { watch: options.watch }),
    ...(options.since !== undefined && { sinceAt: momentOf('--since', options.since, now) }),
  };
}

/** The moment that an option names: a duration before `now` (ms since the epoch) or an ISO 8601 time. */
export function momentOf(option: '--since' | '--at', text: string, now: number): number {
  const duration = parseDuration(text);
  if (duration.ok) return now - duration.value;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw usage(`${option}: ${duration.problem}; or a time such as 2026-01-31T12:00:00Z`);
  return at;
}

/** An event for people, on one line. */
export function eventLine(
  { style, instant }: CliContext,
  event: Pick<HealdeckEvent, 'at' | 'type' | 'severity' | 'watch' | 'message'>,
): string {
  const paint = severityPaint(style, event.severity);
  const message = escapeUnprintable(event.message);
  const watch = event.watch === null || message.includes(event.watch) ? '' : `${escapeUnprintable(event.watch)}: `;
  return `${style.dim(instant(event.at))}  ${paint(event.type.padEnd(17))}  ${watch}${message}\n`;
}

function collectTypes(text: string, before: readonly EventType[] = []): EventType[] {
  return [
    ...before,
    ...text.split(',').map((word) => {
      const parsed = eventTypeSchema.safeParse(word.trim());
      if (!parsed.success) throw new InvalidArgumentError(unknownType(word.trim()));
      return parsed.data;
    }),
  ];
}

function unknownType(text: string): string {
  const near = nearest(text, EVENT_TYPES);
  const hint = near.length > 0 ? `did you mean: ${near.join(', ')}` : 'see: healdeck events --help';
  return `no event type is called "${text}"; ${hint}.`;
}

/** Reads how many are wanted. */
export function parseLimit(most: number): (text: string) => number {
  return (text) => {
    const limit = Number(text);
    if (!/^\d+$/.test(text) || limit < 1 || limit > most) {
      throw new InvalidArgumentError(`expected a whole number from 1 to ${most}, got "${text}".`);
    }
    return limit;
  };
}
