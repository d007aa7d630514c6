import { useEffect } from 'react';
import { seriesKey, SERIES_POINTS, type Series } from '../store/series';
import { useApp, useAppState } from './use-app';

/** Readings of a watch (null: the machine) over the last `rangeMs`: history first, then live, and read anew after a reconnect. */
export function useSeries(watchId: string | null, rangeMs: number): Series | null {
  const { store, session } = useApp();
  const isLive = useAppState((state) => state.connection.kind === 'live');

  useEffect(() => {
    store.actions.openSeries(watchId, rangeMs);
    return () => store.actions.closeSeries(watchId, rangeMs);
  }, [store, watchId, rangeMs]);

  useEffect(() => {
    if (!isLive) return;
    const request = new AbortController();
    const sinceAt = Date.now() - rangeMs;
    session
      .ask((client) =>
        client.history.samples({ watch: watchId, sinceAt, points: SERIES_POINTS }, { signal: request.signal }),
      )
      .then(
        (points) => store.actions.seedSeries(watchId, rangeMs, points),
        // Without a past the chart begins now.
        () => request.signal.aborted || store.actions.seedSeries(watchId, rangeMs, []),
      );
    return () => request.abort();
  }, [store, session, watchId, rangeMs, isLive]);

  return useAppState((state) => state.series.get(seriesKey(watchId, rangeMs)) ?? null);
}
