import type { EndedProcess, EventType, ExitFacts, HealdeckEvent } from '../../model/event';
import { escapeUnprintable, truncate } from '../text/escape';
import { formatBareReading, plural } from '../format/values';
import { changesText } from './changes';
import { formatDuration } from '../format/duration';

type EventOf<T extends EventType> = Extract<HealdeckEvent, { type: T }>;

const ADOPTED_AS = {
  child: 'started by an earlier engine',
  match: 'found running',
  heir: 'in the place of the process that ended',
} as const;

/** What a line says after its time: the action, whom it was done to, and how. */
interface Phrase {
  action: string;
  /** Who it happened to, when no watch is named by the event. */
  subject?: string;
  /** `pid=` is written from the event's pid unless this is given. */
  pid?: number | null;
  details: readonly (string | null | false)[];
}

/** The words of each type: a new type of event breaks the build here until it has some. */
const PHRASES: { [T in EventType]: (event: EventOf<T>, cause: string | null) => Phrase } = {
  engine_started: ({ data }) => ({
    action: 'Engine started',
    subject: '',
    pid: data.enginePid,
    details: [`version ${data.version}`, `(${data.shell})`],
  }),
  engine_stopped: ({ data }) => ({ action: 'Engine stopped', subject: '', details: [`(${data.reason})`] }),
  watch_added: ({ data }) => ({ action: 'Added', details: [`by ${data.actor}`] }),
  watch_edited: ({ data }) => ({
    action: 'Edited',
    details: [
      `by ${data.actor}`,
      data.changes === undefined
        ? data.changed.length > 0 && `(${data.changed.join(', ')})`
        : `(${changesText(data.changes)})`,
    ],
  }),
  watch_removed: ({ data }) => ({
    action: 'Removed',
    details: [`by ${data.actor}`, list('left running', data.leftRunning)],
  }),
  settings_changed: ({ data }) => ({
    action: 'Changed settings',
    subject: '',
    details: [`by ${data.actor}`, `(${changesText(data.changes)})`],
  }),
  started: ({ data }) => ({
    action: 'Started',
    details: [data.actor !== 'engine' && `by ${data.actor}`, `in ${data.cwd}: ${data.argv.join(' ')}`],
  }),
  adopted: ({ data }) => ({
    action: 'Adopted',
    details: [ADOPTED_AS[data.how], `(up ${seconds(data.uptimeSeconds)})`],
  }),
  stopped: ({ data }) => ({
    action: 'Stopped',
    ...subjectOf(data.process),
    details: [`by ${data.actor}`, list('pids', data.pids), list('forced', data.forced), argvOf(data.process)],
  }),
  exited: ({ data }) => ({ action: 'Exited', details: [`(${data.because.replace('_', ' ')})`, ...exitDetails(data)] }),
  crash_detected: ({ data }) => ({
    action: 'Detected crash',
    details: [
      ...exitDetails(data),
      data.whileEngineWasDown && 'while the engine was down',
      `policy ${data.policy}`,
      data.remaining > 0 && `${data.remaining} more running`,
    ],
  }),
  restarted: ({ data }, cause) => ({
    action: 'Restarted',
    details: [
      data.attempt > 0 && cause !== null && `due to ${cause}`,
      data.oldPid !== null && `was pid=${data.oldPid}`,
      data.attempt > 0 ? `attempt ${data.attempt}` : `by ${data.actor}`,
      data.ended !== undefined && list('ended', data.ended),
      data.afterMs !== null && `after ${formatDuration(data.afterMs)}`,
    ],
  }),
  restart_failed: ({ data, message }) => ({
    action: 'Restart failed',
    details: [
      data.operation !== 'restart' && `to ${data.operation}`,
      `(${data.reason}) ${message}`,
      // Most messages say it already, in words.
      data.nextAttemptInMs !== null &&
        !message.includes('next attempt') &&
        `next attempt in ${formatDuration(data.nextAttemptInMs)}`,
    ],
  }),
  recovered: ({ data }) => ({
    action: 'Recovered',
    details: [`after ${formatDuration(data.durationMs)}`, `attempts ${data.attempts}`],
  }),
  killed: ({ data }, cause) => ({
    action: 'Killed',
    ...subjectOf(data.process),
    details: [
      data.actor !== 'engine' && `by ${data.actor}`,
      `due to ${cause ?? data.because}`,
      list('pids', data.pids),
      list('forced', data.forced),
      list('survivors', data.survivors),
      argvOf(data.process),
    ],
  }),
  limit_exceeded: ({ data }) => ({
    action: 'Limit',
    details: [
      limitWords(data),
      data.level === 'warn' && 'warning',
      data.values.length > 1 && `${data.violations} of ${data.values.length} readings`,
      data.scope === 'tree' && 'whole tree',
      consequence(data),
    ],
  }),
  anomaly_detected: ({ data }) => ({
    action: 'Anomaly',
    details: [anomalyWords(data), `over ${seconds(data.evidence.windowSeconds)}`, consequence(data)],
  }),
  cooldown_started: ({ data }) => ({
    action: 'Cooldown',
    details: [
      `for ${seconds(data.durationSeconds)} until ${data.until}`,
      `after ${plural(data.restarts, 'restart')} in ${seconds(data.windowSeconds)}`,
      data.commonExit !== null && `mostly ${data.commonExit}`,
    ],
  }),
  cooldown_ended: ({ data }) => ({ action: 'Cooldown ended', details: [`after ${seconds(data.durationSeconds)}`] }),
  cooldown_reset: ({ data }) => ({
    action: 'Cooldown reset',
    details: [`by ${data.actor}`, `${seconds(data.remainingSeconds)} before its end`],
  }),
  cooldown_extended: ({ data }) => ({
    action: 'Cooldown extended',
    details: [`by ${data.actor}`, `${seconds(data.bySeconds)} longer until ${data.until}`],
  }),
  suspended: ({ data }) => ({ action: 'Suspended', details: [`due to ${data.because}`, list('pids', data.pids)] }),
  priority_lowered: ({ data }) => ({
    action: 'Lowered priority',
    details: [`due to ${data.because}`, list('pids', data.pids)],
  }),
  healing_paused: ({ data }) => ({
    action: 'Healing paused',
    subject: '',
    details: [`until ${data.until}`, `after ${plural(data.restarts, 'restart')} in ${seconds(data.windowSeconds)}`],
  }),
  healing_resumed: ({ data }) => ({ action: 'Healing resumed', subject: '', details: [`by ${data.actor}`] }),
  gap: ({ data }) => ({
    action: 'Gap',
    subject: '',
    details: [
      `${seconds(data.seconds)} in which nothing was watched`,
      data.clockJumpSeconds !== 0 &&
        `the clock jumped ${data.clockJumpSeconds > 0 ? 'forward' : 'back'} by ${seconds(Math.abs(data.clockJumpSeconds))}`,
    ],
  }),
  signal_refused: ({ data }) => ({
    action: 'Refused signal',
    details: [data.signal, `(${data.because.replace('_', ' ')})`, data.detail],
  }),
  alert_sent: ({ data }) => ({ action: 'Alert sent', details: alertDetails(data) }),
  alert_failed: ({ data }) => ({
    action: 'Alert failed',
    details: [...alertDetails(data), `(${data.problem.step}) ${data.problem.message}`],
  }),
  notice: ({ data }) => ({
    action: 'Notice',
    // Most details begin with their topic.
    ...(data.detail.startsWith(data.topic) ? {} : { subject: data.topic }),
    details: [data.detail],
  }),
};

