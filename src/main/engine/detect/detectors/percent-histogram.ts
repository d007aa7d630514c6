/** 2.5 % per bin up to 100 %, then bins that widen by a twelfth: good enough for thresholds that are tens of percent away. */
const LINEAR_END = 100;
const LINEAR_WIDTH = 2.5;
const LINEAR = LINEAR_END / LINEAR_WIDTH;
const GROWTH = Math.log(1.08);
/** The last one begins at 4,350 %: 43 cores. */
const BINS = LINEAR + 50;

function binOf(percent: number): number {
  if (!(percent > 0)) return 0;
  if (percent < LINEAR_END) return Math.floor(percent / LINEAR_WIDTH);
  return Math.min(BINS - 1, LINEAR + Math.floor(Math.log(percent / LINEAR_END) / GROWTH));
}

function startOf(bin: number): number {
  return bin < LINEAR ? bin * LINEAR_WIDTH : LINEAR_END * Math.exp((bin - LINEAR) * GROWTH);
}

/** The lowest bin is rest. */
function middleOf(bin: number): number {
  return bin === 0 ? 0 : (startOf(bin) + startOf(bin + 1)) / 2;
}

/** How long a process spent at which CPU use: a median over hours in 360 bytes, which forgets slowly. */
export class PercentHistogram {
  private readonly spentMs = new Float32Array(BINS);
  private sumMs = 0;
  private medianNow = 0;
  private percentile95Now = 0;
  private settled = true;

  /** When more than `horizonMs` are known, all of it is halved: the recent past counts most. */
  constructor(private readonly horizonMs: number) {}

  /** How much time is known. */
  get totalMs(): number {
    return this.sumMs;
  }

  add(percent: number, spentMs: number): void {
    const bin = binOf(percent);
    this.spentMs[bin] = (this.spentMs[bin] as number) + spentMs;
    this.sumMs += spentMs;
    this.settled = false;
    if (this.sumMs > this.horizonMs) this.halve();
  }

  /** The use above which it spent half of the known time; 0 when nothing is known. */
  median(): number {
    this.settle();
    return this.medianNow;
  }

  /** The use above which it spent a twentieth of the known time at most; 0 when nothing is known. */
  percentile95(): number {
    this.settle();
    return this.percentile95Now;
  }

  clear(): void {
    this.spentMs.fill(0);
    this.sumMs = 0;
    this.settled = false;
  }

  /** Both numbers are asked for seldom, and then often without news. */
  private settle(): void {
    if (this.settled) return;
    this.settled = true;
    this.medianNow = middleOf(this.binAt(0.5));
    // Its upper end: a use that never changes is not above it.
    this.percentile95Now = startOf(this.binAt(0.95) + 1);
  }

  /** The bin up to which it spent this share of the known time. */
  private binAt(share: number): number {
    let left = this.sumMs * share;
    let bin = 0;
    while (bin < BINS - 1 && left > (this.spentMs[bin] as number)) left -= this.spentMs[bin++] as number;
    return bin;
  }

  private halve(): void {
    this.sumMs = 0;
    for (let bin = 0; bin < BINS; bin++) {
      const spentMs = (this.spentMs[bin] as number) / 2;
      this.spentMs[bin] = spentMs;
      this.sumMs += spentMs;
    }
  }
}
