import { eventFits } from '../../../shared/lib/events/event-query';
import type { CrashCount } from '../../../shared/model/crash-group';
import type { EventQuery, HealdeckEvent } from '../../../shared/model/event';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { ProbeHistory, RecordedAttempt } from '../../../shared/model/probe-history';
import type { HistoryPoint } from '../../../shared/model/snapshot';
import type { Outbox, OutboxStore } from '../../engine/outbox-store';
import type { AttemptReading, Clock, SampleReading, SampleStore } from '../../engine/ports';
import { Refusal } from '../../engine/refusal';
import { TimeLimitError, withTimeLimit } from '../../engine/time-limit';
import { incidentFits, type HistoryEntry, type IncidentQuery } from '../history/events/event-table';
import type { AttemptQuery, ProbeOf } from '../history/samples/attempt-reading';
import type { SampleQuery } from '../history/samples/sample-reading';
import type { TableMoment } from '../history/recording/table-writer';
import type { WatchMemory } from '../history/events/watch-memory-table';
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

/** What happens in one turn of the event loop, and is handed over at its end. */
interface Turn {
  events: HealdeckEvent[];
  memories: WatchMemory[];
  startedMs: number;
}

/**
 * The history as those have it who must not wait for the disk. Never throws; what can't be read rejects where that is said. What the
 * disk won't take waits in memory, bounded; what the operator should know of that is noticed once.
 */
export class EngineRecord implements SampleStore {
  /** The highest event number of earlier engines; new ones must be higher. */
  readonly lastEventId: number;
  /** What the alerts keep, in the same file. */
  readonly outbox: Outbox;
  private readonly queue: RetryQueue<HistoryEntry>;
  /** What belongs to the turn that goes on. */
  private turn: Turn | null = null;
  /** How many memories of each watch are not written yet. One that is dropped stays: what is known of its watch is not all on disk. */
  private readonly unwritten = new Map<string, number>();
  private readingsUnderWay = 0;
  private lastReadProblem: string | null = null;

  constructor(private readonly options: RecordOptions) {
    const { client, start, clock, notify } = options;
    this.lastEventId = start.lastEventId;
    this.outbox = outboxOver((method, args) => client.outbox(method, args));
    this.queue = new RetryQueue({
      clock,
      write: async (entries) => {
        const count = await client.record(entries);
        this.onWritten(entries.slice(0, count).flatMap(({ memories }) => memories));
        return count;
      },
      ...queueNotices(notify, { file: 'history.db', what: 'event', loss: 'critical' }),
    });
  }

  /** Keeps an event: on its way to the disk when this turn is over, or in memory until the disk takes it. Numbers must rise. */
  recordEvent(event: HealdeckEvent): void {
    this.thisTurn().events.push(event);
  }

  /** Keeps what the next engine must know, together with the events of this turn. */
  remember(memories: readonly WatchMemory[]): void {
    this.thisTurn().memories.push(...memories);
    for (const { watchId } of memories) this.unwritten.set(watchId, (this.unwritten.get(watchId) ?? 0) + 1);
  }

  /** Whether all that was remembered of a watch would outlive this engine. */
  isRemembered(watchId: string): boolean {
    return !this.unwritten.has(watchId);
  }

  /** Resolves once the events and memories so far would outlive this engine, when writing fails, or after `limitMs`. */
  async written(limitMs: number): Promise<void> {
    await this.turnEnded();
    await this.queue.written(limitMs);
  }

  /** The same, or once the disk has refused it. For one that does not answer it waits. */
  async decided(): Promise<void> {
    await this.turnEnded();
    await this.queue.decided();
  }

  get unwrittenEvents(): number {
    return this.waiting().length;
  }

  /** Wall time since when the oldest event waits; null when none does. */
  get unwrittenSince(): number | null {
    const { clock } = this.options;
    const sinceMs = this.queue.waitingSinceMs ?? this.turn?.startedMs ?? null;
    return sinceMs === null ? null : Math.round(clock.wallMs() - (clock.monotonicMs() - sinceMs));
  }

