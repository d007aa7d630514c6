import { eventFits } from '../../../shared/lib/events/event-query';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { Outbox, OutboxStore } from '../../engine/outbox-store';
import type { Clock, SampleReading, SampleStore } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import { TimeLimitError, withTimeLimit } from '../../engine/time-limit';
import { incidentFits, type HistoryEntry, type IncidentQuery } from '../history/event-table';
import type { SampleQuery } from '../history/sample-reading';
import type { TableMoment } from '../history/table-writer';
import type { WatchMemory } from '../history/watch-memory-table';
import { errorText, type Notify, queueNotices } from '../files/notice';
import { RetryQueue } from '../files/retry-queue';
import type { RecordClient } from './record-host';
import type { RecordStart } from './record-server';

/** Who asks something of the history waits no longer than this for a disk that does not answer. */
export const ANSWER_LIMIT_MS = 5000;
/** The same before a change of the configuration. */
const PROOF_LIMIT_MS = 2000;
/** Readings that are on their way; a disk that does not answer must not fill the memory with more of them. */
const MAX_READINGS_UNDER_WAY = 50;

export interface RecordOptions {
  client: RecordClient;
  start: RecordStart;
  /** Named to operators. */
  dataDir: string;
  clock: Clock;
  notify: Notify;
}

/** The history as those have it who must not wait for the disk. */
export interface EngineRecord extends SampleStore {
  /** The highest event number of earlier engines; new ones must be higher. */
  readonly lastEventId: number;
  /** Keeps an event: on its way to the disk when this turn is over, or in memory until the disk takes it. Numbers must rise. */
  recordEvent(event: HealdeckEvent): void;
  /** Keeps what the next engine must know, together with the events of this turn. */
  remember(memories: readonly WatchMemory[]): void;
  /** Resolves once the events and memories so far would outlive this engine, when writing fails, or after `limitMs`. */
  written(limitMs: number): Promise<void>;
  /** The same, or once the disk has refused it. For one that does not answer it waits. */
  decided(): Promise<void>;
  readonly unwrittenEvents: number;
  /** Wall time since when the oldest event waits; null when none does. */
  readonly unwrittenSince: number | null;
  /** Why the history could not be read the last time it was asked; null: it could. */
  readonly readProblem: string | null;
  /** Events that fit, those that wait included, oldest first. Where the file can't be read, only those that wait. */
  listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]>;
  /** All events of the newest stories that fit, those that wait included, oldest first. As `listEvents` where the file can't be read. */
  listIncidentEvents(query: IncidentQuery): Promise<readonly HealdeckEvent[]>;
  /** Readings for a chart; see `readPoints`. Rejects when the file can't be read. */
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]>;
  /** Every single reading that is still kept. Rejects when the file can't be read. */
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
  readonly outbox: Outbox;
  /** Resolves when the disk takes a file now. Rejects with a `Refusal` when it does not, or does not answer. */
  proveDisk(): Promise<void>;
  /** Writes what waits, if it can be. Resolves when that is over, however it went. */
  dispose(): Promise<void>;
}

