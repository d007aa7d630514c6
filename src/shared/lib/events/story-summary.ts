import type { EventType, HealdeckEvent } from '../../model/event';
import { formatDuration } from '../format/duration';
import { ACTION_WORDS, comparisonOf } from './evidence';
import { formatPercent, formatReading, plural } from '../format/values';

type EventOf<T extends EventType> = Extract<HealdeckEvent, { type: T }>;
type Trigger = EventOf<'crash_detected' | 'limit_exceeded' | 'anomaly_detected'>;

/**
 * The events of one story in one short sentence, with what came of it: `web crashed (SIGSEGV), restarted after 112 ms`. Names in
 * it are as they are. Null when there is no event.
 */
export function storySummary(events: readonly HealdeckEvent[]): string | null {
  const last = events.findLast((event) => !isAside(event));
  if (last === undefined) return null;
  const subject = last.watch ?? '';
  const words = wordsOf(last, events);
  return subject === '' ? words : `${subject} ${words}`;
}

/** Events beside the story, which are never its outcome; that a budget is spent is told by the cooldown. */
function isAside(event: HealdeckEvent): boolean {
  if (event.type === 'anomaly_detected') return event.data.anomaly === 'rapid_crashes';
  return event.type === 'alert_sent' || event.type === 'alert_failed' || event.type === 'signal_refused';
}

const EXITS: Readonly<Record<EventOf<'exited'>['data']['because'], string>> = {
  clean_exit: 'ended by itself, cleanly',
  operator: 'was ended by the operator',
  shutdown: 'ended as the machine shuts down',
};

/** What the last event means for the whole story. */
function wordsOf(last: HealdeckEvent, events: readonly HealdeckEvent[]): string {
  switch (last.type) {
    case 'cooldown_started': {
      const { durationSeconds, restarts, windowSeconds } = last.data;
      return `is in cooldown for ${seconds(durationSeconds)} after ${plural(restarts, 'restart')} in ${seconds(windowSeconds)}`;
    }
    case 'cooldown_extended':
      return `stays in cooldown for ${seconds(last.data.bySeconds)} longer`;
    case 'cooldown_ended':
      return `may be restarted again: its cooldown is over after ${seconds(last.data.durationSeconds)}`;
    case 'cooldown_reset':
      return 'may be restarted again: its cooldown was reset by the operator';
    case 'recovered': {
      const { attempts, durationMs } = last.data;
      return `recovered after ${formatDuration(durationMs)}${attempts > 1 ? ` and ${attempts} restarts` : ''}`;
    }
    case 'restart_failed':
      return failureWords(last);
    case 'stopped':
      return last.data.actor === 'engine' ? 'was stopped' : 'was stopped by the operator';
    case 'exited':
      return EXITS[last.data.because];
    case 'watch_removed':
      return 'is not watched any more';
    case 'healing_paused': {
      const { restarts, windowSeconds, until } = last.data;
      const forMs = Date.parse(until) - Date.parse(last.at);
      return `Storm brake: healing is paused for ${formatDuration(forMs)} after more than ${plural(restarts, 'restart')} in ${seconds(windowSeconds)}`;
    }
    case 'healing_resumed':
      return 'Healing resumed after the storm';
    case 'crash_detected':
    case 'limit_exceeded':
    case 'anomaly_detected':
    case 'restarted':
    case 'killed':
    case 'suspended':
    case 'priority_lowered':
      return triggerWords(last, events);
    default:
      return withoutName(last);
  }
}

/** What went wrong last, and what was done about it. */
function triggerWords(last: HealdeckEvent, events: readonly HealdeckEvent[]): string {
  const at = events.findLastIndex(isTrigger);
  const trigger = events[at];
  if (trigger === undefined || !isTrigger(trigger)) return withoutName(last);
  const outcome = outcomeWords(trigger, events.slice(at + 1));
  return `${problemWords(trigger, events)}${outcome}`;
}

function isTrigger(event: HealdeckEvent): event is Trigger {
  if (isAside(event)) return false;
  return event.type === 'crash_detected' || event.type === 'limit_exceeded' || event.type === 'anomaly_detected';
}