  /** Why the history could not be read the last time it was asked; null: it could. */
  get readProblem(): string | null {
    return this.lastReadProblem;
  }

  /** Events that fit, those that wait included, oldest first. Where the file can't be read, only those that wait. */
  async listEvents(query: EventQuery): Promise<readonly HealdeckEvent[]> {
    // Taken before the reading: what is written meanwhile is then in one of the two, or in both.
    const waitingNow = this.waiting();
    const onDisk = (await this.fromDisk(this.options.client.listEvents(query))) ?? [];
    const lastOnDisk = onDisk.at(-1)?.id ?? 0;
    const later = waitingNow.filter((event) => event.id > lastOnDisk && eventFits(event, query));
    return [...onDisk, ...later].slice(-query.limit);
  }

  /** All events of the newest incidents that fit, those that wait included, oldest first. As `listEvents` where the file can't be read. */
  async listIncidentEvents(query: IncidentQuery): Promise<readonly HealdeckEvent[]> {
    const waitingNow = this.waiting().filter((event) => event.incident !== null);
    const also = waitingNow.filter((event) => incidentFits(event, query)).map((event) => event.incident ?? 0);
    const found = await this.fromDisk(this.options.client.listIncidentEvents(query, also));
    const { ids, events } = found ?? { ids: also, events: [] };
    const all = new Map(events.map((event) => [event.id, event]));
    for (const event of waitingNow) if (ids.includes(event.incident ?? 0)) all.set(event.id, event);
    return [...all.values()].sort((one, other) => one.id - other.id);
  }

  /** Counts of the crashes on disk below an event. Rejects when the file can't be read. */
  crashCounts(belowId: number): Promise<readonly CrashCount[]> {
    return this.answered(this.options.client.crashCounts(belowId));
  }

  /** The newest events on disk of each of some crashes below an event, crash by crash, newest first. Rejects when the file can't be read. */
  crashEvents(ids: readonly string[], belowId: number, limitEach: number): Promise<readonly HealdeckEvent[]> {
    return this.answered(this.options.client.crashEvents(ids, belowId, limitEach));
  }

  recordSamples(at: number, readings: readonly SampleReading[], attempts: readonly AttemptReading[] = []): void {
    this.recordReadings(() => this.options.client.recordSamples(at, readings, attempts));
  }

  /** Readings for a chart; see `readPoints`. Rejects when the file can't be read. */
  samples(query: SampleQuery): Promise<readonly HistoryPoint[]> {
    return this.answered(this.options.client.samples(query));
  }

  /** Every single reading that is still kept. Rejects when the file can't be read. */
  async eachReading(
    { watchId, sinceAt }: Pick<SampleQuery, 'watchId' | 'sinceAt'>,
    onPage: (readings: readonly HistoryPoint[]) => void,
  ): Promise<void> {
    for (let after = sinceAt; ;) {
      const page = await this.answered(this.options.client.readingsPage({ watchId, sinceAt: after }));
      const last = page.at(-1);
      if (last === undefined) return;
      onPage(page);
      after = last.at;
    }
  }

  /** What is recorded of a probe; see `readProbeHistory`. Rejects when the file can't be read. */
  probeHistory(query: AttemptQuery): Promise<ProbeHistory> {
    return this.answered(this.options.client.probeHistory(query));
  }

  /** Every attempt of a probe that is still kept. Rejects when the file can't be read. */
  async eachAttempt(
    { sinceAt, ...of }: ProbeOf & { sinceAt: number },
    onPage: (attempts: readonly RecordedAttempt[]) => void,
  ): Promise<void> {
    for (let after = sinceAt; ;) {
      const page = await this.answered(this.options.client.attemptsPage({ ...of, sinceAt: after }));
      const last = page.at(-1);
      if (last === undefined) return;
      onPage(page);
      after = last.at;
    }
  }

