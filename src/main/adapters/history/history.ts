import type { CrashCount } from '../../../shared/model/crash-group';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { ProbeHistory, RecordedAttempt } from '../../../shared/model/probe-history';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { OutboxStore } from '../../engine/outbox-store';
import type { AttemptReading, Clock, Dispose, ReportError, SampleReading, SampleStore } from '../../engine/ports';
import { errorText, type Notify } from '../files/notice';
import { HistoryFile } from './database/database';
import {
  lastEventId,
  readEvents,
  readEventsOfIncidents,
  readIncidentIds,
  writeEntries,
  type HistoryEntry,
  type IncidentQuery,
} from './events/event-table';
import { readCrashCounts, readCrashEvents } from './events/crash-table';
import { outboxTable } from './events/outbox-table';
import { AttemptBuffer } from './samples/attempt-buffer';
import { readAttemptsPage, readProbeHistory, type AttemptQuery, type ProbeOf } from './samples/attempt-reading';
import { readEachPage, readPoints, type SampleQuery } from './samples/sample-reading';
import { writeSamples } from './samples/sample-table';
import { readMoment, readReadings, recordedSpan } from './recording/table-reader';
import { TableWriter, type TableMoment } from './recording/table-writer';
import { runMaintenance, type Retention } from './upkeep';
import { readMemories, type WatchMemory } from './events/watch-memory-table';

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

/** All events of some incidents, and which incidents they are. */
export interface IncidentEvents {
  /** The newest first. */
  ids: readonly number[];
  /** Oldest first. */
  events: readonly HealdeckEvent[];
}

/**
 * `history.db`. Everything here waits for the disk, but for the long queries, which let others run after each page: it belongs
 * into a thread of its own. A history that can't be opened is tried again.
 */
export class History implements SampleStore {
  /** The highest event number of earlier engines; new ones must be higher. */
  readonly lastEventId: number;
  /** What the alerts keep, in the same file. */
  readonly outbox: OutboxStore;
  private readonly file: HistoryFile;
  private readonly tables: TableWriter;
  private readonly attempts: AttemptBuffer;
  private cancelUpkeep: Dispose | null = null;
  private disposed = false;

  /** Never throws. */
  constructor(private readonly options: HistoryOptions) {
    const { file, clock, notify } = options;
    this.file = new HistoryFile({ file, nowMs: () => clock.wallMs(), notify });
    this.tables = new TableWriter(this.file);
    this.attempts = new AttemptBuffer(clock);
    this.outbox = outboxTable(this.file);
    this.lastEventId = this.readLastEventId();
    this.scheduleUpkeep(FIRST_UPKEEP_MS);
  }

  /** Keeps the first entries, and returns how many; throws when the file takes none. Numbers of events must rise. */
  record(entries: readonly HistoryEntry[]): number {
    return this.file.use((connection) => writeEntries(connection, entries));
  }

  /** What earlier engines kept of each watch. Throws when the file can't be read. */
  memories(): readonly WatchMemory[] {
    return this.file.use(readMemories);
  }

