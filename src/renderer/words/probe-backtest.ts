import type { ProbeBacktest } from '../../shared/model/probe-history';
import type { Probe } from '../../shared/model/probe';
import { formatClock, formatCount, formatDay, formatDuration, plural } from '../format/format';

/** Times that are listed. */
const LISTED = 3;
const DAY_MS = 86_400_000;

type Rule = Pick<Probe, 'role' | 'failures' | 'of'>;

/**
 * What a probe would have done, by its recorded attempts: `With 3 of 5 it would have restarted the program 2 times in the last 24 h, …: at 14:05 (5 min)`.
 */
export function probeBacktestWords({ role, failures, of }: Rule, result: ProbeBacktest, hours: number): string {
  const { hits, attempts, from, to } = result;
  if (from === null || to === null) return `No attempts of the last ${hours} h are recorded.`;
  const listed = hits.slice(-LISTED).map(({ at, until }) => {
    const lasted = until === null ? 'not over' : formatDuration(until - at);
    return `${to - at > DAY_MS ? `${formatDay(at)} ` : ''}${formatClock(at, false)} (${lasted})`;
  });
  const others = hits.length > LISTED ? `, the last ones at ${listed.join(', ')}` : `: at ${listed.join(', ')}`;
  return `With ${failures} of ${of} it would have ${DONE[role]} ${plural(hits.length, 'time')} in the last ${hours} h, by ${formatCount(attempts)} attempts since ${formatClock(from, false)}${hits.length === 0 ? '' : others}.`;
}

const DONE: Readonly<Record<Probe['role'], string>> = {
  liveness: 'restarted the program',
  readiness: 'made the program not ready',
  startup: 'failed',
};

/** Why the answer is less than the truth where a draft asks something else than what was recorded; null: it does not. */
export function backtestLimits(draft: Probe, saved: Probe): string | null {
  const parts = [
    ...(JSON.stringify(draft.check) === JSON.stringify(saved.check) ? [] : ['the check as it was saved']),
    ...(draft.intervalMs === saved.intervalMs ? [] : [`attempts every ${formatDuration(saved.intervalMs)}`]),
    ...(draft.timeoutMs > saved.timeoutMs ? [`a timeout of ${formatDuration(saved.timeoutMs)}`] : []),
  ];
  return parts.length === 0 ? null : `Recorded with ${parts.join(' and ')}.`;
}
