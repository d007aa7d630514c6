import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { OutboxStore } from '../../engine/outbox-store';
import type { Clock, ReportError, SampleReading } from '../../engine/ports';
import { HealingFile, type HealingFileLimits } from '../logs/healing-file';
import type { HistoryEntry, IncidentQuery } from '../history/event-table';
import { openHistory, type IncidentEvents } from '../history/history';
import type { SampleQuery } from '../history/sample-reading';
import type { TableMoment } from '../history/table-writer';
import type { Retention } from '../history/upkeep';
import type { WatchMemory } from '../history/watch-memory-table';
import type { Notify } from '../files/notice';
import { openStateFile } from '../stores/state-store';
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
  recordSamples(at: number, readings: readonly SampleReading[]): void;
  recordTable(moments: readonly TableMoment[]): void;
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  listIncidentEvents(query: IncidentQuery, also: readonly number[]): Promise<IncidentEvents>;
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]>;
  readingsPage(query: Pick<SampleQuery, 'watchId' | 'sinceAt'>): readonly HistoryPoint[];
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
export function createRecordServer({ files, limits, clock, notify, report }: RecordServerOptions): RecordCalls {
  let inForce = limits;
  const history = openHistory({
    file: files.history,
    clock,
    retention: () => inForce.retention,
    notify,
    report,
  });
  const healingFile = new HealingFile({ file: files.healingLog, limits: () => inForce.healingLog, notify });
  const stateFile = openStateFile(files.state, clock);

  function memories(): readonly WatchMemory[] {
    try {
      return history.memories();
    } catch (error) {
      report('history.db: reading what the last engine kept of each watch', error);
      return [];
    }
  }

  return {
    open: () => ({ lastEventId: history.lastEventId, memories: memories() }),
    configure(next) {
      inForce = next;
    },
    record: (entries) => history.record(entries),
    appendLines: (lines) => healingFile.append(lines),
    saveState: (text, durable) => stateFile.save(text, durable),
    recordSamples: (at, readings) => history.recordSamples(at, readings),
    recordTable: (moments) => history.recordTable(moments),
    listEvents: (query) => history.listEvents(query),
    listIncidentEvents: (query, also) => history.listIncidentEvents(query, also),
    samples: (query) => history.samples(query),
    readingsPage: (query) => history.readingsPage(query),
    tableAt: (at) => history.tableAt(at),
    recordedSpan: () => history.recordedSpan(),
    readingsOf: (identity, query) => history.readingsOf(identity, query),
    outbox(method, args) {
      return (history.outbox[method] as (...given: readonly unknown[]) => unknown)(...args);
    },
    proveDisk: () => proveDisk(files.dataDir),
    dispose: () => history.dispose(),
  };
}
