import { limitOf, type AnomalyAction } from '../../../shared/findings';
import type { AnomalyEvidence, Severity } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import type { Anomaly } from '../detect/detectors';
import type { DraftOfWatch } from './heal-state';
import type { Finding } from '../detect/evaluator';
import type { MemoryReading } from '../detect/tree-memory';

const SEVERITIES: Readonly<Record<Anomaly['severity'], Severity>> = {
  medium: 'warning',
  high: 'high',
  critical: 'critical',
};

/** What was found, with its numbers, in words that fit behind a colon. */
export function causeOf(finding: Finding): string {
  if (finding.kind === 'anomaly') return anomalyCause(finding.anomaly);
  const { metric, crossing } = finding;
  const { quantity, write: text } = limitOf(metric);
  const { values, violations, limit } = crossing;
  const of = values.length > 1 ? `, ${violations} of the last ${values.length} readings` : '';
  const newest = values[values.length - 1] ?? crossing.value;
  const now = newest > limit ? '' : `, now ${text(newest)}`;
  const what = crossing.level === 'warn' ? 'near its limit' : 'too high';
  return `${quantity} ${what} (${countedText(values, limit, text)} > ${text(limit)}${of}${now}${basisText(finding.memory)})`;
}

/** The readings above the limit, from the lowest to the highest: they made it a violation, whatever the newest one is. */
function countedText(values: readonly number[], limit: number, text: (value: number) => string): string {
  const counted = values.filter((value) => value > limit);
  const lowest = text(Math.min(...counted));
  const highest = text(Math.max(...counted));
  return lowest === highest ? highest : `${lowest} to ${highest}`;
}

/** What a number for the memory of several processes is, where it is not simply the sum of resident memory. */
function basisText(memory: MemoryReading | null): string {
  if (memory === null || memory.basis === 'rss') return '';
  const of = `of ${memory.processes} processes`;
  return memory.basis === 'pss' ? `; PSS ${of}: shared memory counts once` : `; ${of}, shared memory counts once`;
}

/** The sentence of a detector, behind the name of what it found. */
function anomalyCause({ anomaly, message }: Anomaly): string {
  const sentence = message.replace(/\.$/, '');
  // An abbreviation (CPU) stays as it is.
  const continued = /^[A-Z][a-z]/.test(sentence) ? sentence.charAt(0).toLowerCase() + sentence.slice(1) : sentence;
  return `${anomaly.replaceAll('_', ' ')}: ${continued}`;
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
      unit: limitOf(metric).unit,
      scope,
      action,
      observed,
      violations: crossing.violations,
      values: crossing.values,
      ...(finding.memory === null ? {} : { memoryBasis: finding.memory.basis }),
    },
  };
}

/** An anomaly with its evidence. `toWall` turns the monotonic times of the readings into wall times. */
export function anomalyReport(
  { anomaly, action, pid }: { anomaly: Anomaly; action: AnomalyAction | 'cooldown'; pid: number | null },
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
export function priorityReport(reason: string, pids: readonly number[], watch: Watch): DraftOfWatch {
  return {
    type: 'priority_lowered',
    severity: 'info',
    pid: pids[0] ?? null,
    message: `${watch.name}: priority lowered (pid ${pids.join(', ')}): ${reason}`,
    data: { reason, pids },
  };
}

/** A limit that can't be judged. */
export function unreadableDiskReport(process: ProcessIdentity & { user: string }, watch: Watch): DraftOfWatch {
  const detail = `${watch.name}: the disk rates of pid ${process.pid} (user ${process.user}) can't be read, so its disk limits are not evaluated; only root can read those of another user`;
  return {
    type: 'notice',
    severity: 'warning',
    pid: process.pid,
    message: detail,
    data: { topic: 'disk_limits', detail },
  };
}

/** What came of asking a parent to reap its zombies. */
export function reapReport(
  zombie: ProcessIdentity,
  parent: (ProcessIdentity & { name: string }) | null,
  reaped: boolean,
  watch: Watch,
): DraftOfWatch {
  const who = parent === null ? 'its parent' : `${parent.name} (pid ${parent.pid})`;
  const detail = reaped
    ? `${watch.name}: ${who} has reaped its zombie (pid ${zombie.pid}) after it was asked to`
    : `${watch.name}: ${who} was asked to reap its zombies and has not; they remain until it ends`;
  return {
    type: 'notice',
    severity: reaped ? 'info' : 'warning',
    pid: zombie.pid,
    message: detail,
    data: { topic: 'zombie', detail },
  };
}

function evidenceOf(anomaly: Anomaly, toWall: (atMs: number) => number): AnomalyEvidence {
  const { rule, samples, unit, threshold, thresholdText, windowSeconds, ...rest } = anomaly.evidence;
  const numbers: Record<string, number | string> = { threshold };
  for (const [name, value] of Object.entries(rest as Readonly<Record<string, unknown>>)) {
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
