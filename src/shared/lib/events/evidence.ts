import type { AnomalyKind, EventData, HealdeckEvent } from '../../model/event';
import { PLAIN_WRITING, plural, type Writing } from '../format/values';

/** One line of what an event carries. `code` is text of a program: shown as it is, in a fixed-width font. */
export interface Fact {
  label: string;
  value: string;
  code?: boolean;
}

/** The anomalies, in words. */
export const ANOMALY_WORDS: Readonly<Record<AnomalyKind, string>> = {
  zombie: 'Zombie',
  fork_bomb: 'Fork bomb',
  memory_leak: 'Memory leak',
  cpu_spike: 'CPU spike',
  rapid_crashes: 'Rapid crashes',
};

/** What is done about a finding, as it reads when it was done. */
export const ACTION_WORDS: Readonly<Record<string, string>> = {
  notify: 'notified only',
  restart: 'restarted',
  kill: 'killed',
  freeze_and_kill: 'frozen and killed at once',
  reap: 'its parent asked to reap it (SIGCHLD)',
  lower_priority: 'priority lowered',
  suspend: 'suspended (SIGSTOP)',
  cooldown: 'not restarted for a while',
};

function actionOf({ action, observed }: { action: string; observed: boolean }): Fact {
  const words = ACTION_WORDS[action] ?? action.replaceAll('_', ' ');
  return observed
    ? { label: 'Would have been', value: `${words}; the watch is only observed, nothing was touched` }
    : { label: 'Done', value: words };
}

const METRIC_WORDS: Readonly<Record<string, string>> = {
  cpu: 'CPU',
  open_files: 'open files',
  disk_read: 'disk read rate',
  disk_write: 'disk write rate',
};

/** `97 % > 80 % of one core`: what they are a share or a number of is said once. */
export function comparisonOf(
  { value, limit, unit }: EventData['limit_exceeded'],
  { bareReading, reading }: Writing = PLAIN_WRITING,
): string {
  return `${bareReading(value, unit)} > ${reading(limit, unit)}`;
}

/** What a limit that was exceeded carries beside its readings. */
export function limitFacts(data: EventData['limit_exceeded'], writing: Writing): Fact[] {
  return [
    {
      label: 'Measured',
      value: `${METRIC_WORDS[data.metric] ?? data.metric.replaceAll('_', ' ')} of ${data.scope === 'tree' ? 'the whole tree' : 'the process alone'}`,
    },
    { label: 'Level', value: data.level === 'act' ? 'the limit' : 'the warning' },
    { label: 'Value', value: comparisonOf(data, writing) },
    { label: 'Above it', value: `${data.violations} of the last ${plural(data.values.length, 'reading')}` },
    actionOf(data),
  ];
}

/** What an anomaly carries beside its readings. */
export function anomalyFacts(
  { anomaly, action, observed, evidence }: EventData['anomaly_detected'],
  writing: Writing,
): Fact[] {
  return [
    { label: 'Anomaly', value: ANOMALY_WORDS[anomaly] },
    { label: 'Rule', value: `${evidence.rule.replaceAll('_', ' ')}: ${evidence.threshold}` },
    ...(evidence.windowSeconds > 0
      ? [{ label: 'Looked at', value: `the last ${writing.duration(evidence.windowSeconds * 1000)}` }]
      : []),
    ...Object.entries(evidence.numbers)
      .filter(([name]) => name !== THRESHOLD)
      .map(([name, value]) => ({ label: numberLabel(name), value: numberText(name, value, writing) })),
    actionOf({ action, observed }),
  ];
}

/** The number of the evidence that its readings were compared with. */
const THRESHOLD = 'threshold';

/** Units that the names of numbers end with. */
const NUMBER_UNITS: readonly (readonly [suffix: RegExp, unit: string])[] = [
  [/Bytes$/, 'bytes'],
  [/Ms$/, 'ms'],
  [/Percent$/, 'percent'],
];

const NUMBER_LABELS: Readonly<Record<string, string>> = {
  bytesPerSecond: 'Grows by',
  bytesPerHour: 'Grows by',
  tau: 'Steadiness (Kendall’s tau)',
  parentPid: 'Pid of its parent',
};

function numberLabel(name: string): string {
  const known = NUMBER_LABELS[name];
  if (known !== undefined) return known;
  const words = name
    .replace(/(Bytes|Ms|Percent|Seconds)$/, '')
    .replaceAll('_', ' ')
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function numberText(name: string, value: number | string, { bytes, duration, rate, ratio, reading }: Writing): string {
  if (typeof value === 'string') return value;
  if (name.endsWith('Pid')) return String(value);
  if (name.endsWith('Seconds')) return duration(value * 1000);
  if (name === 'bytesPerSecond') return rate(value);
  if (name === 'bytesPerHour') return `${bytes(value)}/h`;
  if (!Number.isInteger(value) && Math.abs(value) < 10) return ratio(value);
  return reading(value, NUMBER_UNITS.find(([suffix]) => suffix.test(name))?.[1] ?? '');
}

/** The readings behind an event and the line they were held against, for a drawing; null when it carries none. */
export interface Evidence {
  /** `at` in ms; null when only the order of the readings is known. */
  readings: readonly { at: number | null; value: number }[];
  unit: string;
  threshold: number | null;
  /** What the line is: "limit", "warning" or "threshold". */
  thresholdName: string;
}

/** The readings that an event carries. */
export function evidenceOf(event: HealdeckEvent): Evidence | null {
  if (event.type === 'limit_exceeded') {
    const { values, unit, limit, level } = event.data;
    const readings = values.map((value) => ({ at: null, value }));
    return { readings, unit, threshold: limit, thresholdName: level === 'act' ? 'limit' : 'warning' };
  }
  if (event.type !== 'anomaly_detected' || event.data.evidence.samples.length === 0) return null;
  const { samples, unit, numbers } = event.data.evidence;
  const threshold = numbers[THRESHOLD];
  return {
    readings: samples,
    unit,
    threshold: typeof threshold === 'number' ? threshold : null,
    thresholdName: 'threshold',
  };
}
