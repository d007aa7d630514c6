import type { ProcessSample } from '../../shared/model/process';
import type { LiveProcess } from './heal-state';
import type { Clock, PersistedWatch } from './ports';
import { toMonotonicMs } from './wall-time';

/** A process that a pass has found. */
export function foundProcess(
  { pid, startTime, startedAt }: ProcessSample,
  origin: LiveProcess['origin'],
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>,
): LiveProcess {
  return { pid, startTime, origin, startedAtMs: toMonotonicMs(clock, startedAt) };
}

/** A process that an earlier engine wrote down and no pass finds any more: when it was started is not known. */
export function lostProcess(written: PersistedWatch['processes'][number], nowMs: number): LiveProcess {
  const { pid, startTime } = written;
  return { pid, startTime, origin: inheritedOrigin(written), startedAtMs: nowMs };
}

/** The child of an earlier engine is no child of this one. */
export function inheritedOrigin({ origin }: PersistedWatch['processes'][number]): 'adopted' | 'match' {
  return origin === 'child' ? 'adopted' : 'match';
}
