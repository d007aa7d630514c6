import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { OutboxStore } from '../../engine/outbox-store';
import type { Clock, Dispose, ReportError, SampleStore } from '../../engine/ports';
import { errorText, type Notify } from '../files/notice';
import { historyFile } from './database';
import {
  lastEventId,
  readEvents,
  readEventsOfIncidents,
  readIncidentIds,
  writeEntries,
  type HistoryEntry,
  type IncidentQuery,
} from './event-table';
import { outboxTable } from './outbox-table';
import { readEachPage, readPoints, type SampleQuery } from './sample-reading';
import { writeSamples } from './sample-table';
import { readMoment, readReadings, recordedSpan } from './table-reader';
import { TableWriter, type TableMoment } from './table-writer';
import { runMaintenance, type Retention } from './upkeep';
import { readMemories, type WatchMemory } from './watch-memory-table';

/** After the start, when the engine has other things to do. */
const FIRST_UPKEEP_MS = 1000;
const NEXT_PIECE_MS = 50;
const UPKEEP_EVERY_MS = 60_000;

export interface HistoryOptions {
  file: string;
  clock: Clock;
  /** Asked before each piece of upkeep. */
  retention: () => Retention;
  notify: Notify;
  report: ReportError;
}

/** All events of some stories, and which stories they are. */
export interface IncidentEvents {
  /** The newest first. */
  ids: readonly number[];
  /** Oldest first. */
  events: readonly HealdeckEvent[];
}

/**
 * `history.db`. Everything here waits for the disk, but for the long queries, which let others run after each page: it belongs
 * into a thread of its own.
 */
export interface History extends SampleStore {
  /** The highest event number of earlier engines; new ones must be higher. */
  readonly lastEventId: number;
  /** Keeps the first entries, and returns how many; throws when the file takes none. Numbers of events must rise. */
  record(entries: readonly HistoryEntry[]): number;
  /** What earlier engines kept of each watch. Throws when the file can't be read. */
  memories(): readonly WatchMemory[];
  /** Events that fit, oldest first. Rejects when the file can't be read. */
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  /** All events of the newest stories that fit or are among `also`. Rejects when the file can't be read. */
  listIncidentEvents(query: IncidentQuery, also?: readonly number[]): Promise<IncidentEvents>;
  /** Readings for a chart; see `readPoints`. Rejects when the file can't be read. */
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]>;
  /** The next single readings that are still kept, oldest first; see `readEachPage`. Throws when the file can't be read. */
  readingsPage(query: Pick<SampleQuery, 'watchId' | 'sinceAt'>): readonly HistoryPoint[];
  /** Keeps moments of the process table, oldest first; what the file won't have is lost, and nothing is thrown. */
  recordTable(moments: readonly TableMoment[]): void;
  /** The newest recorded moment that is not after `at`, or null. Rejects when the file can't be read. */
  tableAt(at: number): Promise<TableMoment | null>;
  /** The first and the last recorded moment; nulls for none. Rejects when the file can't be read. */
  recordedSpan(): Promise<{ from: number | null; to: number | null }>;
  /** What a process used in the recorded moments, oldest first, thinned to at most `points`. Rejects when the file can't be read. */
  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]>;
  /** What the alerts keep, in the same file. */
  readonly outbox: OutboxStore;
  /** Closes the file. */
  dispose(): void;
}

/** Never throws: a history that can't be opened is tried again. */
export function openHistory(options: HistoryOptions): History {
  const { clock, notify, report } = options;
  const file = historyFile({ file: options.file, nowMs: () => clock.wallMs(), notify });
  const tables = new TableWriter(file);
  let disposed = false;
  let cancelUpkeep: Dispose | null = null;

  const firstId = firstFreeIdBase();

  /**
   * Where the old numbers can't be read, the seconds since 1970 are above them: no history has had an event a second,
   * all of the time, for all of these years.
   */
  function firstFreeIdBase(): number {
    const unknown = Math.floor(clock.wallMs() / 1000);
    try {
      const last = file.use(lastEventId);
      return file.replaced ? Math.max(last, unknown) : last;
    } catch (error) {
      notify({
        topic: 'history.db',
        severity: 'high',
        detail: `history.db can't be opened (${errorText(error)}). Events wait in memory and are written when it can be; healing goes on.`,
      });
      return unknown;
    }
  }

  function scheduleUpkeep(delayMs: number): void {
    cancelUpkeep = clock.after(delayMs, () => {
      cancelUpkeep = null;
      if (!disposed) scheduleUpkeep(upkeepPiece() ? NEXT_PIECE_MS : UPKEEP_EVERY_MS);
    });
  }

  /** True when there may be more. */
  function upkeepPiece(): boolean {
    try {
      return file.use((connection) => runMaintenance(connection, clock.wallMs(), options.retention()));
    } catch (error) {
      report('history.db: rolling up and removing what is too old', error);
      return false;
    }
  }
  scheduleUpkeep(FIRST_UPKEEP_MS);

  return {
    lastEventId: firstId,
    record: (entries) => file.use((connection) => writeEntries(connection, entries)),
    memories: () => file.use(readMemories),
    outbox: outboxTable(file),
    listEvents: (query) => readEvents(file, query),
    async listIncidentEvents(query, also = []) {
      const ids = [...new Set([...also, ...readIncidentIds(file, query)])]
        .sort((one, other) => other - one)
        .slice(0, query.limit);
      const events = await readEventsOfIncidents(file, ids);
      return { ids, events: [...events].sort((one, other) => one.id - other.id) };
    },
    samples: (query) => readPoints(file, query, clock.wallMs()),
    recordSamples(at, readings) {
      try {
        file.use((connection) => writeSamples(connection, at, readings));
      } catch {
        // Readings may be lost: the events report a disk that refuses.
      }
    },
    readingsPage: (query) => readEachPage(file, query),
    recordTable(moments) {
      try {
        tables.write(moments);
      } catch {
        // As with readings.
      }
    },
    async tableAt(at) {
      return file.use((connection) => readMoment(connection, at));
    },
    async recordedSpan() {
      return file.use(recordedSpan);
    },
    readingsOf: (identity, query) => readReadings(file, identity, query),
    dispose() {
      if (disposed) return;
      disposed = true;
      cancelUpkeep?.();
      file.close();
    },
  };
}
