import type { Readiness, WatchPhase, WatchStatus } from '../../model/snapshot';
import { compareNames } from '../text/compare-names';
import { PHASE_WORDS, URGENCY } from './phases';

/** Where a watch stands: its phase, or that it runs and is not ready. */
export type Standing = WatchPhase | Exclude<Readiness, 'ready'>;

/** The standing of a watch; `running` is one that serves, as far as it is known. */
export function standingOf({ phase, readiness }: Pick<WatchStatus, 'phase' | 'readiness'>): Standing {
  return phase !== 'running' || readiness === null || readiness === 'ready' ? phase : readiness;
}

/** Standings from the one that needs a look first to the one that needs none. */
export const STANDINGS: readonly Standing[] = URGENCY.flatMap((phase): readonly Standing[] =>
  phase === 'starting' ? ['lost', phase] : phase === 'running' ? ['awaited', phase] : [phase],
);

/** What is said of a watch: `db in cooldown`, `api not ready`. */
export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  ...PHASE_WORDS,
  awaited: 'not ready yet',
  lost: 'not ready',
};

/** Order of standings: those that need a look first. */
export function compareUrgency(a: WatchStatus, b: WatchStatus): number {
  return STANDINGS.indexOf(standingOf(a)) - STANDINGS.indexOf(standingOf(b));
}

/** Watches in the order of need, then by name. */
export function byUrgency(watches: Iterable<WatchStatus>): WatchStatus[] {
  return [...watches].sort((a, b) => compareUrgency(a, b) || compareNames(a.watch.name, b.watch.name));
}
