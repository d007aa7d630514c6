import type { Command } from 'commander';
import { formatDuration, formatSpan } from '../../shared/lib/format/duration';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { formatBareReading, formatReading, plural } from '../../shared/lib/format/values';
import type { EvidenceLine, HealdeckEvent } from '../../shared/model/event';
import { relationTexts, underCauses } from '../../shared/lib/events/incident-relations';
import { incidentMarkdown } from '../../shared/lib/events/incident-markdown';
import type { Incident } from '../../shared/model/incident';
import { examples, print, printTable, withEngine, type CliContext } from '../context';
import { CliFailure, usage } from '../failure';
import { lastWordsText } from '../output/last-words-text';
import { sparkline } from '../output/sparkline';
import { severityPaint, type Style } from '../output/style';
import type { Column } from '../output/table';
import { eventLine } from './events';
import { addQueryOptions, queryOf, type QueryOptions } from './list-query';

type AnomalyEvent = Extract<HealdeckEvent, { type: 'anomaly_detected' }>;

const SPARKLINE_COLUMNS = 40;

/** `incidents` and `anomalies`: what happened, and what was found wrong, with its evidence. */
export function addIncidentCommands(program: Command, context: CliContext): void {
  addQueryOptions(
    program.command('incidents').description('list incidents with their outcome, or show one in full'),
    'incidents with an event',
    50,
  )
    .argument('[id]', 'number of an incident')
    .option('--json', 'print one JSON array of incidents, or the one incident')
    .option('--markdown', 'print the one incident as Markdown, for a ticket or a chat')
    .addHelpText(
      'after',
      examples(
        'healdeck incidents --since 1d --watch web',
        'healdeck incidents 4711',
        'healdeck incidents 4711 --markdown',
      ),
    )
    .action(async (id: string | undefined, options: QueryOptions & { markdown?: boolean }, command: Command) => {
      if (id !== undefined) return showOne(incidentId(id), options, command);
      if (options.markdown)
        throw usage('expected the number of an incident, as in: healdeck incidents 4711 --markdown');
      const query = queryOf(options, context.io.now());
      const incidents = await withEngine(command, context, (client) => client.incidents.list(query));
      print(context, options.json, incidents, () =>
        incidents.length === 0
          ? 'No incidents.\n'
          : printTable(context, incidentColumns(context), listed(incidents), ({ summary }) => summary),
      );
    });

  async function showOne(
    id: number,
    { json, markdown }: { json?: boolean; markdown?: boolean },
    command: Command,
  ): Promise<void> {
    const [[incident], { hostname }] = await withEngine(command, context, (client) =>
      Promise.all([client.incidents.list({ id, limit: 1 }), client.engine.info()]),
    );
    if (incident === undefined) throw new CliFailure(`no incident has the number ${id}; healdeck incidents lists them`);
    print(context, json, incident, () =>
      markdown ? incidentMarkdown(incident, hostname) : incidentText(context, incident),
    );
  }

  addQueryOptions(
    program.command('anomalies').description('show the anomalies that were detected, with their evidence'),
    'anomalies',
    50,
  )
    .option('--json', 'print one JSON object a line: the events')
    .addHelpText('after', examples('healdeck anomalies --since 1d', 'healdeck anomalies --watch web --json'))
    .action(async (options: QueryOptions, command: Command) => {
      const query = { ...queryOf(options, context.io.now()), types: ['anomaly_detected' as const] };
      const events = await withEngine(command, context, (client) => client.events.list(query));
      const anomalies = events.filter((event) => event.type === 'anomaly_detected');
      for (const event of anomalies) {
        if (options.json) context.io.out(`${JSON.stringify(event)}\n`);
        else context.show(anomalyText(context, event));
      }
      if (!options.json && anomalies.length === 0) context.io.out('No anomalies detected.\n');
    });
}

/** The number of an incident, as it was written. */
export function incidentId(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw usage(`expected the number of an incident, got "${text}"`);
  return Number(text);
}

/** A row of the list; what another one in it has led to stands below that. */
type Row = Incident & { isLed: boolean };

function listed(incidents: readonly Incident[]): readonly Row[] {
  return underCauses(incidents).flatMap(({ incident, led }) => [
    { ...incident, isLed: false },
    ...led.map((one) => ({ ...one, isLed: true })),
  ]);
}

