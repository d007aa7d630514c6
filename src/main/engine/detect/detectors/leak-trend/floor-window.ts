/** Numbers that a window needs of its store: the floors, and the lowest reading of the epoch that lasts. */
export const storedNumbers = (epochs: number): number => epochs + 1;

/**
 * The lowest reading in each of the newest epochs: of a heap that is collected from time to time that is its floor.
 * Epochs are in time, not in readings; one without a reading empties the window, a pause within one does not.
 */
export class FloorWindow {
  private used = 0;
  private next = 0;
  /** The end of the epoch that lasts; NaN before the first reading. */
  private endMs = Number.NaN;

  /** Uses `storedNumbers(epochs)` numbers of `store` from `offset` on: 24 bits of a floor are enough. */
  constructor(
    readonly epochMs: number,
    private readonly epochs: number,
    private readonly store: Float32Array,
    private readonly offset: number,
  ) {
    this.clear();
  }

  /** Whole epochs of which the floor is known. */
  get length(): number {
    return this.used;
  }

  /** Whether every epoch of the window has its floor. */
  get full(): boolean {
    return this.used === this.epochs;
  }

  /** The end of the newest whole epoch. */
  get closedAtMs(): number {
    return this.endMs - this.epochMs;
  }

  /** Takes a reading in; true when it is the first after the end of an epoch, and so there is a new floor. */
  push(atMs: number, value: number): boolean {
    const { store } = this;
    const lowest = this.offset + this.epochs;
    let closed = false;
    if (atMs >= this.endMs) closed = this.closeEpoch(atMs);
    if (Number.isNaN(this.endMs)) this.endMs = atMs + this.epochMs;
    if (value < (store[lowest] as number)) store[lowest] = value;
    return closed;
  }

  /** The floor `back` epochs before the newest one. `back` is less than `length`. */
  floor(back: number): number {
    const slot = this.next - 1 - back;
    return this.store[this.offset + (slot < 0 ? slot + this.epochs : slot)] as number;
  }

  /** The lowest floor that is at least `from` epochs back; Infinity of none. */
  lowest(from: number): number {
    let lowest = Infinity;
    for (let back = from; back < this.used; back++) {
      const floor = this.floor(back);
      if (floor < lowest) lowest = floor;
    }
    return lowest;
  }

  /** The highest floor that is at least `from` epochs back; -Infinity of none. */
  highest(from: number): number {
    let highest = -Infinity;
    for (let back = from; back < this.used; back++) {
      const floor = this.floor(back);
      if (floor > highest) highest = floor;
    }
    return highest;
  }

  /** How many of the newest epochs ended after this time; at most `length`. */
  countSince(atMs: number): number {
    return this.used === 0 ? 0 : Math.min(this.used, Math.max(0, Math.ceil((this.closedAtMs - atMs) / this.epochMs)));
  }

  /** Writes the floors of a full window, oldest first. */
  copyTo(target: Float64Array): void {
    for (let index = 0; index < this.epochs; index++) target[index] = this.floor(this.epochs - 1 - index);
  }

  clear(): void {
    this.used = 0;
    this.next = 0;
    this.endMs = Number.NaN;
    this.store[this.offset + this.epochs] = Infinity;
  }

  /** False when a whole epoch has passed without a reading. */
  private closeEpoch(atMs: number): boolean {
    const { store, offset, epochs } = this;
    if (atMs >= this.endMs + this.epochMs) {
      this.clear();
      return false;
    }
    store[offset + this.next] = store[offset + epochs] as number;
    this.next = this.next + 1 === epochs ? 0 : this.next + 1;
    if (this.used < epochs) this.used++;
    store[offset + epochs] = Infinity;
    this.endMs += this.epochMs;
    return true;
  }
}
