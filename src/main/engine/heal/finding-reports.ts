import type { AnomalyEvidence, Severity } from '../../../shared/model/event';
import type { Watch } from '../../../shared/model/watch';
import type { Anomaly } from '../detectors';
import type { DraftOfWatch } from '../heal-state';
import type { Finding } from '../judge';
import type { LimitMetric } from '../policy/limits';

const METRICS: Readonly<Record<LimitMetric, { name: string; unit: string; text: (value: number) => string }>> = {
  cpu: { name: 'CPU usage', unit: '% of one core', text: (value) => `${Math.round(value)} %` },
  memory: { name: 'memory usage', unit: 'bytes', text: (value) => `${(value / 1e6).toFixed(value < 1e7 ? 1 : 0)} MB` },
  threads: { name: 'number of threads', unit: 'threads', text: String },
  open_files: { name: 'number of open files', unit: 'files', text: String },
  children: { name: 'number of descendants', unit: 'processes', text: String },
};

const SEVERITIES: Readonly<Record<Anomaly['severity'], Severity>> = {
  medium: 'warning',
  high: 'high',
  critical: 'critical',
};

/** What was found, with its numbers, in words that fit behind a colon. */
export function causeOf(finding: Finding): string {
  if (finding.kind === 'anomaly') return anomalyCause(finding.anomaly);
  const { metric, crossing } = finding;
  const { name, text } = METRICS[metric];
  const of =
    crossing.values.length > 1 ? `, ${crossing.violations} of the last ${crossing.values.length} readings` : '';
  const what = crossing.level === 'warn' ? 'near its limit' : 'too high';
  return `${name} ${what} (${text(crossing.value)} > ${text(crossing.limit)}${of})`;
}

/** The sentence of a detector, behind the name of what it found. */
function anomalyCause({ anomaly, message }: Anomaly): string {
  const sentence = message.replace(/\.$/, '');
  return `${anomaly.replaceAll('_', ' ')}: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`;
}

/** A limit that was exceeded, and what is (or would be) done about it. */
export function limitReport(
  finding: Finding & { kind: 'limit' },
  scope: 'process' | 'tree',
  observed: boolean,
  watch: Watch,
): DraftOfWatch {
  const { metric, crossing, action, pid } = finding;
  return {
    type: 'limit_exceeded',
    severity: crossing.level === 'warn' ? 'warning' : 'high',
    pid,
    message: `${watch.name}: ${causeOf(finding)}${suffix(action, observed)}`,
    data: {
      metric,
      level: crossing.level,
      value: crossing.value,
      limit: crossing.limit,
      unit: METRICS[metric].unit,
      scope,
      action,
      observed,
      violations: crossing.violations,
      values: crossing.values,
    },
  };
}

/** An anomaly with its evidence. `toWall` turns the monotonic times of the readings into wall times. */
export function anomalyReport(
  { anomaly, action, pid }: { anomaly: Anomaly; action: string; pid: number | null },
  observed: boolean,
  watch: Watch,
  toWall: (atMs: number) => number,
): DraftOfWatch {
  return {
    type: 'anomaly_detected',
    severity: SEVERITIES[anomaly.severity],
    pid,
    message: `${watch.name}: ${anomalyCause(anomaly)}${suffix(action, observed)}`,
    data: { anomaly: anomaly.anomaly, action, observed, evidence: evidenceOf(anomaly, toWall) },
  };
}

/** The program runs on with less claim to the processor. */
export function priorityReport(because: string, pids: readonly number[], watch: Watch): DraftOfWatch {
  return {
    type: 'priority_lowered',
    severity: 'info',
    pid: pids[0] ?? null,
    message: `${watch.name}: priority lowered (pid ${pids.join(', ')}): ${because}`,
    data: { because, pids },
  };
}

function evidenceOf(anomaly: Anomaly, toWall: (atMs: number) => number): AnomalyEvidence {
  const { rule, samples, unit, threshold, thresholdText, windowSeconds, ...rest } = anomaly.evidence;
  const numbers: Record<string, number | string> = { threshold };
  for (const [name, value] of Object.entries(rest)) {
    if (typeof value === 'number' || typeof value === 'string') numbers[name] = value;
  }
  return {
    rule,
    threshold: thresholdText,
    windowSeconds,
    unit,
    samples: samples.map(({ atMs, value }) => ({ at: Math.round(toWall(atMs)), value })),
    numbers,
  };
}

/** What is done, or in observe mode would have been. */
function suffix(action: string, observed: boolean): string {
  if (action === 'notify') return '';
  const words = action.replaceAll('_', ' ');
  return observed ? `; observed only, would have: ${words}` : `; action: ${words}`;
}
