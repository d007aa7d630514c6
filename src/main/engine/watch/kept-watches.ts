import type { Watch } from '../../../shared/model/watch';

/** The watches in force as they are kept: those with instances once. */
export class KeptWatches implements Iterable<Watch> {
  private readonly byId = new Map<string, Watch>();

  [Symbol.iterator](): IterableIterator<Watch> {
    return this.byId.values();
  }

  get(id: string): Watch | undefined {
    return this.byId.get(id);
  }

  /** By id or name. */
  find(ref: string): Watch | undefined {
    return this.byId.get(ref) ?? [...this].find(({ name }) => name === ref);
  }

  set(watch: Watch): void {
    this.byId.set(watch.id, watch);
  }

  delete(id: string): void {
    this.byId.delete(id);
  }
}
