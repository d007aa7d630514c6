import { assertNever } from '../../../shared/lib/assert-never';
import type { ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import type { DraftOfWatch, RemedyAction, RecoveryPlace } from './heal-state';
import type { Finding } from '../detect/evaluator';
import type { LimitMetric } from '../../../shared/findings';
import { anomalyReport, causeOf, limitReport } from './finding-reports';

/** What a finding calls for. */
export type Remedy =
  | { kind: 'none' }
  | { kind: 'lower_priority'; reason: string }
  | { kind: 'reap'; zombie: ProcessSample }
  /** Its parent gets a chance to reap it before the watch is restarted. */
  | { kind: 'reap_or_restart'; zombie: ProcessSample; reason: string }
  /** The state machine decides, as of every heal. */
  | { kind: 'heal'; action: RemedyAction; reason: string; metric: LimitMetric | null };

/** How the watch stands when something is found. */
export interface FindingContext {
  watch: Watch;
  settings: Settings;
  running: boolean;
  inIncident: boolean;
  /** What goes wrong now belongs to the last incident. */
  flapping: boolean;
  /** Monotonic to wall time, in ms. */
  toWall: (atMs: number) => number;
}

/**
 * What is reported of a finding, and what is done about it. Pure.
 *
 * | observed | action                        | reported                          | done       |
 * |----------|-------------------------------|-----------------------------------|------------|
 * | yes      | any                           | within an open incident, if any   | nothing    |
 * | no       | notify                        | within an open incident, if any   | nothing    |
 * | no       | reap, lower the priority      | within an open incident, if any   | the action |
 * | no       | restart, kill, freeze, suspend | opens an incident while it runs  | the action |
 */
export function onFinding(
  finding: Finding,
  context: FindingContext,
): { draft: DraftOfWatch; place: RecoveryPlace; remedy: Remedy } {
  const { watch, settings, running, inIncident, flapping, toWall } = context;
  const observed = settings.observe;
  const draft =
    finding.kind === 'limit'
      ? limitReport(finding, settings['limits.scope'], observed, watch)
      : anomalyReport(finding, observed, watch, toWall);
  const remedy: Remedy = observed ? { kind: 'none' } : remedyFor(finding);
  if (inIncident) return { draft, place: 'continues', remedy };
  if (!running || !isHeal(remedy)) return { draft, place: 'none', remedy };
  return { draft, place: flapping ? 'reopens' : 'opens', remedy };
}

function remedyFor(finding: Finding): Remedy {
  const reason = causeOf(finding);
  const metric = finding.kind === 'limit' ? finding.metric : null;
  switch (finding.action) {
    case 'notify':
      return { kind: 'none' };
    case 'lower_priority':
      return { kind: 'lower_priority', reason };
    case 'reap':
      return { kind: 'reap', zombie: finding.subject };
    case 'restart':
      if (finding.kind === 'anomaly' && finding.anomaly.anomaly === 'zombie') {
        return { kind: 'reap_or_restart', zombie: finding.subject, reason };
      }
      return { kind: 'heal', action: finding.action, reason, metric };
    case 'kill':
    case 'freeze_and_kill':
    case 'suspend':
      return { kind: 'heal', action: finding.action, reason, metric };
    default:
      return assertNever(finding);
  }
}

/** Whether the program may be ended or halted by it: the others leave it running, and no incident begins with them. */
function isHeal({ kind }: Remedy): boolean {
  return kind === 'heal' || kind === 'reap_or_restart';
}