  /** Keeps moments of the process table, oldest first; what the file won't have is lost, and nothing is thrown. */
  recordTable(moments: readonly TableMoment[]): void {
    this.recordReadings(() => this.options.client.recordTable(moments));
  }

  /** The newest recorded moment that is not after `at`, or null. Rejects when the file can't be read. */
  tableAt(at: number): Promise<TableMoment | null> {
    return this.answered(this.options.client.tableAt(at));
  }

  /** The first and the last recorded moment; nulls for none. Rejects when the file can't be read. */
  recordedSpan(): Promise<{ from: number | null; to: number | null }> {
    return this.answered(this.options.client.recordedSpan());
  }

  /** What a process used in the recorded moments, oldest first, thinned to at most `points`. Rejects when the file can't be read. */
  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]> {
    return this.answered(this.options.client.readingsOf(identity, query));
  }

  /** Resolves when the disk takes a file now. Rejects with a `Refusal` when it does not, or does not answer. */
  async proveDisk(): Promise<void> {
    const { client, dataDir } = this.options;
    try {
      await this.answered(client.proveDisk(), PROOF_LIMIT_MS);
    } catch (error) {
      const reason =
        error instanceof Refusal
          ? error.message
          : `Nothing can be written to the disk of ${dataDir} (${errorText(error)})`;
      throw new Refusal('conflict', `${reason}; nothing was changed`);
    }
  }

  /** Writes what waits, if it can be. Resolves when that is over, however it went. */
  async dispose(): Promise<void> {
    this.endTurn();
    await this.queue.dispose();
  }

  private onWritten(memories: readonly WatchMemory[]): void {
    for (const { watchId } of memories) {
      const left = (this.unwritten.get(watchId) ?? 0) - 1;
      if (left > 0) this.unwritten.set(watchId, left);
      else this.unwritten.delete(watchId);
    }
  }

  private thisTurn(): Turn {
    if (this.turn === null) {
      this.turn = { events: [], memories: [], startedMs: this.options.clock.monotonicMs() };
      queueMicrotask(() => this.endTurn());
    }
    return this.turn;
  }

  private endTurn(): void {
    if (this.turn === null) return;
    const { events, memories } = this.turn;
    this.turn = null;
    if (events.length + memories.length > 0) this.queue.push({ events, memories });
  }

  /** What this turn still adds belongs to it. */
  private turnEnded(): Promise<void> {
    this.thisTurn();
    return Promise.resolve();
  }

  private waiting(): HealdeckEvent[] {
    return [...this.queue.items.flatMap(({ events }) => events), ...(this.turn?.events ?? [])];
  }

  private recordReadings(work: () => Promise<void>): void {
    if (this.readingsUnderWay >= MAX_READINGS_UNDER_WAY) return;
    this.readingsUnderWay += 1;
    // Readings may be lost: the queue of events reports a disk that refuses.
    work()
      .catch(() => undefined)
      .finally(() => (this.readingsUnderWay -= 1));
  }

  /** What the file has; null where it can't be read. */
  private async fromDisk<T>(work: Promise<T>): Promise<T | null> {
    try {
      const value = await this.answered(work);
      this.lastReadProblem = null;
      return value;
    } catch (error) {
      this.lastReadProblem = errorText(error);
      return null;
    }
  }

  private async answered<T>(work: Promise<T>, limitMs = ANSWER_LIMIT_MS): Promise<T> {
    const { clock, dataDir } = this.options;
    try {
      return await withTimeLimit(clock, limitMs, work);
    } catch (error) {
      if (error instanceof TimeLimitError) throw new Refusal('conflict', `The disk of ${dataDir} does not answer`);
      throw error;
    }
  }
}

/** The outbox over a function that carries its calls. */
export function outboxOver(call: (method: keyof OutboxStore, args: readonly unknown[]) => Promise<unknown>): Outbox {
  return new Proxy({} as Outbox, {
    // A promise that resolves to it must not take it for another promise.
    get: (_, method: string) =>
      method === 'then' ? undefined : (...args: readonly unknown[]) => call(method as keyof OutboxStore, args),
  });
}
