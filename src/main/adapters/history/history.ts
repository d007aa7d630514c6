import { eventFits } from '../../../shared/lib/event-query';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { OutboxStore } from '../../engine/outbox-store';
import type { Clock, Dispose, ReportError, SampleStore } from '../../engine/ports';
import { errorText, type Notify } from '../notice';
import { createRetryQueue } from '../retry-queue';
import { historyFile } from './database';
import {
  incidentFits,
  lastEventId,
  readEvents,
  readEventsOfIncidents,
  readIncidentIds,
  writeEvents,
  type IncidentQuery,
} from './event-table';
import { outboxTable } from './outbox-table';
import { readEach, readPoints, type SampleQuery } from './sample-reading';
import { writeSamples } from './sample-table';
import { readMoment, readReadings, recordedSpan } from './table-reader';
import { TableWriter, type TableMoment } from './table-writer';
import { tend, type Retention } from './upkeep';

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

/**
 * `history.db`. Writing returns at once and never throws; queries return promises, so that all of it could move to a
 * thread of its own.
 */
export interface History extends SampleStore {
  /** The highest event number of earlier engines; new ones must be higher. */
  readonly lastEventId: number;
  /** Keeps an event: in the file when this returns, or in memory until the file takes it. Numbers must rise. */
  recordEvent(event: HealdeckEvent): void;
  readonly unwrittenEvents: number;
  /** Events that fit, those that wait included, oldest first. Rejects when the file can't be read. */
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  /** All events of the newest stories that fit, those that wait included, oldest first. Rejects when the file can't be read. */
  listIncidentEvents(query: IncidentQuery): Promise<readonly HealdeckEvent[]>;
  /** Readings for a chart; see `readPoints`. Rejects when the file can't be read. */
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]>;
  /** Every single reading that is still kept; see `readEach`. Rejects when the file can't be read. */
  eachReading(
    query: Pick<SampleQuery, 'watchId' | 'sinceAt'>,
    onPage: (readings: readonly HistoryPoint[]) => void,
  ): Promise<void>;
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
  /** Writes what waits, if it can be, and closes. */
  dispose(): void;
}

/** Never throws: a history that can't be opened is tried again, and events wait in memory meanwhile. */
export function openHistory(options: HistoryOptions): History {
  const { clock, notify, report } = options;
  const file = historyFile({ file: options.file, nowMs: () => clock.wallMs(), notify });
  const tables = new TableWriter(file);
  let disposed = false;
  let cancelUpkeep: Dispose | null = null;

  const queue = createRetryQueue<HealdeckEvent>({
    clock,
    write: (events) => file.use((connection) => writeEvents(connection, events)),
    onFailing: (error) =>
      notify({
        topic: 'history.db',
        severity: 'high',
        detail: `history.db can't be written (${errorText(error)}). Events wait in memory and are written when it can be; healing goes on.`,
      }),
    onRecovered: (lost) =>
      notify({
        topic: 'history.db',
        severity: lost > 0 ? 'critical' : 'info',
        detail:
          lost > 0
            ? `history.db is written again; ${lost} of the oldest waiting events were lost.`
            : 'history.db is written again; no event was lost.',
      }),
  });

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
      return file.use((connection) => tend(connection, clock.wallMs(), options.retention()));
    } catch (error) {
      report('history.db: rolling up and removing what is too old', error);
      return false;
    }
  }
  scheduleUpkeep(FIRST_UPKEEP_MS);

  return {
    lastEventId: firstId,
    recordEvent: (event) => queue.push(event),
    outbox: outboxTable(file),
    get unwrittenEvents() {
      return queue.items.length;
    },
    async listEvents(query) {
      // Taken before the reading: what is written meanwhile is then in one of the two, or in both.
      const waitingNow = [...queue.items];
      const onDisk = await readEvents(file, query);
      const lastOnDisk = onDisk.at(-1)?.id ?? 0;
      const waiting = waitingNow.filter((event) => event.id > lastOnDisk && eventFits(event, query));
      return [...onDisk, ...waiting].slice(-query.limit);
    },
    async listIncidentEvents(query) {
      const waiting = queue.items.filter((event) => event.incident !== null);
      const waitingIds = waiting.filter((event) => incidentFits(event, query)).map((event) => event.incident ?? 0);
      const ids = [...new Set([...waitingIds, ...readIncidentIds(file, query)])]
        .sort((one, other) => other - one)
        .slice(0, query.limit);
      const onDisk = await readEventsOfIncidents(file, ids);
      const events = new Map(onDisk.map((event) => [event.id, event]));
      for (const event of waiting) if (ids.includes(event.incident ?? 0)) events.set(event.id, event);
      return [...events.values()].sort((one, other) => one.id - other.id);
    },
    samples: (query) => readPoints(file, query, clock.wallMs()),
    recordSamples(at, readings) {
      try {
        file.use((connection) => writeSamples(connection, at, readings));
      } catch {
        // Readings may be lost: the queue of events tells about a disk that refuses.
      }
    },
    eachReading: (query, onPage) => readEach(file, query, onPage),
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
      queue.dispose();
      file.close();
    },
  };
}
