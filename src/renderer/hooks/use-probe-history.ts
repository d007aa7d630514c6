import { useMemo } from 'react';
import { withLaterAttempts } from '../../shared/lib/probe-buckets';
import type { ProbeAttempt } from '../../shared/model/probe';
import type { ProbeHistory } from '../../shared/model/probe-history';
import { RANGES } from '../format/ranges';
import { useAnswer, useKeptAnswer, type Answer } from './use-answer';
import { useNowEvery } from './use-now';

/** Which part of the past of a probe is wanted; `spanMs`: the width of its buckets. */
export interface ProbePast {
  watchId: string;
  probe: string;
  rangeMs: number;
  spanMs: number;
}

/** Attempts that are listed. */
const NEWEST = 20;

/** How often what is recorded is read again; what comes in between is added from the live attempts. */
function refreshMs(rangeMs: number): number {
  return rangeMs <= RANGES[1].rangeMs ? 10_000 : 60_000;
}

/** What is recorded of a probe, with what has come in since. `now`: the moment up to which it was asked for. */
export function useProbeHistory(
  { watchId, probe, rangeMs, spanMs }: ProbePast,
  live: readonly ProbeAttempt[],
): { answer: Answer<ProbeHistory>; now: number } {
  const now = useNowEvery(refreshMs(rangeMs));
  const asked = useAnswer(`${watchId}/${probe}/${rangeMs}/${spanMs}/${now}`, (client, signal) =>
    client.probes.history({ watch: watchId, probe, sinceAt: now - rangeMs, spanMs, newest: NEWEST }, { signal }),
  );
  const kept = useKeptAnswer(asked);
  const answer = useMemo(
    () => (kept.kind === 'answered' ? { ...kept, value: withLaterAttempts(kept.value, live) } : kept),
    [kept, live],
  );
  return { answer, now: Math.max(now, live.at(-1)?.at ?? 0) };
}