function problemWords(trigger: Trigger, events: readonly HealdeckEvent[]): string {
  switch (trigger.type) {
    case 'crash_detected': {
      const crashes = events.filter(({ type }) => type === 'crash_detected').length;
      const often = crashes > 1 ? ` ${crashes} times` : '';
      const where = trigger.data.whileEngineWasDown ? ' while Healdeck was not running' : '';
      return `crashed${often}${where} (${exitOf(trigger)})`;
    }
    case 'limit_exceeded': {
      const { metric, level } = trigger.data;
      const words = (Object.hasOwn(LIMIT_WORDS, metric) ? LIMIT_WORDS[metric] : undefined) ?? {
        over: `exceeded its limit of ${metric}`,
        near: `is near its limit of ${metric}`,
      };
      return `${level === 'act' ? words.over : words.near} (${comparisonOf(trigger.data)})`;
    }
    case 'anomaly_detected':
      return anomalyWords(trigger.data);
  }
}

const LIMIT_WORDS: Readonly<Record<string, { over: string; near: string }>> = {
  cpu: { over: 'used too much CPU', near: 'is near its CPU limit' },
  memory: { over: 'used too much memory', near: 'is near its memory limit' },
  disk_read: { over: 'read too much from disk', near: 'is near its limit of reading from disk' },
  disk_write: { over: 'wrote too much to disk', near: 'is near its limit of writing to disk' },
  threads: { over: 'had too many threads', near: 'is near its limit of threads' },
  open_files: { over: 'had too many open files', near: 'is near its limit of open files' },
  children: { over: 'had too many descendants', near: 'is near its limit of descendants' },
};

function anomalyWords({ anomaly, evidence }: EventOf<'anomaly_detected'>['data']): string {
  const { samples, unit, numbers, windowSeconds } = evidence;
  const [first, latest] = [samples[0]?.value, samples.at(-1)?.value];
  const read = (value: number | undefined): string => (value === undefined ? 'unknown' : formatReading(value, unit));
  switch (anomaly) {
    case 'memory_leak':
      return `leaks memory (${read(first)} to ${read(latest)} in ${seconds(windowSeconds)})`;
    case 'cpu_spike': {
      const usual = numbers['medianPercent'] ?? numbers['meanPercent'];
      return `has a CPU spike (${read(latest)}${typeof usual === 'number' ? `, usually ${formatPercent(usual)}` : ''})`;
    }
    case 'fork_bomb':
      return `is a fork bomb (${read(latest)})`;
    case 'zombie':
      return `left a zombie (for ${read(latest)})`;
    case 'rapid_crashes':
      return `crashes again and again (${evidence.threshold})`;
  }
}

