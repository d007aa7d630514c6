import { escapeUnprintable } from '../../shared/lib/text/escape';
import { HOLD_WORDS } from '../../shared/lib/events/hold-words';
import type { AlertsStatus, ChannelStatus, HeldAlerts, Mute } from '../../shared/model/alert';
import { printTable, type CliContext } from '../context';
import { problemText } from './delivery';
import type { Column } from './table';
import { formatCountdown } from '../../shared/lib/format/duration';
import { plural } from '../../shared/lib/format/values';

type Names = ReadonlyMap<string, string>;

/** How the alerts stand, for people. `names`: those of the watches, by id. */
export function alertsText(context: CliContext, status: AlertsStatus, names: Names): string {
  const { style, io } = context;
  const { channels, holds, mutes, quietUntil, fromEnvironment, warnings } = status;
  const problems = channels.flatMap(({ channel, problem }) =>
    problem === null ? [] : [`${channel} ${problemText(style, problem, 2)}`],
  );
  const quiet = quietUntil === null ? [] : [`Quiet hours: alerts wait for another ${left(quietUntil, io.now())}.\n`];
  return [
    printTable(context, channelColumns(context), channels),
    ...problems,
    `${waitingText(status)}\n`,
    ...holds.map((hold) => `  ${holdText(hold, io.now())}\n`),
    ...(holds.length === 0 ? [] : ['  Send them now: healdeck alerts send-held\n']),
    ...quiet,
    ...mutes.map((mute) => `${escapeUnprintable(muteText(mute, names, io.now()))}\n`),
    ...fromEnvironment.map(
      ({ key, variable, value }) => `${escapeUnprintable(`${key} = ${value}, given by ${variable}`)}\n`,
    ),
    ...warnings.map((warning) => `${style.warn('Warning')}: ${escapeUnprintable(warning)}\n`),
  ].join('');
}

/** What of the alerts needs attention, in one line; empty when nothing does. */
export function alertsLine({ style }: CliContext, { channels, failed, holds, warnings }: AlertsStatus): string {
  const critical = holds.filter((hold) => hold.critical && hold.reason !== 'grouping');
  const parts = [
    ...critical.map(({ reason }) => `a critical alert waits: ${HOLD_WORDS[reason]}`),
    ...channels.flatMap(({ channel, problem }) => (problem === null ? [] : [`${channel} fails: ${problem.message}`])),
    ...(failed === 0 ? [] : [`${plural(failed, 'message')} failed permanently`]),
    ...(warnings.length === 0 ? [] : [`${plural(warnings.length, 'warning')}`]),
  ];
  if (parts.length === 0) return '';
  return `${style.warn('Alerts')}: ${escapeUnprintable(parts.join('; '))} (see: healdeck alerts)\n`;
}

/** What is muted and for how long, with the number that ends it. */
export function muteText({ id, kind, watchId, incident, until }: Mute, names: Names, now: number): string {
  const watch = watchId === null ? null : (names.get(watchId) ?? watchId);
  const what = incident !== null ? `incident ${incident}` : (watch ?? 'all watches');
  if (kind === 'acknowledged') return `${what}: acknowledged (end it: healdeck unmute ${id})`;
  const time = until === null ? 'until it is resolved' : `for another ${left(until, now)}`;
  return `${what}: snoozed ${time} (end it: healdeck unmute ${id})`;
}

function waitingText({ waiting, failed, held }: AlertsStatus): string {
  const parts = [`${waiting} on the way`, `${failed} failed`];
  const events = held === 0 ? '' : `; ${plural(held, 'event waits', 'events wait')} to be sent`;
  const todo = failed === 0 ? '' : ' (healdeck alerts retry --all, or drop --all)';
  return `Messages: ${parts.join(', ')}${todo}${events}`;
}

/** What waits, why, and until when. */
function holdText({ reason, until, events, critical }: HeldAlerts, now: number): string {
  const what = `${plural(events, 'event')}${critical ? ' (critical)' : ''}`;
  return `${what}: ${HOLD_WORDS[reason]}${until === null ? '' : `, for another ${left(until, now)}`}`;
}

function left(until: number, now: number): string {
  return formatCountdown(until - now);
}

function channelColumns({ style, instant }: CliContext): readonly Column<ChannelStatus>[] {
  const paints = { off: style.dim, ready: style.good, failing: style.bad };
  return [
    { title: 'CHANNEL', text: ({ channel }) => channel },
    { title: 'STATE', text: ({ state }) => state, paint: ({ state }, cell) => paints[state](cell) },
    { title: 'LAST SENT', text: ({ lastSentAt }) => (lastSentAt === null ? '-' : instant(lastSentAt)) },
    { title: 'TO', text: ({ recipients }) => recipients.filter((name) => name !== '').join(', ') || '-' },
    { title: 'HOW', text: ({ description }) => description },
  ];
}