function incidentColumns({ style, io, instant }: CliContext): readonly Column<Row>[] {
  const now = io.now();
  const paints = { recovered: style.good, stopped: style.dim, failed: style.bad, open: style.warn };
  return [
    { title: 'ID', align: 'right', text: ({ id }) => String(id) },
    { title: 'STARTED', text: ({ startedAt }) => instant(startedAt) },
    { title: 'WATCH', text: ({ watch, isLed }) => (watch === '' ? '-' : isLed ? `└ ${watch}` : watch) },
    { title: 'OUTCOME', text: ({ outcome }) => outcome, paint: ({ outcome }, cell) => paints[outcome](cell) },
    { title: 'DURATION', align: 'right', text: (incident) => durationText(incident, now) },
    { title: 'RESTARTS', drop: 2, align: 'right', text: ({ restarts }) => String(restarts) },
    { title: 'COOLDOWNS', align: 'right', drop: 1, text: ({ cooldowns }) => String(cooldowns) },
    { title: 'EXIT', text: ({ commonExit }) => commonExit ?? '-' },
  ];
}

function durationText({ durationMs, startedAt }: Incident, now: number): string {
  return durationMs === null ? formatSpan(now - Date.parse(startedAt)) : formatDuration(durationMs);
}

function incidentText(context: CliContext, incident: Incident): string {
  const { id, watch, outcome, restarts, cooldowns, commonExit, events } = incident;
  const lasted = durationText(incident, context.io.now());
  const facts = [
    outcome === 'open' ? `open for ${lasted}` : `${outcome} after ${lasted}`,
    plural(restarts, 'restart'),
    ...(cooldowns > 0 ? [`${plural(cooldowns, 'cooldown')}`] : []),
    ...(commonExit !== null ? [`mostly ${commonExit}`] : []),
    ...relationTexts(incident),
  ];
  const lines = events.map((event) => eventLine(context, event) + detailsOf(context.style, event));
  return `${escapeUnprintable(`Incident ${id}, ${watch === '' ? 'the machine' : watch}: ${facts.join(', ')}`)}\n${lines.join('')}`;
}

/** What an event shows of its data below its line. */
function detailsOf(style: Style, event: HealdeckEvent): string {
  if (event.type === 'anomaly_detected') return evidenceText(style, event);
  if (event.type === 'death_explained') return explanationText(style, event.data.evidence);
  return event.type === 'last_words' ? lastWordsText(style, event.data) : '';
}

function explanationText(style: Style, evidence: readonly EvidenceLine[]): string {
  return evidence
    .map(({ text, source }) => `    ${escapeUnprintable(text)} ${style.dim(`(${escapeUnprintable(source)})`)}\n`)
    .join('');
}

function anomalyText({ style, instant }: CliContext, event: AnomalyEvent): string {
  const { at, severity, message, data } = event;
  const paint = severityPaint(style, severity);
  const would = data.observed ? 'would have: ' : '';
  const head = `${style.dim(instant(at))}  ${paint(data.anomaly.padEnd(13))}  ${escapeUnprintable(message)}\n`;
  const action = `    action     ${escapeUnprintable(would + data.action.replaceAll('_', ' '))}\n`;
  return head + evidenceText(style, event) + action;
}

/** The rule with its numbers, and the readings that made it fire. */
function evidenceText(style: Style, { data: { evidence } }: AnomalyEvent): string {
  const { rule, threshold, windowSeconds, samples, unit } = evidence;
  const values = samples.map(({ value }) => value);
  const rows = [
    ['rule', rule],
    ['threshold', threshold],
    ['window', formatDuration(windowSeconds * 1000)],
  ];
  if (values.length > 0) {
    const range = `${formatBareReading(Math.min(...values), unit)} to ${formatReading(Math.max(...values), unit)}`;
    rows.push(['readings', `${sparkline(values, SPARKLINE_COLUMNS)}  ${values.length} from ${range}`]);
  }
  return rows
    .map(([name = '', text = '']) => `    ${style.dim(name.padEnd(9))}  ${escapeUnprintable(text)}\n`)
    .join('');
}
