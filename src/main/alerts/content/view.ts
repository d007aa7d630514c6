import { definitionOf } from '../../../shared/events';
import { actionWords } from '../../../shared/events/findings';
import { oomKillsText } from '../../../shared/events/text';
import { formatDuration } from '../../../shared/lib/format/duration';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { relationTexts } from '../../../shared/lib/events/incident-relations';
import { eventFacts, lastStderrOf } from '../../../shared/lib/events/event-facts';
import type { LocalTimes } from '../../../shared/lib/format/local-time';
import type { SecretMask } from '../../../shared/lib/process/mask-secrets';
import { countedWord, impactRank } from '../../../shared/lib/events/story-summary';
import { formatBareReading, formatCount, PLAIN_WRITING, plural } from '../../../shared/lib/format/values';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { Incident } from '../../../shared/model/incident';
import type { MailChart, MailFact, MailMoment, MailView } from '../../../shared/model/mail-view';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { MessageFacts } from '../message';
import { withoutSequences } from './clean';
import { nextSteps } from './next-steps';
import { toneOf, TONES, typicalTone } from './tone';
import { isCounted, incidentEvents, summaryLine } from './summary-line';

/** What a view is made of. */
export interface ViewSources {
  facts: MessageFacts;
  hostname: string;
  /** Where the watch stands now; null when there is none. */
  status: WatchStatus | null;
  chart: MailChart | null;
  howToOpen: string;
  times: LocalTimes;
  /** Wall time, ms since the epoch. */
  now: number;
  mask: SecretMask;
  /** Something about the message itself, or empty. */
  note: string;
}

/** Everything that templates can show of a message. Texts are raw: the caller cleans them. */
export function viewOf({ facts, hostname, status, chart, howToOpen, times, now, mask, note }: ViewSources): MailView {
  const { incident, suppressed } = facts;
  const events = incidentEvents(facts);
  const counted = isCounted(facts);
  return {
    machine: hostname,
    summary: summaryLine(facts, now),
    kind: facts.kind,
    watch: facts.watch ?? '',
    incident: incident === null ? '' : String(incident.id),
    tone: toneOfMessage(facts),
    happened: happened(facts, times),
    related: incident === null || counted ? '' : relatedText(incident),
    at: beginning(facts, times, now),
    zone: times.zone,
    facts: counted ? [] : factsOf(events, times),
    done: counted ? [] : doneAbout(facts, times).map((text) => ({ text })),
    next: nextSteps(facts, status, times, now).map((text) => ({ text })),
    stderr: counted ? [] : stderrOf(events, mask).map((line) => ({ line })),
    chart,
    timeline: timelineOf(events, counted ? facts.eventCount : events.length, times),
    ...(counted ? countsOf(facts, hostname) : { counts: [], total: '' }),
    suppressed:
      suppressed === 0 ? '' : `${plural(suppressed, 'alert was', 'alerts were')} not sent because of maintenance.`,
    open: howToOpen
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((text) => ({ text })),
    note,
  };
}

