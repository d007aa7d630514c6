/** Numbers that a window needs of the floors: the floors, and the lowest reading of the epoch that lasts. */
export const storedNumbers = (epochs: number): number => epochs + 1;

/** What windows know of one process: hundreds are watched, and an object for each window would cost more than the numbers. */
export interface FloorState {
  /** 24 bits of a floor are enough. */
  floors: Float32Array;
  /** Three for each window: whole epochs, where the next floor goes, the end of the epoch that lasts (NaN before the first reading). */
  scalars: Float64Array;
}

const SCALARS = 3;
const USED = 0;
const NEXT = 1;
const END_MS = 2;
const NOTHING: Float32Array = new Float32Array(0);
const NO_SCALARS: Float64Array = new Float64Array(0);

/** Room for so many windows with so many numbers in all; each is to be cleared before it is used. */
export function floorState(windows: number, numbers: number): FloorState {
  return { floors: new Float32Array(numbers), scalars: new Float64Array(SCALARS * windows) };
}

/**
 * The lowest reading in each of the newest epochs: of a heap that is collected from time to time that is its floor.
 * Epochs are in time, not in readings; one without a reading empties the window, a pause within one does not. One object serves
 * all processes: it is attached to what is known of one before it is used.
 */
export class FloorWindow {
  private floors: Float32Array = NOTHING;
  private scalars: Float64Array = NO_SCALARS;

  /** Its floors stand in `floors` from `offset` on, and what else it knows in `scalars`: as the window with this number. */
  constructor(
    readonly epochMs: number,
    private readonly epochs: number,
    private readonly offset = 0,
    private readonly number = 0,
  ) {}

  /** From now on it is the window of this process. */
  attach({ floors, scalars }: FloorState): this {
    this.floors = floors;
    this.scalars = scalars;
    return this;
  }

  /** Whole epochs of which the floor is known. */
  get length(): number {
    return this.scalars[SCALARS * this.number + USED] as number;
  }

  /** Whether every epoch of the window has its floor. */
  get full(): boolean {
    return this.length === this.epochs;
  }

  /** The end of the newest whole epoch. */
  get closedAtMs(): number {
    return (this.scalars[SCALARS * this.number + END_MS] as number) - this.epochMs;
  }

  /** Takes a reading in; true when it is the first after the end of an epoch, and so there is a new floor. */
  push(atMs: number, value: number): boolean {
    const { floors, scalars } = this;
    const lowest = this.offset + this.epochs;
    const end = SCALARS * this.number + END_MS;
    let closed = false;
    if (atMs >= (scalars[end] as number)) closed = this.closeEpoch(atMs);
    if (Number.isNaN(scalars[end])) scalars[end] = atMs + this.epochMs;
    if (value < (floors[lowest] as number)) floors[lowest] = value;
    return closed;
  }

  /** The floor `back` epochs before the newest one. `back` is less than `length`. */
  floor(back: number): number {
    const slot = (this.scalars[SCALARS * this.number + NEXT] as number) - 1 - back;
    return this.floors[this.offset + (slot < 0 ? slot + this.epochs : slot)] as number;
  }

  /** The lowest floor that is at least `from` epochs back; Infinity of none. */
  lowest(from: number): number {
    let lowest = Infinity;
    for (let back = from; back < this.length; back++) {
      const floor = this.floor(back);
      if (floor < lowest) lowest = floor;
    }
    return lowest;
  }

  /** The highest floor that is at least `from` epochs back; -Infinity of none. */
  highest(from: number): number {
    let highest = -Infinity;
    for (let back = from; back < this.length; back++) {
      const floor = this.floor(back);
      if (floor > highest) highest = floor;
    }
    return highest;
  }

  /** How many of the newest epochs ended after this time; at most `length`. */
  countSince(atMs: number): number {
    return this.length === 0
      ? 0
      : Math.min(this.length, Math.max(0, Math.ceil((this.closedAtMs - atMs) / this.epochMs)));
  }

  /** Writes the floors of a full window, oldest first. */
  copyTo(target: Float64Array): void {
    for (let index = 0; index < this.epochs; index++) target[index] = this.floor(this.epochs - 1 - index);
  }

  clear(): void {
    const { scalars } = this;
    const at = SCALARS * this.number;
    scalars[at + USED] = 0;
    scalars[at + NEXT] = 0;
    scalars[at + END_MS] = Number.NaN;
    this.floors[this.offset + this.epochs] = Infinity;
  }

  /** False when a whole epoch has passed without a reading. */
  private closeEpoch(atMs: number): boolean {
    const { floors, scalars, offset, epochs } = this;
    const at = SCALARS * this.number;
    const endMs = (scalars[at + END_MS] as number) + this.epochMs;
    if (atMs >= endMs) {
      this.clear();
      return false;
    }
    const next = scalars[at + NEXT] as number;
    floors[offset + next] = floors[offset + epochs] as number;
    scalars[at + NEXT] = next + 1 === epochs ? 0 : next + 1;
    const used = scalars[at + USED] as number;
    if (used < epochs) scalars[at + USED] = used + 1;
    floors[offset + epochs] = Infinity;
    scalars[at + END_MS] = endMs;
    return true;
  }
}