  /** Events that fit, oldest first. Rejects when the file can't be read. */
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]> {
    return readEvents(this.file, query);
  }

  /** All events of the newest incidents that fit or are among `also`. Rejects when the file can't be read. */
  async listIncidentEvents(query: IncidentQuery, also: readonly number[] = []): Promise<IncidentEvents> {
    const ids = [...new Set([...also, ...readIncidentIds(this.file, query)])]
      .sort((one, other) => other - one)
      .slice(0, query.limit);
    const events = await readEventsOfIncidents(this.file, ids, query.id !== undefined);
    return { ids, events: [...events].sort((one, other) => one.id - other.id) };
  }

  /** Counts of the crashes below an event. Rejects when the file can't be read. */
  async crashCounts(belowId: number): Promise<readonly CrashCount[]> {
    return this.file.use((connection) => readCrashCounts(connection, belowId));
  }

  /** The newest events of each of some crashes below an event; see `readCrashEvents`. Rejects when the file can't be read. */
  crashEvents(ids: readonly string[], belowId: number, limitEach: number): Promise<readonly HealdeckEvent[]> {
    return readCrashEvents(this.file, ids, belowId, limitEach);
  }

  recordSamples(at: number, readings: readonly SampleReading[], attempts: readonly AttemptReading[] = []): void {
    const due = this.attempts.add(attempts);
    try {
      this.file.use((connection) => writeSamples(connection, at, readings, due));
      this.attempts.written(due);
    } catch {
      // Readings may be lost: the events report a disk that refuses.
    }
  }

  /** Readings for a chart; see `readPoints`. Rejects when the file can't be read. */
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]> {
    return readPoints(this.file, query, this.options.clock.wallMs());
  }

  /** The next single readings that are still kept, oldest first; see `readEachPage`. Throws when the file can't be read. */
  readingsPage(query: Pick<SampleQuery, 'watchId' | 'sinceAt'>): readonly HistoryPoint[] {
    return readEachPage(this.file, query);
  }

  /** What is recorded of a probe; see `readProbeHistory`. Rejects when the file can't be read. */
  async probeHistory(query: AttemptQuery): Promise<ProbeHistory> {
    this.writeAttempts();
    return readProbeHistory(this.file, query);
  }

  /** The next attempts of a probe that are still kept, oldest first; see `readAttemptsPage`. Throws when the file can't be read. */
  attemptsPage(query: ProbeOf & { sinceAt: number }): readonly RecordedAttempt[] {
    this.writeAttempts();
    return readAttemptsPage(this.file, query);
  }

  /** Keeps moments of the process table, oldest first; what the file won't have is lost, and nothing is thrown. */
  recordTable(moments: readonly TableMoment[]): void {
    try {
      this.tables.write(moments);
    } catch {
      // As with readings.
    }
  }

  /** The newest recorded moment that is not after `at`, or null. Rejects when the file can't be read. */
  async tableAt(at: number): Promise<TableMoment | null> {
    return this.file.use((connection) => readMoment(connection, at));
  }

  /** The first and the last recorded moment; nulls for none. Rejects when the file can't be read. */
  async recordedSpan(): Promise<{ from: number | null; to: number | null }> {
    return this.file.use(recordedSpan);
  }

  /** What a process used in the recorded moments, oldest first, thinned to at most `points`. Rejects when the file can't be read. */
  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]> {
    return readReadings(this.file, identity, query);
  }

  /** Closes the file. */
  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.cancelUpkeep?.();
    this.writeAttempts();
    this.file.close();
  }

  /**
   * Where the old numbers can't be read, the seconds since 1970 are above them: no history has had an event a second,
   * all of the time, for all of these years.
   */
  private readLastEventId(): number {
    const { clock, notify } = this.options;
    const unknown = Math.floor(clock.wallMs() / 1000);
    try {
      const last = this.file.use(lastEventId);
      return this.file.replaced ? Math.max(last, unknown) : last;
    } catch (error) {
      notify({
        topic: 'history.db',
        severity: 'high',
        detail: `history.db can't be opened (${errorText(error)}). Events wait in memory and are written when it can be; healing continues.`,
      });
      return unknown;
    }
  }

  /** Who reads attempts, or closes the file, finds all of them in it. */
  private writeAttempts(): void {
    const { all } = this.attempts;
    if (all.length === 0) return;
    try {
      this.file.use((connection) => writeSamples(connection, this.options.clock.wallMs(), [], all));
      this.attempts.written(all);
    } catch {
      // They wait, or end with the engine.
    }
  }

  private scheduleUpkeep(delayMs: number): void {
    this.cancelUpkeep = this.options.clock.after(delayMs, () => {
      this.cancelUpkeep = null;
      if (!this.disposed) this.scheduleUpkeep(this.upkeepPiece() ? NEXT_PIECE_MS : UPKEEP_EVERY_MS);
    });
  }

  /** True when there may be more. */
  private upkeepPiece(): boolean {
    const { clock, retention, report } = this.options;
    try {
      return this.file.use((connection) => runMaintenance(connection, clock.wallMs(), retention()));
    } catch (error) {
      report('history.db: rolling up and removing what is too old', error);
      return false;
    }
  }
}