/** Longest line, in characters: arguments may be of any length, and the history has them whole. */
export const HEALING_LINE_LIMIT = 2000;

/**
 * The line of an event in healing.log, without its newline: `2026-11-22T23:05:10.123Z Restarted web pid=4711 …`.
 * `cause` is what led to a kill or a restart (see HealingCauses), or null.
 * Whatever the event holds, it is one line of printable text, at most HEALING_LINE_LIMIT characters.
 */
export function healingLine(event: HealdeckEvent, cause: string | null = null): string {
  // The map has the right function for each type; TypeScript can't follow a union through the look-up.
  const phrase = (PHRASES[event.type] as (event: HealdeckEvent, cause: string | null) => Phrase)(event, cause);
  const pid = phrase.pid ?? event.pid;
  const words = [
    event.at,
    phrase.action,
    event.watch ?? phrase.subject ?? '',
    pid === null ? '' : `pid=${pid}`,
    ...phrase.details,
  ];
  const text = words.filter((word) => word !== null && word !== false && word !== '').join(' ');
  return truncate(escapeUnprintable(text), HEALING_LINE_LIMIT);
}

/** Stories whose cause is remembered: far more than are ever open at once. */
const REMEMBERED_CAUSES = 1000;

/**
 * Remembers what led to a heal, so that the lines of the kill and the restart say the number that was too high: the event of
 * a restart itself does not know it. Feed it every event, in order.
 */
