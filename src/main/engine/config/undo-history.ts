/** More than anybody takes back. */
const MOST = 20;

/** What was in force before each change of one thing, oldest first: changes can be taken back until this engine ends. */
export class UndoHistory<T> {
  private readonly kept = new Map<string, readonly T[]>();

  /** This was in force, and is not any more. */
  keep(of: string, before: T): void {
    this.kept.set(of, [...(this.kept.get(of) ?? []), before].slice(-MOST));
  }

  /** What was in force before the last change that was not taken back; null for none. */
  last(of: string): T | null {
    return this.kept.get(of)?.at(-1) ?? null;
  }

  /** The last change was taken back. */
  drop(of: string): void {
    this.kept.set(of, (this.kept.get(of) ?? []).slice(0, -1));
  }

  /** The thing itself is gone. */
  forget(of: string): void {
    this.kept.delete(of);
  }
}
