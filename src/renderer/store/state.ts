import type { AlertsStatus } from '../../shared/model/alert';
import type { HealdeckEvent } from '../../shared/model/event';
import type { ProcessRow } from '../../shared/model/process';
import type { EngineInfo, MachineSample, WatchStatus } from '../../shared/model/snapshot';
import type { Series } from './series';

/**
 * Whether the engine can be reached.
 *
 *   connecting ──► live ──► lost ──► live …
 *        │                   │
 *        └────► signed_out ◄─┘      (the browser's session is over: only a new link helps)
 */
export type Connection =
  | { kind: 'connecting' }
  | { kind: 'live'; since: number }
  | { kind: 'lost'; attempt: number; retryAt: number; problem: string }
  | { kind: 'signed_out' };

/** What the engine reports, as far as its stream has been read. */
export interface LiveState {
  /** Number of the last message on this stream; null before the first snapshot. */
  seq: number | null;
  engine: EngineInfo | null;
  machine: MachineSample | null;
  alerts: AlertsStatus;
  watches: ReadonlyMap<string, WatchStatus>;
  /** Newest events, oldest first, their numbers without a hole; at most {@link EVENT_CAPACITY}. */
  events: readonly HealdeckEvent[];
}

/** Events kept in memory; older ones are asked of the engine when they are wanted. */
export const EVENT_CAPACITY = 2000;

export const EMPTY_LIVE: LiveState = {
  seq: null,
  engine: null,
  machine: null,
  alerts: {
    channels: [],
    waiting: 0,
    failed: 0,
    held: 0,
    holds: [],
    mutes: [],
    quietUntil: null,
    warnings: [],
    fromEnvironment: [],
  },
  watches: new Map(),
  events: [],
};

/** The process table, kept only while it is shown. */
export interface ProcessTableState {
  seq: number | null;
  rows: ReadonlyMap<string, ProcessRow>;
}

export const EMPTY_PROCESSES: ProcessTableState = { seq: null, rows: new Map() };

/** The last readings of a watch, oldest first. */
export interface WatchTrend {
  /** % of one core. */
  cpuPercent: readonly number[];
  memoryBytes: readonly number[];
}

/** Everything the window knows. */
export interface AppState {
  connection: Connection;
  live: LiveState;
  processes: ProcessTableState;
  /** Charts that are being shown, by their key. */
  series: ReadonlyMap<string, Series>;
  /** Last readings of each watch, by its id. */
  trends: ReadonlyMap<string, WatchTrend>;
}

export const INITIAL_STATE: AppState = {
  connection: { kind: 'connecting' },
  live: EMPTY_LIVE,
  processes: EMPTY_PROCESSES,
  series: new Map(),
  trends: new Map(),
};