/** What was done after the last thing that went wrong, or would have been. */
function outcomeWords(trigger: Trigger, after: readonly HealdeckEvent[]): string {
  const done = after.findLast(({ type }) => OUTCOMES.has(type));
  if (done?.type === 'restarted') {
    const { attempt, afterMs } = done.data;
    if (attempt === 0) return ', restarted by the operator';
    const took = trigger.type === 'crash_detected' && afterMs !== null ? ` after ${formatDuration(afterMs)}` : '';
    return `, restarted${took}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
  }
  // What is killed after a crash was left over from it.
  if (done?.type === 'killed') return trigger.type === 'crash_detected' ? '' : ', killed';
  if (done?.type === 'suspended') return ', suspended';
  if (done?.type === 'priority_lowered') return ', priority lowered';
  if (trigger.type === 'crash_detected') return trigger.data.policy === 'never' ? ', is not restarted' : '';
  const { action, observed } = trigger.data;
  const words = (Object.hasOwn(ACTION_WORDS, action) ? ACTION_WORDS[action] : undefined) ?? action.replaceAll('_', ' ');
  return observed && action !== 'notify' ? `; only observed, would have been ${words}` : '';
}

const OUTCOMES: ReadonlySet<EventType> = new Set(['restarted', 'killed', 'suspended', 'priority_lowered']);

function failureWords({ data, message, watch }: EventOf<'restart_failed'>): string {
  if (data.reason === 'gave_up' || data.reason === 'unkillable' || data.reason === 'no_start_command') {
    return withoutName({ message, watch });
  }
  const next =
    data.nextAttemptInMs === null
      ? ''
      : `, next attempt ${data.nextAttemptInMs === 0 ? 'at once' : `in ${formatDuration(data.nextAttemptInMs)}`}`;
  const doing = data.operation === 'stop' ? 'stopped' : `${data.operation}ed`;
  return `could not be ${doing} (${data.reason.replaceAll('_', ' ')})${next}`;
}

/** An event's own sentence, which begins with the name as a rule. */
function withoutName({ message, watch }: { message: string; watch: string | null }): string {
  if (watch === null || !message.startsWith(watch)) return message;
  return message.slice(watch.length).replace(/^[:,]?\s+/, '');
}

/** Short, for a sentence with brackets of its own: what a shell means by 137 is said elsewhere. */
function exitOf({ data }: EventOf<'crash_detected'>): string {
  if (data.signal !== null) return data.signal;
  return data.exitCode === null ? 'exit code unknown' : `exit code ${data.exitCode}`;
}

function seconds(count: number): string {
  return formatDuration(count * 1000);
}

/** What there is one, or are many, of: types of events as they are counted. */
const COUNTED: Readonly<Record<EventType, readonly [one: string, many: string]>> = {
  engine_started: ['start of Healdeck', 'starts of Healdeck'],
  engine_stopped: ['end of Healdeck', 'ends of Healdeck'],
  watch_added: ['watch added', 'watches added'],
  watch_edited: ['watch edited', 'watches edited'],
  watch_removed: ['watch removed', 'watches removed'],
  settings_changed: ['change of settings', 'changes of settings'],
  started: ['start', 'starts'],
  adopted: ['adoption', 'adoptions'],
  stopped: ['stop', 'stops'],
  exited: ['clean exit', 'clean exits'],
  crash_detected: ['crash', 'crashes'],
  restarted: ['restart', 'restarts'],
  restart_failed: ['failed restart', 'failed restarts'],
  limit_exceeded: ['exceeded limit', 'exceeded limits'],
  anomaly_detected: ['anomaly', 'anomalies'],
  cooldown_started: ['cooldown', 'cooldowns'],
  cooldown_ended: ['end of a cooldown', 'ends of cooldowns'],
  cooldown_reset: ['reset of a cooldown', 'resets of cooldowns'],
  cooldown_extended: ['longer cooldown', 'longer cooldowns'],
  suspended: ['suspension', 'suspensions'],
  priority_lowered: ['lowered priority', 'lowered priorities'],
  healing_paused: ['storm brake', 'storm brakes'],
  healing_resumed: ['end of a storm', 'ends of storms'],
  gap: ['gap', 'gaps'],
  recovered: ['recovery', 'recoveries'],
  killed: ['kill', 'kills'],
  signal_refused: ['refused signal', 'refused signals'],
  alert_sent: ['alert sent', 'alerts sent'],
  alert_failed: ['failed alert', 'failed alerts'],
  notice: ['notice', 'notices'],
};

/** The gravest first; what is not listed follows. */
const GRAVEST: readonly EventType[] = [
  'healing_paused',
  'restart_failed',
  'cooldown_started',
  'crash_detected',
  'anomaly_detected',
  'limit_exceeded',
  'suspended',
  'killed',
  'restarted',
];

/** For sorting: lower is graver. */
export function gravity(type: EventType): number {
  const index = GRAVEST.indexOf(type);
  return index < 0 ? GRAVEST.length : index;
}

/** `1 crash`, `12 crashes` as number and noun. */
export function countedWord(type: EventType, count: number): string {
  return COUNTED[type][count === 1 ? 0 : 1];
}

/** How many types a summary of many events names. */
const NAMED_TYPES = 3;

/** Many events in one sentence, the gravest types first: `412 events of 5 watches: 12 cooldowns, 200 crashes, 200 restarts`. */
export function countSummary(counts: readonly { watch: string | null; type: EventType; count: number }[]): string {
  const byType = new Map<EventType, number>();
  for (const { type, count } of counts) byType.set(type, (byType.get(type) ?? 0) + count);
  const types = [...byType].sort(([one, ones], [other, others]) => gravity(one) - gravity(other) || others - ones);
  const total = types.reduce((sum, [, count]) => sum + count, 0);
  const watches = new Set(counts.map(({ watch }) => watch).filter((watch) => watch !== null));
  const [only] = watches;
  const of =
    watches.size === 0 ? '' : watches.size === 1 ? ` of ${only}` : ` of ${plural(watches.size, 'watch', 'watches')}`;
  const named = types.slice(0, NAMED_TYPES).map(([type, count]) => plural(count, ...COUNTED[type]));
  const more = types.length > NAMED_TYPES ? ' and more' : '';
  return `${plural(total, 'event')}${of}: ${named.join(', ')}${more}`;
}
