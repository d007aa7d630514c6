import type { CrashSeen } from '../../../shared/model/crash-group';
import type { DraftOfWatch } from '../heal/heal-state';
import type { Clock } from '../ports';

/** Programs whose every crash is another one must not fill the memory; those that were seen last stay. */
const MAX_KNOWN = 5000;

/** What is known of one crash. */
interface Seen extends Omit<CrashSeen, 'id'> {
  /** The file that was changed right before it came first; absent: none is known. */
  firstAfter?: string;
}

/** Knows how often each crash came before, so that a report of one can say so. */
export class KnownCrashes {
  /** By fingerprint, in the order in which they were seen last. */
  private readonly seen = new Map<string, Seen>();

  /** @param earlier those of the history, the one that was seen last at the end */
  constructor(
    private readonly clock: Pick<Clock, 'wallMs'>,
    earlier: readonly CrashSeen[],
  ) {
    for (const { id, times, firstAt } of earlier.slice(-MAX_KNOWN)) this.seen.set(id, { times, firstAt });
  }

  /** Counts a crash that is about to be reported, and adds to the report how often it came, and since when. */
  counted(draft: DraftOfWatch): DraftOfWatch {
    if (draft.type !== 'crash_detected' || draft.data.crash === undefined) return draft;
    const { crash } = draft.data;
    const before = this.seen.get(crash.id);
    const now = { ...before, times: (before?.times ?? 0) + 1, firstAt: before?.firstAt ?? this.clock.wallMs() };
    this.seen.delete(crash.id);
    this.seen.set(crash.id, now);
    for (const id of this.seen.keys()) {
      if (this.seen.size <= MAX_KNOWN) break;
      this.seen.delete(id);
    }
    const firstAt = new Date(now.firstAt).toISOString();
    return { ...draft, data: { ...draft.data, crash: { ...crash, times: now.times, firstAt } } };
  }

  /**
   * A crash that was reported is explained, with the file that was changed before it, if one was. What that shows of its first time, to
   * follow a reason; empty: nothing.
   */
  explained(id: string, changedFile: string | null): string {
    const seen = this.seen.get(id);
    if (seen === undefined) return '';
    if (seen.times > 1) return seen.firstAfter === undefined ? '' : `; first seen after ${seen.firstAfter} was changed`;
    if (changedFile === null) return '';
    seen.firstAfter = changedFile;
    return '; the first crash of this kind';
  }
}
