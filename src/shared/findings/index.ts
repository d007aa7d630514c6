import type { AnomalyDefinition, FindingShape, LimitDefinition } from './definition';
import { ANOMALIES, LIMITS } from './list';

export type { AnomalyAction, FindingAction, FindingShape, LimitAction } from './definition';
export { ANOMALIES, LIMITS };

/** What can be limited. */
export type LimitMetric = (typeof LIMITS)[number]['metric'];

/** What a detector can find. */
export type AnomalyKind = (typeof ANOMALIES)[number]['anomaly'];

const LIMITS_BY_METRIC = new Map<string, (typeof LIMITS)[number]>(LIMITS.map((limit) => [limit.metric, limit]));
const ANOMALIES_BY_KIND = new Map<string, AnomalyDefinition>(ANOMALIES.map((anomaly) => [anomaly.anomaly, anomaly]));

/** The limit of a metric. */
export function limitOf(metric: LimitMetric): (typeof LIMITS)[number] {
  const limit = LIMITS_BY_METRIC.get(metric);
  if (limit === undefined) throw new Error(`no metric is called ${metric}`);
  return limit;
}

/** How a metric is described; undefined for one that only another version knows. */
export function limitNamed(metric: string): LimitDefinition | undefined {
  return LIMITS_BY_METRIC.get(metric);
}

/** How an anomaly is described; undefined for one that only another version knows. */
export function anomalyNamed(anomaly: string): AnomalyDefinition | undefined {
  return ANOMALIES_BY_KIND.get(anomaly);
}

/** The metrics that are recorded and drawn by their name. */
export const CHARTED: readonly (LimitDefinition & {
  metric: LimitMetric;
  chart: { title: string };
  keys: LimitKeys;
})[] = LIMITS.flatMap((limit) => ('chart' in limit ? [limit] : []));
type LimitKeys = (typeof LIMITS)[number]['keys'];

/** What can be found: each anomaly, and each limit that can be exceeded. */
export const FINDING_KINDS: readonly FindingKind[] = [
  ...ANOMALIES.map(({ anomaly }) => anomaly),
  ...LIMITS.map(({ metric }) => `${metric}_limit` as const),
];
export type FindingKind = AnomalyKind | `${LimitMetric}_limit`;

/** The label and the shape of what can be found. */
export function describeKind(kind: FindingKind): { label: string; shape: FindingShape } {
  const described = anomalyNamed(kind) ?? limitNamed(kind.replace(/_limit$/, ''));
  if (described === undefined) throw new Error(`nothing that can be found is called ${kind}`);
  return described;
}
