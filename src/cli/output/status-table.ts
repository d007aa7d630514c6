import { formatCountdown, formatSpan } from '../../shared/lib/format/duration';
import { restartWords } from '../../shared/lib/format/restart-words';
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
  const whenAlive = (status: WatchStatus, text: () => string): string => (status.processes.length === 0 ? '-' : text());
  const groups: Column<WatchStatus> = {
    ...{ title: 'GROUPS', drop: 6 },
    text: ({ watch }) => watch.groups.join(', ') || '-',
  };
  const nextRun: Column<WatchStatus> = { title: 'NEXT RUN', drop: 7, text: (row) => nextRunOf(row, now) };
  return [
    { title: 'WATCH', text: ({ watch }) => watch.name },
    { title: 'STATE', text: (row) => stateOf(row, now), paint: (row, cell) => statePaint(style, row)(cell) },
    { title: 'PID', align: 'right', drop: 5, text: pids },
    { title: 'CPU', align: 'right', drop: 1, text: (row) => whenAlive(row, () => formatPercent(row.use.cpuPercent)) },
    { title: 'MEMORY', align: 'right', drop: 2, text: (row) => whenAlive(row, () => formatBytes(row.use.memoryBytes)) },
    {
      ...{ title: 'UPTIME', align: 'right' as const, drop: 4 },
      text: (row) =>
        whenAlive(row, () => formatSpan(now - Math.min(...row.processes.map(({ startedAt }) => startedAt)))),
    },
    ...(watches.some(({ watch }) => watch.groups.length > 0) ? [groups] : []),
    ...(watches.some((status) => status.nextRun !== null) ? [nextRun] : []),
    { title: 'RESTARTS', drop: 3, text: restartWords },
  ];
}

/** Why a watch is where it is: what is wrong, then what is done about it. Null: it runs, and there is nothing to say. */
export function whyText({ cause, phase, reason, programStatus }: WatchStatus): string | null {
  if (cause !== null) return `${cause}. ${reason}`;
  if (phase === 'running' && reason === PLAINLY_RUNNING) return programStatus;
  return reason;
}

/** What the engine says of a watch with which nothing is the matter. */
const PLAINLY_RUNNING = 'Running';

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
