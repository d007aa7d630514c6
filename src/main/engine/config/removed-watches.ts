import type { Watch } from '../../../shared/model/watch';
import type { PersistedWatch } from '../ports';
import { findByReference } from '../../../shared/lib/watch-reference';

/** A watch that was removed, and what was known of it then. */
export interface RemovedWatch {
  watch: Watch;
  /** Of each of its instances, by their ids. */
  memories: ReadonlyMap<string, PersistedWatch>;
}

/** More than anybody takes back. */
const MOST = 100;

/** The watches that were removed last: a removal can be taken back until this engine ends. */
export class RemovedWatches {
  private readonly kept = new Map<string, RemovedWatch>();

  keep(removed: RemovedWatch): void {
    this.kept.set(removed.watch.id, removed);
    const [oldest] = this.kept.keys();
    if (this.kept.size > MOST && oldest !== undefined) this.kept.delete(oldest);
  }

  /** The one with this id, else the last one of this name; null for none. */
  find(ref: string): RemovedWatch | null {
    return findByReference([...this.kept.values()].reverse(), ref) ?? null;
  }

  forget({ watch }: RemovedWatch): void {
    this.kept.delete(watch.id);
  }
}
