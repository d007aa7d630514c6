import { MARKING_EVENTS, type EndedRow } from '../../../../shared/model/past';
import type { EventType, HealdeckEvent } from '../../../../shared/model/event';
import { identityKey, type ProcessRow } from '../../../../shared/model/process';
import type { TableMoment } from './table-writer';

/** Between two moments while nothing happens. A tick that is a little early is not passed over. */
const EVERY_MS = 9000;
/** So long before and after something that happened each scan is kept. */
const BEFORE_MS = 30_000;
const AFTER_MS = 60_000;
/** Passes in memory; 15 cover half a minute at the usual interval. */
const MAX_PASSES = 60;

/** A scan over the process table, and what ended since the scan before. */
interface Pass extends TableMoment {
  recorded: boolean;
}

const MARKING: ReadonlySet<EventType> = new Set(MARKING_EVENTS);

/**
 * Chooses the scans that are kept: one every 10 s, and around an incident every one. Those of the last half minute stay in
 * memory, so that what led to an incident can be kept, too. What is chosen in the moment of an incident is written with the
 * next scan: nothing here stands between a death and its heal.
 */
export class TableRecorder {
  private passes: Pass[] = [];
  private lastRecordedAt: number | null = null;
  private closeFrom: number | null = null;
  private closeUntil = Number.NEGATIVE_INFINITY;

  /** `write` throws when the file won't have it; then these moments are lost. */
  constructor(private readonly write: (moments: readonly TableMoment[]) => void) {}

  /** A new scan over all processes; a wall clock that was set back starts a new sequence. Of two in one millisecond the first counts. */
  onPass(at: number, rows: readonly ProcessRow[]): void {
    const last = this.passes.at(-1);
    if (at === last?.at) return;
    if (last !== undefined && at < last.at) this.forget();
    this.passes.push({ at, rows, ended: endedBetween(this.passes.at(-1), at, rows), recorded: false });
    const chosen = this.passes.filter((pass) => !pass.recorded && this.isWanted(pass, at));
    this.closeFrom = null;
    if (chosen.length > 0) {
      for (const pass of chosen) pass.recorded = true;
      const moments = chosen.map((pass) => ({ ...pass, ended: this.endedSinceRecorded(pass) }));
      this.lastRecordedAt = at;
      this.trim(at);
      this.write(moments);
    } else {
      this.trim(at);
    }
  }

  /** Something happened at this wall time. */
  onEvents(at: number, events: readonly Pick<HealdeckEvent, 'type'>[]): void {
    if (!events.some(({ type }) => MARKING.has(type))) return;
    this.closeFrom = Math.min(this.closeFrom ?? at, at - BEFORE_MS);
    this.closeUntil = at + AFTER_MS;
  }

  /** Nothing is recorded for a while: what comes next stands alone. */
  forget(): void {
    this.passes = [];
    this.lastRecordedAt = null;
    this.closeFrom = null;
    this.closeUntil = Number.NEGATIVE_INFINITY;
  }

  private isWanted(pass: Pass, now: number): boolean {
    if (this.closeFrom !== null && pass.at >= this.closeFrom) return true;
    if (pass.at !== now) return false;
    return now <= this.closeUntil || this.lastRecordedAt === null || now - this.lastRecordedAt >= EVERY_MS;
  }

  /** All that ended since the recorded pass before this one. */
  private endedSinceRecorded(pass: Pass): readonly EndedRow[] {
    const until = this.passes.indexOf(pass);
    const before = this.passes.findLastIndex((other, index) => index < until && other.recorded);
    return this.passes.slice(before + 1, until + 1).flatMap(({ ended }) => ended);
  }

  /** Half a minute stays, and all since the last recorded pass: who ended in it is reported with the next. */
  private trim(now: number): void {
    const from = Math.min(now - BEFORE_MS, this.lastRecordedAt ?? now);
    const first = this.passes.findIndex(({ at }) => at >= from);
    this.passes = this.passes.slice(Math.max(0, first, this.passes.length - MAX_PASSES));
  }
}

function endedBetween(before: Pass | undefined, at: number, rows: readonly ProcessRow[]): readonly EndedRow[] {
  if (before === undefined) return [];
  const living = new Set(rows.map(identityKey));
  return before.rows.filter((row) => !living.has(identityKey(row))).map((row) => ({ ...row, endedAt: at }));
}
