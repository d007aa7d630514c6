import { formatCountdown, formatDuration, formatSpan } from '../../shared/lib/format/duration';
import type { Readiness, WatchStatus } from '../../shared/model/snapshot';
import { phasePaint, type Paint, type Style } from './style';
import type { Column } from './table';
import { formatBytes, formatPercent } from '../../shared/lib/format/values';

/**
 * The columns of `healdeck status`. CPU and memory are what the limits of a watch count; uptime is that of its oldest process. Groups and
 * the next run are left out where no watch has one.
 */
export function statusColumns(
  style: Style,
  now: number,
  watches: readonly WatchStatus[],
): readonly Column<WatchStatus>[] {
  const hasGroups = watches.some(({ watch }) => watch.groups.length > 0);
  const whenAlive = (status: WatchStatus, text: () => string): string => (status.processes.length === 0 ? '-' : text());
  return [
    { title: 'WATCH', text: ({ watch }) => watch.name },
    { title: 'STATE', text: (row) => stateOf(row, now), paint: (row, cell) => statePaint(style, row)(cell) },
    { title: 'PID', align: 'right', text: pids },
    { title: 'CPU', align: 'right', text: (row) => whenAlive(row, () => formatPercent(row.use.cpuPercent)) },
    { title: 'MEMORY', align: 'right', text: (row) => whenAlive(row, () => formatBytes(row.use.memoryBytes)) },
    {
      title: 'UPTIME',
      align: 'right',
      text: (row) =>
        whenAlive(row, () => formatSpan(now - Math.min(...row.processes.map(({ startedAt }) => startedAt)))),
    },
    { title: 'RESTARTS', align: 'right', text: ({ restarts }) => String(restarts) },
    { title: 'BUDGET', align: 'right', text: budgetUsed },
    ...(hasGroups ? [{ title: 'GROUPS', text: ({ watch }: WatchStatus) => watch.groups.join(', ') || '-' }] : []),
    ...(watches.some(({ nextRun }) => nextRun !== null)
      ? [{ title: 'NEXT RUN', text: (row: WatchStatus) => nextRunOf(row, now) }]
      : []),
    { title: 'WHY', text: ({ reason }) => reason },
  ];
}

/** What the schedule does next: `start in 5 h 12 min`. */
function nextRunOf({ nextRun }: WatchStatus, now: number): string {
  return nextRun === null ? '-' : `${nextRun.what} in ${formatSpan(Math.max(0, nextRun.at - now))}`;
}

function pids({ processes }: WatchStatus): string {
  const [first, ...others] = processes;
  if (first === undefined) return '-';
  return others.length === 0 ? String(first.pid) : `${first.pid} +${others.length}`;
}

/** What runs and is not ready is not well yet. */
export function statePaint(style: Style, { phase, readiness }: Pick<WatchStatus, 'phase' | 'readiness'>): Paint {
  return readiness === 'awaited' || readiness === 'lost' ? style.warn : phasePaint(style, phase);
}

const READINESS: Readonly<Record<Readiness, string>> = {
  awaited: 'not ready yet',
  ready: 'ready',
  lost: 'not ready',
};

/** The phase, whether it is ready where somebody asks, what is left of a cooldown, and whether the watch is only observed. */
export function stateOf(
  { phase: bare, readiness, budget, observed }: Pick<WatchStatus, 'phase' | 'readiness' | 'budget' | 'observed'>,
  now: number,
): string {
  const { cooldown } = budget;
  const phase = readiness === null ? bare : `${bare}, ${READINESS[readiness]}`;
  const left = cooldown === null ? '' : `${formatCountdown(cooldown.until - now)} left`;
  // A program that may not be restarted can still be running: then the cooldown is said beside its phase.
  const state = cooldown === null ? phase : phase === 'cooldown' ? `cooldown, ${left}` : `${phase} (cooldown, ${left})`;
  return observed ? `${state} (observed)` : state;
}

/** Restarts used and allowed in the window that is nearest to its end: `3/5 in 1 min`. */
function budgetUsed({ budget }: WatchStatus): string {
  const [tightest] = [...budget.windows].sort((one, other) => other.used / other.restarts - one.used / one.restarts);
  return tightest === undefined ? '-' : `${tightest.used}/${tightest.restarts} in ${formatDuration(tightest.windowMs)}`;
}
