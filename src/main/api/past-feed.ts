import type { EventQuery, HealdeckEvent } from '../../shared/model/event';
import { MARKING_EVENTS, type EndedRow, type PastTable, type RecordedTime } from '../../shared/model/past';
import type { ProcessIdentity, ProcessRow } from '../../shared/model/process';
import type { HistoryPoint } from '../../shared/model/snapshot';
import type { Engine } from '../engine/engine';
import { Refusal } from '../engine/refusal';
import { pastEvents, type EventHistory } from './events-feed';
import { formatInstant } from '../../shared/lib/format/values';

/** The recording of the process table, as far as the API needs it. */
export interface TableHistory {
  /** The newest recorded moment that is not after `at`, or null. */
  tableAt(at: number): Promise<{ at: number; rows: readonly ProcessRow[]; ended: readonly EndedRow[] } | null>;
  /** The first and the last recorded moment; nulls for none. */
  recordedSpan(): Promise<{ from: number | null; to: number | null }>;
  /** What a process used in the recorded moments, oldest first, thinned to at most `points`. */
  readingsOf(identity: ProcessIdentity, query: { sinceAt: number; points: number }): Promise<readonly HistoryPoint[]>;
}

/** What happened so near to a moment is reported with it. */
const NEAR_MS = 10_000;
const MAX_MARKS = 10_000;

/** The process table at a moment of the past, and what happened around it. */
export async function tableOfPast(
  engine: Engine,
  history: TableHistory & EventHistory,
  at: number,
): Promise<PastTable> {
  const moment = await history.tableAt(at);
  if (moment === null) {
    const { from } = await history.recordedSpan();
    throw new Refusal(
      'not_found',
      from === null
        ? 'the process table is not recorded yet (setting history.tableHours)'
        : `the process table was not recorded so long ago; the first moment is ${formatInstant(from)}`,
    );
  }
  const query = { types: [...MARKING_EVENTS, 'recovered' as const], sinceAt: at - NEAR_MS - 1, untilAt: at + NEAR_MS };
  return { ...moment, events: await pastEvents(engine, history, { ...query, limit: 1000 }) };
}

/** The time that can be looked at, and where something happened in it. */
export async function recordedTime(engine: Engine, history: TableHistory & EventHistory): Promise<RecordedTime> {
  const span = await history.recordedSpan();
  if (span.from === null) return { ...span, marks: [] };
  const query: EventQuery = { types: [...MARKING_EVENTS], sinceAt: span.from - 1, limit: MAX_MARKS };
  const events = await pastEvents(engine, history, query);
  return { ...span, marks: events.map(markOf) };
}

function markOf({ at, type, watch, incident }: HealdeckEvent): RecordedTime['marks'][number] {
  return { at: Date.parse(at), kind: type, watch, incident };
}
