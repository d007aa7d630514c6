/** Epochs in a window. Twenty floors carry a trend and cost 160 bytes. */
export const EPOCHS = 20;

/** Numbers that a window needs of its store: the floors, the lowest reading of the epoch that lasts, and its end. */
export const STORED_NUMBERS = EPOCHS + 2;
const FLOOR = EPOCHS;
const END_MS = EPOCHS + 1;

/**
 * The lowest reading in each twentieth of a window: of a heap that is collected from time to time that is its floor.
 * Windows are in time, not in readings; an epoch without a reading empties the window.
 */
export class FloorWindow {
  private used = 0;
  private next = 0;

  /** Uses `STORED_NUMBERS` numbers of `store` from `offset` on. */
  constructor(
    readonly epochMs: number,
    private readonly store: Float64Array,
    private readonly offset: number,
  ) {
    this.clear();
  }

  /** Whether every epoch of the window has its floor. */
  get full(): boolean {
    return this.used === EPOCHS;
  }

  /** The end of the newest whole epoch. */
  get closedAtMs(): number {
    return (this.store[this.offset + END_MS] as number) - this.epochMs;
  }

  /** Takes a reading in; true when it is the first after the end of an epoch, and so there is a new floor. */
  push(atMs: number, value: number): boolean {
    const { store, offset } = this;
    let closed = false;
    if (atMs >= (store[offset + END_MS] as number)) closed = this.closeEpoch(atMs);
    if (Number.isNaN(store[offset + END_MS])) store[offset + END_MS] = atMs + this.epochMs;
    if (value < (store[offset + FLOOR] as number)) store[offset + FLOOR] = value;
    return closed;
  }

  /** The newest floor minus the oldest one. Only of a full window. */
  get grown(): number {
    return this.newest - (this.store[this.offset + this.next] as number);
  }

  /** The lowest floor that is kept; Infinity when there is none. */
  get lowest(): number {
    let lowest = Infinity;
    for (let index = 0; index < this.used; index++) {
      const floor = this.store[this.offset + index] as number;
      if (floor < lowest) lowest = floor;
    }
    return lowest;
  }

  /** The newest floor. Only after `push` was true. */
  get newest(): number {
    return this.store[this.offset + (this.next === 0 ? EPOCHS - 1 : this.next - 1)] as number;
  }

  /** Writes the floors of a full window, oldest first. */
  copyTo(target: Float64Array): void {
    for (let index = 0; index < EPOCHS; index++) {
      const slot = this.next + index;
      target[index] = this.store[this.offset + (slot < EPOCHS ? slot : slot - EPOCHS)] as number;
    }
  }

  clear(): void {
    this.used = 0;
    this.next = 0;
    this.store[this.offset + FLOOR] = Infinity;
    this.store[this.offset + END_MS] = Number.NaN;
  }

  /** False when a whole epoch has passed without a reading. */
  private closeEpoch(atMs: number): boolean {
    const { store, offset } = this;
    const endMs = (store[offset + END_MS] as number) + this.epochMs;
    if (atMs >= endMs) {
      this.clear();
      return false;
    }
    store[offset + this.next] = store[offset + FLOOR] as number;
    this.next = this.next + 1 === EPOCHS ? 0 : this.next + 1;
    if (this.used < EPOCHS) this.used++;
    store[offset + FLOOR] = Infinity;
    store[offset + END_MS] = endMs;
    return true;
  }
}
