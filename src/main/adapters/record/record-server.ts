import type { CrashCount } from '../../../shared/model/crash-group';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { ProbeHistory, RecordedAttempt } from '../../../shared/model/probe-history';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { OutboxStore } from '../../engine/outbox-store';
import type { AttemptReading, Clock, ReportError, SampleReading } from '../../engine/ports';
import { HealingFile, type HealingFileLimits } from '../logs/healing-file';
import type { HistoryEntry, IncidentQuery } from '../history/events/event-table';
import { History, type IncidentEvents } from '../history/history';
import type { AttemptQuery, ProbeOf } from '../history/samples/attempt-reading';
import type { SampleQuery } from '../history/samples/sample-reading';
import type { TableMoment } from '../history/recording/table-writer';
import type { Retention } from '../history/upkeep';
import type { WatchMemory } from '../history/events/watch-memory-table';
import type { Notify } from '../files/notice';
import { StateFile } from '../stores/state-store';
import { proveDisk } from './disk-proof';

/** Where the record is. Absolute paths. */
export interface RecordFiles {
  dataDir: string;
  history: string;
  healingLog: string;
  state: string;
}

/** What the settings say about the record. */
export interface RecordLimits {
  retention: Retention;
  healingLog: HealingFileLimits;
}

/** What was found at the start. */
export interface RecordStart {
  /** The highest event number of earlier engines. */
  lastEventId: number;
  memories: readonly WatchMemory[];
}

/** What can be asked of the record; each call may take as long as the disk does. Calls are carried out in their order. */
export interface RecordCalls {
  open(): RecordStart;
  configure(limits: RecordLimits): void;
  record(entries: readonly HistoryEntry[]): number;
  appendLines(lines: readonly string[]): number;
  saveState(text: string, durable: boolean): void;
  recordSamples(at: number, readings: readonly SampleReading[], attempts?: readonly AttemptReading[]): void;
  recordTable(moments: readonly TableMoment[]): void;
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  listIncidentEvents(query: IncidentQuery, also: readonly number[]): Promise<IncidentEvents>;
  crashCounts(belowId: number): Promise<readonly CrashCount[]>;
  crashEvents(ids: readonly string[], belowId: number, limitEach: number): Promise<readonly HealdeckEvent[]>;
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]>;
  readingsPage(query: Pick<SampleQuery, 'watchId' | 'sinceAt'>): readonly HistoryPoint[];
  probeHistory(query: AttemptQuery): Promise<ProbeHistory>;
  attemptsPage(query: ProbeOf & { sinceAt: number }): readonly RecordedAttempt[];
  tableAt(at: number): Promise<TableMoment | null>;
  recordedSpan(): Promise<{ from: number | null; to: number | null }>;
  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]>;
  /** See `OutboxStore`; what its methods take and give is checked where they are called. */
  outbox(method: keyof OutboxStore, args: readonly unknown[]): unknown;
  /** Throws unless the disk under the data directory takes a file now. */
  proveDisk(): void;
  /** Closes the files. Nothing may be asked after it. */
  dispose(): void;
}

export interface RecordServerOptions {
  files: RecordFiles;
  limits: RecordLimits;
  clock: Clock;
  notify: Notify;
  report: ReportError;
}

/** Does all that the record needs of the disk. It blocks whoever runs it, so it is run in a thread of its own. */
export class RecordServer implements RecordCalls {
  private limits: RecordLimits;
  private readonly history: History;
  private readonly healingFile: HealingFile;
  private readonly stateFile: StateFile;

  constructor(private readonly options: RecordServerOptions) {
    const { files, limits, clock, notify, report } = options;
    this.limits = limits;
    this.history = new History({
      file: files.history,
      clock,
      retention: () => this.limits.retention,
      notify,
      report,
    });
    this.healingFile = new HealingFile({ file: files.healingLog, limits: () => this.limits.healingLog, notify });
    this.stateFile = new StateFile(files.state, clock);
  }

  /** Carries out a call that arrives as its name. Throws, or rejects, with what the call does. */
  carryOut(call: keyof RecordCalls, args: readonly unknown[]): unknown {
    return (this[call] as (...given: readonly unknown[]) => unknown)(...args);
  }

  open(): RecordStart {
    return { lastEventId: this.history.lastEventId, memories: this.memories() };
  }

  configure(limits: RecordLimits): void {
    this.limits = limits;
  }

  record(entries: readonly HistoryEntry[]): number {
    return this.history.record(entries);
  }

  appendLines(lines: readonly string[]): number {
    return this.healingFile.append(lines);
  }

  saveState(text: string, durable: boolean): void {
    this.stateFile.save(text, durable);
  }

  recordSamples(at: number, readings: readonly SampleReading[], attempts?: readonly AttemptReading[]): void {
    this.history.recordSamples(at, readings, attempts);
  }

  recordTable(moments: readonly TableMoment[]): void {
    this.history.recordTable(moments);
  }

  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]> {
    return this.history.listEvents(query);
  }

  listIncidentEvents(query: IncidentQuery, also: readonly number[]): Promise<IncidentEvents> {
    return this.history.listIncidentEvents(query, also);
  }

  crashCounts(belowId: number): Promise<readonly CrashCount[]> {
    return this.history.crashCounts(belowId);
  }

  crashEvents(ids: readonly string[], belowId: number, limitEach: number): Promise<readonly HealdeckEvent[]> {
    return this.history.crashEvents(ids, belowId, limitEach);
  }

  samples(query: SampleQuery): Promise<readonly HistoryPoint[]> {
    return this.history.samples(query);
  }

  readingsPage(query: Pick<SampleQuery, 'watchId' | 'sinceAt'>): readonly HistoryPoint[] {
    return this.history.readingsPage(query);
  }

  probeHistory(query: AttemptQuery): Promise<ProbeHistory> {
    return this.history.probeHistory(query);
  }

  attemptsPage(query: ProbeOf & { sinceAt: number }): readonly RecordedAttempt[] {
    return this.history.attemptsPage(query);
  }

  tableAt(at: number): Promise<TableMoment | null> {
    return this.history.tableAt(at);
  }

  recordedSpan(): Promise<{ from: number | null; to: number | null }> {
    return this.history.recordedSpan();
  }

  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]> {
    return this.history.readingsOf(identity, query);
  }

  outbox(method: keyof OutboxStore, args: readonly unknown[]): unknown {
    return (this.history.outbox[method] as (...given: readonly unknown[]) => unknown)(...args);
  }

  proveDisk(): void {
    proveDisk(this.options.files.dataDir);
  }

  dispose(): void {
    this.history.dispose();
  }

  private memories(): readonly WatchMemory[] {
    try {
      return this.history.memories();
    } catch (error) {
      this.options.report('history.db: reading what the last engine kept of each watch', error);
      return [];
    }
  }
}
