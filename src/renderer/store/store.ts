import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HistoryPoint, LiveMessage, ProcessesMessage, WatchStatus } from '../../shared/model/snapshot';
import { applyLive } from './apply-live';
import { applyProcesses } from './apply-processes';
import { appendPoint, machinePoint, seedSeries, seriesKey, watchPoint, type Series } from './series';
import { INITIAL_STATE, type AppState, type Connection, type LiveState, type WatchTrend } from './state';

/** Readings kept for the small curves beside a watch. */
export const TREND_LENGTH = 40;

/** What the stream and the charts may do to the state. */
export interface AppActions {
  setConnection(connection: Connection): void;
  /** Returns false when a message was missed and nothing was changed: ask for a snapshot. */
  receiveLive(message: LiveMessage): boolean;
  /** Returns false when a message was missed and nothing was changed: ask for the table. */
  receiveProcesses(message: ProcessesMessage): boolean;
  /** Begins to collect readings for a chart; what was collected before is kept. */
  openSeries(watchId: string | null, rangeMs: number): void;
  seedSeries(watchId: string | null, rangeMs: number, history: readonly HistoryPoint[]): void;
  closeSeries(watchId: string | null, rangeMs: number): void;
}

export type AppStore = StoreApi<AppState> & { readonly actions: AppActions };

/** The one store of the window. */
export function createAppStore(initial: AppState = INITIAL_STATE): AppStore {
  const store = createStore<AppState>(() => initial);
  const actions: AppActions = {
    setConnection: (connection) => store.setState({ connection }),

    receiveLive: (message) => {
      const { live, series, trends } = store.getState();
      const result = applyLive(live, message);
      if (result.kind === 'gap') return false;
      const next = result.state;
      const isTick = next.machine !== null && next.machine.at !== live.machine?.at;
      store.setState({
        live: next,
        ...(isTick ? { series: extendSeries(series, next), trends: extendTrends(trends, next.watches) } : {}),
      });
      return true;
    },

    receiveProcesses: (message) => {
      const result = applyProcesses(store.getState().processes, message);
      if (result.kind === 'gap') return false;
      store.setState({ processes: result.state });
      return true;
    },

    openSeries: (watchId, rangeMs) => {
      const { series } = store.getState();
      const key = seriesKey(watchId, rangeMs);
      if (series.has(key)) return;
      store.setState({ series: new Map(series).set(key, { watchId, rangeMs, points: [], loaded: false }) });
    },

    seedSeries: (watchId, rangeMs, history) => {
      const { series } = store.getState();
      const key = seriesKey(watchId, rangeMs);
      const one = series.get(key);
      if (one !== undefined) store.setState({ series: new Map(series).set(key, seedSeries(one, history)) });
    },

    closeSeries: (watchId, rangeMs) => {
      const series = new Map(store.getState().series);
      series.delete(seriesKey(watchId, rangeMs));
      store.setState({ series });
    },
  };
  return Object.assign(store, { actions });
}

function extendSeries(series: AppState['series'], live: LiveState): AppState['series'] {
  const { machine } = live;
  if (machine === null || series.size === 0) return series;
  const next = new Map<string, Series>();
  for (const [key, one] of series) {
    const status = one.watchId === null ? undefined : live.watches.get(one.watchId);
    const point =
      one.watchId === null ? machinePoint(machine) : status === undefined ? null : watchPoint(status, machine.at);
    next.set(key, point === null ? one : appendPoint(one, point));
  }
  return next;
}

function extendTrends(trends: AppState['trends'], watches: ReadonlyMap<string, WatchStatus>): AppState['trends'] {
  const next = new Map<string, WatchTrend>();
  for (const [id, { use }] of watches) {
    const { cpuPercent, memoryBytes } = trends.get(id) ?? { cpuPercent: [], memoryBytes: [] };
    next.set(id, {
      cpuPercent: [...cpuPercent, use.cpuPercent].slice(-TREND_LENGTH),
      memoryBytes: [...memoryBytes, use.memoryBytes].slice(-TREND_LENGTH),
    });
  }
  return next;
}
