import type { Reading } from './detector';

/** The last readings, up to a number, in 16 bytes each. */
export class ReadingRing {
  private readonly values: Float64Array;
  private next = 0;
  private used = 0;

  constructor(readonly capacity: number) {
    this.values = new Float64Array(2 * capacity);
  }

  get length(): number {
    return this.used;
  }

  push(atMs: number, value: number): void {
    this.values[2 * this.next] = atMs;
    this.values[2 * this.next + 1] = value;
    this.next = this.next + 1 === this.capacity ? 0 : this.next + 1;
    if (this.used < this.capacity) this.used++;
  }

  /** The time of the reading `back` steps before the newest one. `back` is less than `length`. */
  atMs(back: number): number {
    return this.values[2 * this.slot(back)] as number;
  }

  /** The value of the reading `back` steps before the newest one. `back` is less than `length`. */
  value(back: number): number {
    return this.values[2 * this.slot(back) + 1] as number;
  }

  /** The newest `count` readings, oldest first. */
  newest(count: number = this.used): Reading[] {
    const readings: Reading[] = [];
    for (let back = Math.min(count, this.used) - 1; back >= 0; back--) {
      readings.push({ atMs: this.atMs(back), value: this.value(back) });
    }
    return readings;
  }

  clear(): void {
    this.next = 0;
    this.used = 0;
  }

  private slot(back: number): number {
    const slot = this.next - 1 - back;
    return slot < 0 ? slot + this.capacity : slot;
  }
}
