/** Epochs in a window. Twenty floors carry a trend and cost 160 bytes. */
export const EPOCHS = 20;

/**
 * The lowest reading in each twentieth of a window: of a heap that is collected from time to time that is its floor.
 * Windows are in time, not in readings; an epoch without a reading empties the window.
 */
export class FloorWindow {
  readonly epochMs: number;
  private used = 0;
  private next = 0;
  private floor = Infinity;
  private endMs = Number.NaN;

  /** The floors are kept in `EPOCHS` numbers of `store` from `offset` on. */
  constructor(
    windowMs: number,
    private readonly store: Float64Array,
    private readonly offset: number,
  ) {
    this.epochMs = windowMs / EPOCHS;
  }

  /** Whether every epoch of the window has its floor. */
  get full(): boolean {
    return this.used === EPOCHS;
  }

  /** The end of the newest whole epoch. */
  get closedAtMs(): number {
    return this.endMs - this.epochMs;
  }

  /** Takes a reading in; true when it is the first after the end of an epoch, and so there is a new floor. */
  push(atMs: number, value: number): boolean {
    let closed = false;
    if (atMs >= this.endMs) {
      this.store[this.offset + this.next] = this.floor;
      this.next = this.next + 1 === EPOCHS ? 0 : this.next + 1;
      if (this.used < EPOCHS) this.used++;
      this.floor = Infinity;
      this.endMs += this.epochMs;
      closed = true;
      if (atMs >= this.endMs) {
        this.clear();
        closed = false;
      }
    }
    if (Number.isNaN(this.endMs)) this.endMs = atMs + this.epochMs;
    if (value < this.floor) this.floor = value;
    return closed;
  }

  /** The newest floor minus the oldest one. Only of a full window. */
  get grown(): number {
    const last = this.next === 0 ? EPOCHS - 1 : this.next - 1;
    return (this.store[this.offset + last] as number) - (this.store[this.offset + this.next] as number);
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
    this.floor = Infinity;
    this.endMs = Number.NaN;
  }
}