/** Never throws. What the disk won't take waits in memory, bounded; what the operator should know of that is noticed once. */
export function openRecord({ client, start, dataDir, clock, notify }: RecordOptions): EngineRecord {
  let readingsUnderWay = 0;
  let readProblem: string | null = null;
  /** What belongs to the turn that goes on, and is handed over at its end. */
  let turn: { events: HealdeckEvent[]; memories: WatchMemory[]; startedMs: number } | null = null;

  const queue = new RetryQueue<HistoryEntry>({
    clock,
    write: (entries) => client.record(entries),
    ...queueNotices(notify, { file: 'history.db', what: 'event', loss: 'critical' }),
  });

  function thisTurn(): { events: HealdeckEvent[]; memories: WatchMemory[] } {
    if (turn === null) {
      turn = { events: [], memories: [], startedMs: clock.monotonicMs() };
      queueMicrotask(endTurn);
    }
    return turn;
  }

  function endTurn(): void {
    if (turn === null) return;
    const { events, memories } = turn;
    turn = null;
    if (events.length + memories.length > 0) queue.push({ events, memories });
  }

  /** What this turn still adds belongs to it. */
  function turnEnded(): Promise<void> {
    thisTurn();
    return Promise.resolve();
  }

  function waiting(): HealdeckEvent[] {
    return [...queue.items.flatMap(({ events }) => events), ...(turn?.events ?? [])];
  }

  function recordReadings(work: () => Promise<void>): void {
    if (readingsUnderWay >= MAX_READINGS_UNDER_WAY) return;
    readingsUnderWay += 1;
    // Readings may be lost: the queue of events reports a disk that refuses.
    work()
      .catch(() => undefined)
      .finally(() => (readingsUnderWay -= 1));
  }

  async function answered<T>(work: Promise<T>, limitMs = ANSWER_LIMIT_MS): Promise<T> {
    try {
      return await withTimeLimit(clock, limitMs, work);
    } catch (error) {
      if (error instanceof TimeLimitError) throw new Refusal('conflict', `The disk of ${dataDir} does not answer`);
      throw error;
    }
  }

  /** What the file has; null where it can't be read. */
  async function fromDisk<T>(work: Promise<T>): Promise<T | null> {
    try {
      const value = await answered(work);
      readProblem = null;
      return value;
    } catch (error) {
      readProblem = errorText(error);
      return null;
    }
  }

  return {
    lastEventId: start.lastEventId,
    recordEvent: (event) => void thisTurn().events.push(event),
    remember: (memories) => void thisTurn().memories.push(...memories),
    async written(limitMs) {
      await turnEnded();
      await queue.written(limitMs);
    },
    async decided() {
      await turnEnded();
      await queue.decided();
    },
    get unwrittenEvents() {
      return waiting().length;
    },
    get unwrittenSince() {
      const sinceMs = queue.waitingSinceMs ?? turn?.startedMs ?? null;
      return sinceMs === null ? null : Math.round(clock.wallMs() - (clock.monotonicMs() - sinceMs));
    },
    get readProblem() {
      return readProblem;
    },
    async listEvents(query) {
      // Taken before the reading: what is written meanwhile is then in one of the two, or in both.
      const waitingNow = waiting();
      const onDisk = (await fromDisk(client.listEvents(query))) ?? [];
      const lastOnDisk = onDisk.at(-1)?.id ?? 0;
      const later = waitingNow.filter((event) => event.id > lastOnDisk && eventFits(event, query));
      return [...onDisk, ...later].slice(-query.limit);
    },
    async listIncidentEvents(query) {
      const waitingNow = waiting().filter((event) => event.incident !== null);
      const also = waitingNow.filter((event) => incidentFits(event, query)).map((event) => event.incident ?? 0);
      const { ids, events } = (await fromDisk(client.listIncidentEvents(query, also))) ?? { ids: also, events: [] };
      const all = new Map(events.map((event) => [event.id, event]));
      for (const event of waitingNow) if (ids.includes(event.incident ?? 0)) all.set(event.id, event);
      return [...all.values()].sort((one, other) => one.id - other.id);
    },
    samples: (query) => answered(client.samples(query)),
    recordSamples: (at: number, readings: readonly SampleReading[]) =>
      recordReadings(() => client.recordSamples(at, readings)),
    async eachReading({ watchId, sinceAt }, onPage) {
      for (let after = sinceAt; ;) {
        const page = await answered(client.readingsPage({ watchId, sinceAt: after }));
        const last = page.at(-1);
        if (last === undefined) return;
        onPage(page);
        after = last.at;
      }
    },
    recordTable: (moments) => recordReadings(() => client.recordTable(moments)),
    tableAt: (at) => answered(client.tableAt(at)),
    recordedSpan: () => answered(client.recordedSpan()),
    readingsOf: (identity, query) => answered(client.readingsOf(identity, query)),
    outbox: outboxOver((method, args) => client.outbox(method, args)),
    async proveDisk() {
      try {
        await answered(client.proveDisk(), PROOF_LIMIT_MS);
      } catch (error) {
        const reason =
          error instanceof Refusal ? error.message : `The disk of ${dataDir} takes nothing (${errorText(error)})`;
        throw new Refusal('conflict', `${reason}; nothing was changed`);
      }
    },
    async dispose() {
      endTurn();
      await queue.dispose();
    },
  };
}

/** The outbox over a function that carries its calls. */
export function outboxOver(call: (method: keyof OutboxStore, args: readonly unknown[]) => Promise<unknown>): Outbox {
  return new Proxy({} as Outbox, {
    // A promise that resolves to it must not take it for another promise.
    get: (_, method: string) =>
      method === 'then' ? undefined : (...args: readonly unknown[]) => call(method as keyof OutboxStore, args),
  });
}
