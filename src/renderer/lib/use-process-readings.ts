import { useEffect, useState } from 'react';
import { identityKey, type ProcessIdentity } from '../../shared/model/process';
import type { HistoryPoint } from '../../shared/model/snapshot';
import { useApp } from './use-app';

/** An hour of readings, one every two seconds. */
const MOST_POINTS = 1800;

/** Readings of one process since this component was shown, oldest first; they go on as long as the process table comes in. */
export function useProcessReadings(identity: ProcessIdentity): readonly HistoryPoint[] {
  const { store, session } = useApp();
  const key = identityKey(identity);
  const [points, setPoints] = useState<readonly HistoryPoint[]>([]);
  useEffect(() => session.followProcesses(), [session]);
  useEffect(() => {
    const take = () => {
      const row = store.getState().processes.rows.get(key);
      if (row === undefined) return;
      const point = { at: Date.now(), cpuPercent: row.cpuPercent, memoryBytes: row.rssBytes };
      setPoints((before) => [...before.slice(1 - MOST_POINTS), point]);
    };
    take();
    return store.subscribe(({ processes }, before) => {
      if (processes !== before.processes) take();
    });
  }, [store, key]);
  return points;
}