export class HealingCauses {
  private readonly causes = new Map<number, string>();

  /** The cause that belongs into the line of this event, or null. */
  take(event: HealdeckEvent): string | null {
    const { incident } = event;
    if (incident === null) return null;
    const acts = (data: { action: string; observed: boolean }): boolean => data.action !== 'notify' && !data.observed;
    if (event.type === 'limit_exceeded' && event.data.level === 'act' && acts(event.data)) {
      this.remember(incident, limitWords(event.data));
    } else if (event.type === 'anomaly_detected' && event.data.anomaly !== 'rapid_crashes' && acts(event.data)) {
      this.remember(incident, anomalyWords(event.data));
    } else if (event.type === 'restarted') {
      const cause = this.causes.get(incident) ?? null;
      this.causes.delete(incident);
      return cause;
    } else if (event.type === 'killed') {
      return this.causes.get(incident) ?? null;
    } else if (event.type === 'crash_detected' || event.type === 'recovered' || event.type === 'stopped') {
      // What comes now has another reason.
      this.causes.delete(incident);
    }
    return null;
  }

  private remember(incident: number, cause: string): void {
    this.causes.delete(incident);
    this.causes.set(incident, cause);
    const [oldest] = this.causes.keys();
    if (this.causes.size > REMEMBERED_CAUSES && oldest !== undefined) this.causes.delete(oldest);
  }
}

const METRIC_WORDS: Readonly<Record<string, string>> = {
  cpu: 'high CPU usage',
  memory: 'high memory usage',
  disk_read: 'high disk read rate',
  disk_write: 'high disk write rate',
  threads: 'too many threads',
  open_files: 'too many open files',
  children: 'too many descendants',
};

/** `high CPU usage (97 % > 80 %)`. */
function limitWords({ metric, value, limit, unit }: EventOf<'limit_exceeded'>['data']): string {
  const words = Object.hasOwn(METRIC_WORDS, metric) ? METRIC_WORDS[metric] : `high ${metric}`;
  return `${words} (${formatBareReading(value, unit)} > ${formatBareReading(limit, unit)})`;
}

/** `memory leak (private memory rises by 1.2 MB a minute)`. */
function anomalyWords({ anomaly, evidence }: EventOf<'anomaly_detected'>['data']): string {
  return `${anomaly.replaceAll('_', ' ')} (${evidence.rule}: ${evidence.threshold})`;
}

function seconds(count: number): string {
  return formatDuration(count * 1000);
}

function consequence({ action, observed }: { action: string; observed: boolean }): string {
  const words = action.replaceAll('_', ' ');
  return observed ? `would have: ${words}` : `action: ${words}`;
}

function exitDetails(exit: ExitFacts): readonly (string | null)[] {
  return [
    exit.signal !== null ? `signal ${exit.signal}` : exit.exitCode !== null ? `exit code ${exit.exitCode}` : null,
    exit.uptimeSeconds !== null
      ? `after ${exit.uptimeIsAtMost === true ? 'at most ' : ''}${seconds(exit.uptimeSeconds)}`
      : null,
  ];
}

function alertDetails(data: EventOf<'alert_sent' | 'alert_failed'>['data']): readonly string[] {
  const to = data.recipient === '' ? '' : ` to ${data.recipient}`;
  return [`by ${data.channel}${to}`, `no. ${data.outboxId}`, `with ${plural(data.events, 'event')}: ${data.subject}`];
}

/** Where no watch is named, the line is about the process that the operator chose. */
function subjectOf(process: EndedProcess | undefined): Pick<Phrase, 'subject'> {
  return process === undefined ? {} : { subject: process.name };
}

function argvOf(process: EndedProcess | undefined): string | null {
  return process === undefined ? null : `of ${process.user}: ${process.argv.join(' ')}`;
}

function list(label: string, pids: readonly number[]): string | null {
  return pids.length === 0 ? null : `${label} ${pids.join(',')}`;
}
