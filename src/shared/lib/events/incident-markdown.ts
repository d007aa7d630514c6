import { lastStderrOf } from './event-facts';
import { CERTAINTY_WORDS } from '../../events/explanation';
import { relationTexts } from './incident-relations';
import { dumpLines, newestLastWords } from './last-words';
import type { HealdeckEvent } from '../../model/event';
import type { Incident } from '../../model/incident';
import { formatDuration } from '../format/duration';
import { escapeUnprintable } from '../text/escape';
import { formatBareReading, formatReading, plural } from '../format/values';

/** An incident as Markdown, for a ticket or a chat. `hostname` is the machine that it happened on. */
export function incidentMarkdown(incident: Incident, hostname: string): string {
  const { id, watch, events } = incident;
  const lines = [
    `## ${inline(`Incident ${id}: ${incident.summary}`)}`,
    '',
    `- Machine: ${inline(hostname)}`,
    `- Watch: ${inline(watch)}`,
    `- Began: ${incident.startedAt}`,
    `- Outcome: ${outcomeOf(incident)}`,
    `- Restarts: ${incident.restarts}, cooldowns: ${incident.cooldowns}`,
    ...relationTexts(incident).map((text) => `- ${inline(text)}`),
    ...(incident.commonExit === null ? [] : [`- Common exit reason: ${inline(incident.commonExit)}`]),
    '',
    '| After | Time (UTC) | What |',
    '| ---: | --- | --- |',
    ...events.map((event) => `| ${offsetOf(incident, event)} | ${event.at.slice(11, 23)} | ${cell(event.message)} |`),
    ...events.flatMap(evidenceLines),
    ...outputLines(events),
    ...dumpedLines(events),
  ];
  return `${lines.join('\n')}\n`;
}

/** How long after the beginning of its incident an event was: `+120 ms`. */
export function offsetOf(
  incident: Pick<Incident, 'startedAt'>,
  event: Pick<HealdeckEvent, 'at'>,
  duration: (ms: number) => string = formatDuration,
): string {
  return `+${duration(Math.max(0, Date.parse(event.at) - Date.parse(incident.startedAt)))}`;
}

function outcomeOf({ outcome, durationMs }: Incident): string {
  return durationMs === null ? 'still open' : `${outcome} after ${formatDuration(durationMs)}`;
}

function evidenceLines(event: HealdeckEvent): readonly string[] {
  if (event.type === 'limit_exceeded') {
    const { values, unit, limit, metric } = event.data;
    const readings = values.map((value) => formatBareReading(value, unit)).join(', ');
    return ['', `**Why:** ${inline(metric)} readings ${readings}; limit ${formatReading(limit, unit)}`];
  }
  if (event.type === 'death_explained') {
    const lines = event.data.evidence.map(({ text, source }) => `- ${inline(text)} (${inline(source)})`);
    return [
      '',
      `**Why it ended (${CERTAINTY_WORDS[event.data.certainty]}):** ${inline(event.data.reason)}`,
      '',
      ...lines,
    ];
  }
  if (event.type !== 'anomaly_detected') return [];
  const { rule, threshold, windowSeconds, samples, unit } = event.data.evidence;
  const values = samples.map(({ value }) => value);
  const range =
    values.length === 0
      ? ''
      : `; ${plural(values.length, 'reading')} from ${formatBareReading(Math.min(...values), unit)} to ${formatReading(Math.max(...values), unit)}`;
  return [
    '',
    `**Why:** ${inline(`${event.data.anomaly.replaceAll('_', ' ')}, rule ${rule}: ${threshold}`)}, over ${formatDuration(windowSeconds * 1000)}${range}`,
  ];
}

/** The last words of the last end. */
function outputLines(events: readonly HealdeckEvent[]): readonly string[] {
  return fenced('Last lines of its standard error:', lastStderrOf(events).map(escapeUnprintable));
}

/** A ticket has no room for more of a dump. */
const MAX_DUMP_LINES = 20;

/** What the runtime wrote before the last end. */
function dumpedLines(events: readonly HealdeckEvent[]): readonly string[] {
  const dump = newestLastWords(events)?.data.dump ?? null;
  if (dump === null) return [];
  const lines = dumpLines(dump);
  const which = lines.length > MAX_DUMP_LINES ? `First ${MAX_DUMP_LINES} of ${lines.length} lines` : 'Lines';
  return fenced(`${which} of its dump by ${inline(dump.signal)}:`, lines.slice(0, MAX_DUMP_LINES));
}

function fenced(title: string, text: readonly string[]): readonly string[] {
  if (text.length === 0) return [];
  // A fence longer than any run of backticks in the text: nothing in it can close the block.
  const longest = Math.max(2, ...text.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return ['', title, '', fence, ...text, fence];
}

/** Text that is only text: no mark-up, no mention, no HTML. */
function inline(text: string): string {
  return escapeUnprintable(text).replace(/[\\`*_[\]<>#@|~]/g, '\\$&');
}

function cell(text: string): string {
  return inline(text).replace(/\s+/g, ' ');
}
