import {
  anomalyNamed,
  limitNamed,
  type AnomalyAction,
  type AnomalyKind,
  type FindingAction,
  type LimitAction,
  type LimitMetric,
} from '../findings';
import { formatBareReading, formatReading, PLAIN_WRITING, plural, type Writing } from '../lib/format/values';
import type { AnomalyEvidence } from '../model/event-parts';
import type { Unit } from '../model/unit';
import { evidenceFacts } from './anomaly-evidence';
import type { EventDefinition, Fact } from './definition';
import { secondsText } from './text';

/** What limits and detectors find; findings/ has their names. */

interface LimitExceeded {
  metric: LimitMetric;
  level: 'warn' | 'act';
  value: number;
  limit: number;
  unit: Unit;
  scope: 'process' | 'tree';
  /** What is done about it. */
  action: LimitAction;
  /** True: only would have been done, the watch is observed. */
  observed: boolean;
  violations: number;
  /** The readings that counted, oldest first. */
  values: readonly number[];
  /** Of memory only: resident memory, PSS, or private memory and the largest shared part. */
  memoryBasis?: 'rss' | 'pss' | 'private';
}

export const limitExceeded: EventDefinition<'limit_exceeded', LimitExceeded> = {
  type: 'limit_exceeded',
  label: 'Limit exceeded',
  counted: ['exceeded limit', 'exceeded limits'],
  impact: 40,
  tone: 'warning',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({
    action: 'Limit',
    details: [
      limitCause(data),
      data.level === 'warn' && 'warning',
      data.values.length > 1 && `${data.violations} of ${data.values.length} readings`,
      data.scope === 'tree' && 'whole tree',
      consequence(data),
    ],
  }),
  facts: ({ data }, writing) => [
    {
      label: 'Measured',
      value: `${limitNamed(data.metric)?.noun ?? data.metric.replaceAll('_', ' ')} of ${data.scope === 'tree' ? 'the whole tree' : 'the process alone'}`,
    },
    { label: 'Level', value: data.level === 'act' ? 'the limit' : 'the warning' },
    { label: 'Value', value: comparisonOf(data, writing) },
    { label: 'Above it', value: `${data.violations} of the last ${plural(data.values.length, 'reading')}` },
    actionFact(data),
  ],
  problem: ({ data }) => {
    const words = limitNamed(data.metric) ?? {
      over: `exceeded its limit of ${data.metric}`,
      near: `is near its limit of ${data.metric}`,
    };
    return `${data.level === 'act' ? words.over : words.near} (${comparisonOf(data)})`;
  },
  unanswered: ({ data }) => onlyObserved(data),
  cause: (data) => (data.level === 'act' && acts(data) ? limitCause(data) : null),
};

interface AnomalyDetected {
  anomaly: AnomalyKind;
  action: AnomalyAction | 'cooldown';
  observed: boolean;
  evidence: AnomalyEvidence;
}

export const anomalyDetected: EventDefinition<'anomaly_detected', AnomalyDetected> = {
  type: 'anomaly_detected',
  label: 'Anomaly detected',
  counted: ['anomaly', 'anomalies'],
  impact: 50,
  tone: 'warning',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  isAside,
  line: ({ data }) => ({
    action: 'Anomaly',
    details: [anomalyCause(data), `over ${secondsText(data.evidence.windowSeconds)}`, consequence(data)],
  }),
  facts: ({ data }, writing) => [
    { label: 'Anomaly', value: anomalyNamed(data.anomaly)?.label ?? spaced(data.anomaly) },
    ...evidenceFacts(data.evidence, writing),
    actionFact(data),
  ],
  problem: ({ data: { anomaly, evidence } }) => {
    const { samples, unit, windowSeconds } = evidence;
    const read = (value: number | undefined): string => (value === undefined ? 'unknown' : formatReading(value, unit));
    const [first, latest] = [read(samples[0]?.value), read(samples.at(-1)?.value)];
    const definition = anomalyNamed(anomaly);
    if (definition === undefined) return `has an anomaly: ${spaced(anomaly)} (${evidence.threshold})`;
    return definition.sentence({ evidence, first, latest, window: secondsText(windowSeconds) });
  },
  unanswered: ({ data }) => onlyObserved(data),
  cause: (data) => (!isAside(data) && acts(data) ? anomalyCause(data) : null),
};

function isAside({ anomaly }: AnomalyDetected): boolean {
  return anomalyNamed(anomaly)?.isAside === true;
}

/** `97 % > 80 % of one core`: the unit of both is written once. */
export function comparisonOf(
  { value, limit, unit }: Pick<LimitExceeded, 'value' | 'limit' | 'unit'>,
  { bareReading, reading }: Writing = PLAIN_WRITING,
): string {
  return `${bareReading(value, unit)} > ${reading(limit, unit)}`;
}

/** What is done about a finding, as it reads when it was done. */
const ACTION_WORDS: Readonly<Record<FindingAction, string>> = {
  notify: 'notified only',
  restart: 'restarted',
  kill: 'killed',
  freeze_and_kill: 'frozen and killed at once',
  reap: 'its parent asked to reap it (SIGCHLD)',
  lower_priority: 'priority lowered',
  suspend: 'suspended (SIGSTOP)',
  cooldown: 'put into cooldown',
};

/** The action of a finding as it reads when it was done; of an action that only another version knows, its name. */
export function actionWords(action: FindingAction): string {
  return Object.hasOwn(ACTION_WORDS, action) ? ACTION_WORDS[action] : spaced(action);
}

type Answered = Pick<LimitExceeded | AnomalyDetected, 'action' | 'observed'>;

function acts({ action, observed }: Answered): boolean {
  return action !== 'notify' && !observed;
}

function actionFact({ action, observed }: Answered): Fact {
  const words = actionWords(action);
  return observed
    ? { label: 'Would have been', value: `${words}; the watch is in observe mode, so nothing was done` }
    : { label: 'Done', value: words };
}

function onlyObserved({ action, observed }: Answered): string {
  return observed && action !== 'notify' ? `; only observed, would have been ${actionWords(action)}` : '';
}

function consequence({ action, observed }: Answered): string {
  return observed ? `would have: ${spaced(action)}` : `action: ${spaced(action)}`;
}

/** `high CPU usage (97 % > 80 %)`. */
function limitCause({ metric, value, limit, unit }: LimitExceeded): string {
  const words = limitNamed(metric)?.excess ?? `high ${metric}`;
  return `${words} (${formatBareReading(value, unit)} > ${formatBareReading(limit, unit)})`;
}

/** `memory leak (trend: private memory rises by 1.2 MB a minute)`. */
function anomalyCause({ anomaly, evidence }: AnomalyDetected): string {
  return `${spaced(anomaly)} (${evidence.rule}: ${evidence.threshold})`;
}

function spaced(word: string): string {
  return word.replaceAll('_', ' ');
}
