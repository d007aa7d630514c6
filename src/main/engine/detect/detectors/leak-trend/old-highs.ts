import { FloorWindow, storedNumbers, type FloorState } from './floor-window';

/** 20 epochs of 3 min are an hour. */
const RECENT_EPOCH_MS = 3 * 60_000;
/** 20 epochs of 9 min are three hours. */
const OLDER_EPOCH_MS = 9 * 60_000;
const EPOCHS = 20;

/** How high the floors of a process were within the last hours: the lowest of their negatives, epoch by epoch. */
export class OldHighs {
  static readonly windows = 2;
  static readonly numbers = 2 * storedNumbers(EPOCHS);
  private readonly recent: FloorWindow;
  private readonly older: FloorWindow;

  /** Its floors begin at `offset`, and its two windows have the numbers from `number` on. */
  constructor(offset: number, number: number) {
    this.recent = new FloorWindow(RECENT_EPOCH_MS, EPOCHS, offset, number);
    this.older = new FloorWindow(OLDER_EPOCH_MS, EPOCHS, offset + storedNumbers(EPOCHS), number + 1);
  }

  attach(state: FloorState): void {
    this.recent.attach(state);
    this.older.attach(state);
  }

  noteRecent(atMs: number, floor: number): void {
    this.recent.push(atMs, -floor);
  }

  noteOlder(atMs: number, floor: number): void {
    this.older.push(atMs, -floor);
  }

  /** The highest floor of all that is remembered; -Infinity of nothing. */
  get highest(): number {
    return -this.older.lowest(0);
  }

  /** The highest floor before this time, but for the minutes right before it; -Infinity of nothing. */
  before(atMs: number): number {
    const { recent, older } = this;
    // Of the last hour also the epoch in which the time lies: it is short beside any growth.
    const lowest = Math.min(
      recent.lowest(recent.countSince(atMs + RECENT_EPOCH_MS)),
      older.lowest(older.countSince(atMs)),
    );
    return -lowest;
  }

  clear(): void {
    this.recent.clear();
    this.older.clear();
  }
}