/** `Also affected: api (incident 812), web (restarted, too).` */
function relatedText(incident: Incident): string {
  return relationTexts(incident)
    .map((text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`)
    .join(' ');
}

/** The last event that gives the reason: what went wrong, or what could not be fixed. */
export function decisiveEvent(events: readonly HealdeckEvent[]): HealdeckEvent | null {
  return events.findLast(({ type }) => definitionOf(type).isProblem) ?? events[0] ?? null;
}

function toneOfMessage({ kind, incident, severity }: MessageFacts): MailView['tone'] {
  if (kind !== 'recovery') return TONES[severity];
  return incident === null || incident.outcome === 'recovered' ? TONES.good : { ...TONES.info, word: 'Ended' };
}

function happened(facts: MessageFacts, times: LocalTimes): string {
  const { kind, events, eventCount, incident } = facts;
  if (kind === 'test') {
    return 'Nothing: this message tests the way from Healdeck to you. If it arrived, alerts will arrive, too.';
  }
  if (isCounted(facts)) {
    const [first, last] = [events[0], events.at(-1)];
    const span =
      first === undefined || last === undefined
        ? ''
        : `, from ${times.short(Date.parse(first.at))} to ${times.short(Date.parse(last.at))}`;
    const unlisted = eventCount - events.length;
    const only = unlisted > 0 ? `; ${formatCount(unlisted)} of them are only counted` : '';
    return `${plural(eventCount, 'event')}${span}${only}.`;
  }
  const said = incident?.summary ?? '';
  return said !== '' ? said : (events[0]?.message ?? '');
}

/** `2026-11-22 22:05:10 (UTC+01:00); it took 12 s`. Nothing relative to now: a message may wait for its server. */
function beginning({ incident, events }: MessageFacts, times: LocalTimes, now: number): string {
  const at = Date.parse(incident?.startedAt ?? events[0]?.at ?? '');
  if (Number.isNaN(at)) return times.full(now);
  const took =
    incident?.durationMs === null || incident === null ? '' : `; it took ${formatDuration(incident.durationMs)}`;
  return `${times.full(at)}${took}`;
}

/** The evidence: of what went wrong last, and of the cooldown that it led to. */
function factsOf(events: readonly HealdeckEvent[], times: LocalTimes): MailFact[] {
  const cause = decisiveEvent(events);
  const cooldown = events.findLast(({ type }) => type === 'cooldown_started');
  const explained = events.findLast(({ type }) => type === 'death_explained');
  return [
    ...(explained === undefined ? [] : plainFacts(withoutFactsOf(cause, explained), times)),
    ...[cause, cooldown ?? null].flatMap((event) => (event === null ? [] : evidenceOf(event, times))),
  ];
}

/** An explanation without the evidence that the facts of its crash repeat. */
function withoutFactsOf(cause: HealdeckEvent | null, explained: HealdeckEvent): HealdeckEvent {
  if (cause?.type !== 'crash_detected' || explained.type !== 'death_explained') return explained;
  const repeated = [
    describeExit(cause.data),
    ...(cause.data.oomKills === undefined ? [] : [oomKillsText(cause.data.oomKills)]),
  ];
  const evidence = explained.data.evidence.filter(({ text }) => !repeated.includes(text));
  return { ...explained, data: { ...explained.data, evidence } };
}

function evidenceOf(event: HealdeckEvent, times: LocalTimes): MailFact[] {
  const readings = readingsOf(event);
  return [
    ...(event.pid === null ? [] : [{ label: 'Process', value: `pid ${event.pid}`, code: false }]),
    ...plainFacts(event, times),
    ...(readings === '' ? [] : [{ label: 'Readings', value: readings, code: false }]),
  ];
}

function plainFacts(event: HealdeckEvent, times: LocalTimes): MailFact[] {
  return eventFacts(event, { ...PLAIN_WRITING, instant: (at) => times.full(at) })
    .filter(({ label }) => !SAID_ELSEWHERE.has(label))
    .map(({ label, value, code = false }) => ({ label, value, code }));
}

/** Facts that a message has sentences for. */
const SAID_ELSEWHERE: ReadonlySet<string> = new Set(['By', 'Done', 'Would have been', 'Next attempt']);

/** Readings that a sentence has room for. */
const SHOWN_READINGS = 8;

/** The readings that led to a finding, thinned: `200 MB, 260 MB, … 612 MB`. */
function readingsOf(event: HealdeckEvent): string {
  if (event.type !== 'limit_exceeded' && event.type !== 'anomaly_detected') return '';
  const { values, unit } =
    event.type === 'limit_exceeded'
      ? event.data
      : { values: event.data.evidence.samples.map(({ value }) => value), unit: event.data.evidence.unit };
  const step = Math.max(1, (values.length - 1) / (SHOWN_READINGS - 1));
  const shown =
    values.length <= SHOWN_READINGS
      ? values
      : Array.from({ length: SHOWN_READINGS }, (_, index) => values[Math.round(index * step)] ?? 0);
  return shown.map((value) => formatBareReading(value, unit)).join(', ');
}

/** The last actions show the current state; the timeline has all. */
const SHOWN_DEEDS = 5;

function doneAbout(facts: MessageFacts, times: LocalTimes): string[] {
  if (facts.kind === 'test') return [];
  const events = incidentEvents(facts);
  const deeds = events.filter(({ type }) => definitionOf(type).isDeed);
  if (deeds.length > 0) {
    const earlier = deeds.length - SHOWN_DEEDS;
    return [
      ...(earlier > 0 ? [`${plural(earlier, 'earlier step')}, see the timeline.`] : []),
      ...deeds.slice(-SHOWN_DEEDS).map(({ at, message }) => `${times.short(Date.parse(at))} ${message}`),
    ];
  }
  const cause = decisiveEvent(events);
  if (cause?.type === 'limit_exceeded' || cause?.type === 'anomaly_detected') {
    const { action, observed } = cause.data;
    if (action === 'notify') return ['Nothing: it is only reported.'];
    const words = actionWords(action);
    return [observed ? `Nothing: the watch is in observe mode; it would have been ${words}.` : `It is to be ${words}.`];
  }
  if (cause?.type === 'crash_detected') {
    return [cause.data.policy === 'never' ? 'Nothing: its restart policy is "never".' : 'Nothing yet.'];
  }
  return [];
}

/** Lines of standard error in a message, and the most that they may be together, in characters. */
const STDERR_LINES = 40;
const STDERR_CHARACTERS = 12_000;
const STDERR_LINE_CHARACTERS = 500;

/** The last words of the last end. They are masked as a whole: a key has several lines. */
function stderrOf(events: readonly HealdeckEvent[], mask: SecretMask): string[] {
  const tail = lastStderrOf(events);
  const lines = mask(withoutSequences(tail.join('\n')))
    .split('\n')
    .slice(-STDERR_LINES)
    .map((line) => (line.length > STDERR_LINE_CHARACTERS ? `${line.slice(0, STDERR_LINE_CHARACTERS)}…` : line));
  if (tail.length === 0) return [];
  let room = STDERR_CHARACTERS;
  const first = lines.findLastIndex((line) => (room -= line.length) < 0);
  return lines.slice(first + 1);
}

/** Of a long incident the beginning and the end are reported. */
const FIRST_MOMENTS = 10;
const LAST_MOMENTS = 30;

/** The events that are reported, and how many there were in all. */
function timelineOf(events: readonly HealdeckEvent[], total: number, times: LocalTimes): MailMoment[] {
  const reported = events.filter(({ type }) => type !== 'alert_sent' && type !== 'alert_failed');
  const moment = (event: HealdeckEvent): MailMoment => ({
    time: times.short(Date.parse(event.at)),
    text: event.message,
    tone: toneOf(event),
  });
  const more = (count: number, what: string): MailMoment[] =>
    count <= 0
      ? []
      : [{ time: '…', text: plural(count, `more event ${what}`, `more events ${what}`), tone: TONES.info }];
  const between = reported.length - FIRST_MOMENTS - LAST_MOMENTS;
  const shown =
    between <= 0
      ? reported.map(moment)
      : [
          ...reported.slice(0, FIRST_MOMENTS).map(moment),
          ...more(between, 'in between'),
          ...reported.slice(-LAST_MOMENTS).map(moment),
        ];
  return [...shown, ...more(total - events.length, 'only counted')];
}

/** Rows of a digest; mail programs cut long mails off, so the rest is one row. */
const COUNT_ROWS = 150;

function countsOf({ counts, eventCount }: MessageFacts, hostname: string): Pick<MailView, 'counts' | 'total'> {
  const sorted = [...counts].sort(
    (one, other) => impactRank(one.type) - impactRank(other.type) || other.count - one.count,
  );
  const rest = sorted.slice(COUNT_ROWS);
  const restCount = rest.reduce((sum, { count }) => sum + count, 0);
  return {
    counts: [
      ...sorted.slice(0, COUNT_ROWS).map(({ watch, type, count }) => ({
        watch: watch ?? hostname,
        what: countedWord(type, count),
        count: formatCount(count),
        tone: typicalTone(type),
      })),
      ...(rest.length === 0
        ? []
        : [
            {
              watch: 'others',
              what: `of ${plural(rest.length, 'more kind')}`,
              count: formatCount(restCount),
              tone: TONES.info,
            },
          ]),
    ],
    total: plural(eventCount, 'event'),
  };
}
