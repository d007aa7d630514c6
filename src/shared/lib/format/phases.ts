import type { WatchPhase, WatchStatus } from '../../model/snapshot';

/** Phases from the one that needs a look first to the one that needs none: what is stopped on purpose comes last. */
export const URGENCY: readonly WatchPhase[] = [
  'failed',
  'present',
  'held',
  'cooldown',
  'suspended',
  'backoff',
  'starting',
  'stopping',
  'blocked',
  'waiting',
  'running',
  'absent',
  'stopped',
];

/** What is said of a watch in a phase: `db in cooldown`, `api restarting`. */
export const PHASE_WORDS: Readonly<Record<WatchPhase, string>> = {
  failed: 'failed',
  held: 'held',
  cooldown: 'in cooldown',
  suspended: 'suspended',
  backoff: 'restarting',
  starting: 'starting',
  stopping: 'stopping',
  blocked: 'waiting for others',
  waiting: 'waiting',
  stopped: 'stopped',
  running: 'running',
  present: 'running although it must not',
  absent: 'absent, as it must be',
};

/** Watches by their phases, the most urgent phase first; phases in which there is none are left out. */
export function byPhase(
  watches: readonly WatchStatus[],
): readonly { phase: WatchPhase; those: readonly WatchStatus[] }[] {
  return URGENCY.map((phase) => ({ phase, those: watches.filter((status) => status.phase === phase) })).filter(
    ({ those }) => those.length > 0,
  );
}

/**
 * The phase that stands for all of these watches: the most urgent one. Whoever stopped a watch knows it, so `stopped` counts only where
 * all are.
 */
export function worstPhase(watches: readonly WatchStatus[]): WatchPhase {
  return URGENCY.find((phase) => phase !== 'stopped' && watches.some((status) => status.phase === phase)) ?? 'stopped';
}
