import { useMemo } from 'react';
import { incidentsOf } from '../../shared/lib/events/incidents';
import type { Incident } from '../../shared/model/incident';
import { useAnswer, useKeptAnswer, type Answer } from './use-answer';
import { useAppState } from './use-app';
import { useLast } from './use-last';

/** Incidents that are read at once; older ones are found by the command line. */
export const INCIDENTS_SHOWN = 500;
/** At most one question in this time, however much happens. */
const ASK_AFTER_MS = 400;

/** The newest incidents, newest first; asked for again when one has gone on. What was known stays until the answer is there. */
export function useIncidents(): Answer<readonly Incident[]> {
  const newest = useAppState((state) => state.live.events.findLast(({ incident }) => incident !== null)?.id ?? 0);
  const asked = useAnswer(
    `incidents/${newest}`,
    (client, signal) => client.incidents.list({ limit: INCIDENTS_SHOWN }, { signal }),
    ASK_AFTER_MS,
  );
  return useKeptAnswer(asked);
}

/** One incident by its number, also one that is not among the newest; null while nobody knows it. */
export function useIncident(id: number | null): Answer<Incident | null> {
  const live = useAppState((state) => state.live.events);
  const newest = live.findLast(({ incident }) => incident !== null && incident === id)?.id ?? 0;
  const asked = useAnswer(
    id === null ? null : `incident/${id}/${newest}`,
    async (client, signal) => (await client.incidents.list({ id: id ?? 0, limit: 1 }, { signal }))[0] ?? null,
    newest === 0 ? 0 : ASK_AFTER_MS,
  );
  // What has just happened is shown at once, the whole incident as soon as the engine has sent it.
  const [fresh = null] = useMemo(() => incidentsOf(live.filter(({ incident }) => incident === id)), [live, id]);
  const last = useLast(asked.kind === 'answered' && asked.value?.id === id ? asked.value : null);
  if (asked.kind !== 'asking') return asked;
  const known = last?.id === id ? last : fresh;
  return known === null ? asked : { kind: 'answered', value: known };
}
