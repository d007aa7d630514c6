import { useEffect, useMemo, useState } from 'react';
import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import { useAnswer } from '../../hooks/use-answer';
import { useApp } from '../../hooks/use-app';

/** How far back the recording is read. */
const PAST_MS = 15 * 60_000;
/** An hour of live readings, one every two seconds. */
const MAX_POINTS = 1800;
const NO_POINTS: readonly HistoryPoint[] = [];

/** Readings of one process, oldest first: those that were recorded, and the denser ones since this component is shown. */
export function useProcessReadings(identity: ProcessIdentity): {
  past: readonly HistoryPoint[];
  live: readonly HistoryPoint[];
} {
  const { store, session } = useApp();
  const key = identityKey(identity);
  const [openedAt] = useState(() => Date.now());
  const [live, setLive] = useState(NO_POINTS);
  const { pid, startTime } = identity;
  const recorded = useAnswer(`readings/${key}`, (client, signal) =>
    client.processes.readings({ pid, startTime, sinceAt: openedAt - PAST_MS }, { signal }),
  );
  useEffect(() => session.followProcesses(), [session]);
  useEffect(() => {
    const take = () => {
      const row = store.getState().processes.rows.get(key);
      if (row === undefined) return;
      const point = { at: Date.now(), cpuPercent: row.cpuPercent, memoryBytes: row.rssBytes };
      setLive((before) => [...before.slice(1 - MAX_POINTS), point]);
    };
    take();
    return store.subscribe(({ processes }, before) => {
      if (processes !== before.processes) take();
    });
  }, [store, key]);
  const answered = recorded.kind === 'answered' ? recorded.value : NO_POINTS;
  const past = useMemo(() => answered.filter(({ at }) => at < openedAt), [answered, openedAt]);
  return { past, live };
}
