import { describeKind, FINDING_KINDS, type FindingKind } from '../../shared/findings';
import type { EventType, HealdeckEvent, Severity } from '../../shared/model/event';

/** Types of events that report what was found wrong with a process. */
export const FINDING_TYPES = ['anomaly_detected', 'limit_exceeded'] as const satisfies readonly EventType[];
type FindingEvent = Extract<HealdeckEvent, { type: (typeof FINDING_TYPES)[number] }>;

/** The kinds in words. */
export const KIND_WORDS = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, describeKind(kind).label])) as Readonly<
  Record<FindingKind, string>
>;

/** Something that was found wrong. */
export interface Finding {
  event: FindingEvent;
  at: number;
  watch: string;
  kind: FindingKind;
  severity: Severity;
  /** What is done about it, as the events name it; `warning` for a limit that only warns. */
  action: string;
  observed: boolean;
}

/** What an event has found; null when it is no finding, or one of a kind that this window does not know. */
export function findingOf(event: HealdeckEvent): Finding | null {
  if (event.type !== 'anomaly_detected' && event.type !== 'limit_exceeded') return null;
  const name = event.type === 'anomaly_detected' ? event.data.anomaly : `${event.data.metric}_limit`;
  const kind = FINDING_KINDS.find((one) => one === name);
  if (kind === undefined) return null;
  const warns = event.type === 'limit_exceeded' && event.data.level === 'warn';
  return {
    ...{ event, at: Date.parse(event.at), watch: event.watch ?? '–', kind, severity: event.severity },
    action: warns ? 'warning' : event.data.action,
    observed: event.data.observed,
  };
}

/** What is looked for among findings; null: all. */
export interface FindingFilter {
  kinds: readonly FindingKind[];
  severity: Severity | null;
  watch: string | null;
  action: string | null;
}

export const ALL_FINDINGS: FindingFilter = { kinds: [], severity: null, watch: null, action: null };

/** Whether a finding fits. */
export function findingFits(finding: Finding, { kinds, severity, watch, action }: FindingFilter): boolean {
  return (
    (kinds.length === 0 || kinds.includes(finding.kind)) &&
    (severity === null || finding.severity === severity) &&
    (watch === null || finding.watch === watch) &&
    (action === null || finding.action === action)
  );
}

/** The findings among the events that were asked for and the live ones, newest first, each once. */
export function findingsOf(past: readonly HealdeckEvent[], live: readonly HealdeckEvent[]): Finding[] {
  const lastPast = past.at(-1)?.id ?? 0;
  return [...past, ...live.filter(({ id }) => id > lastPast)]
    .map(findingOf)
    .filter((finding) => finding !== null)
    .reverse();
}
