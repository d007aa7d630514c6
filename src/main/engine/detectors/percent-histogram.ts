/** Two percent per bin up to 100 %, then bins that widen by a twentieth: a quantile is good to 1 % of a core or to 2.5 %. */
const LINEAR_END = 100;
const LINEAR = LINEAR_END / 2;
const GROWTH = Math.log(1.05);
/** The last one begins at 4,500 %: 45 cores. */
const BINS = LINEAR + 79;

function binOf(percent: number): number {
  if (!(percent > 0)) return 0;
  if (percent < LINEAR_END) return Math.floor(percent / 2);
  return Math.min(BINS - 1, LINEAR + Math.floor(Math.log(percent / LINEAR_END) / GROWTH));
}

function middleOf(bin: number): number {
  if (bin < LINEAR) return bin === 0 ? 0 : 2 * bin + 1;
  return LINEAR_END * Math.exp((bin - LINEAR + 0.5) * GROWTH);
}

/** How long a process spent at which CPU use: a median over hours in half a kilobyte, which forgets slowly. */
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

  /** The use above which it spent a twentieth of the known time; 0 when nothing is known. */
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
    this.medianNow = this.quantile(0.5);
    this.percentile95Now = this.quantile(0.95);
  }

  private quantile(share: number): number {
    if (this.sumMs === 0) return 0;
    let left = this.sumMs * share;
    let bin = 0;
    while (bin < BINS - 1 && left > (this.spentMs[bin] as number)) left -= this.spentMs[bin++] as number;
    return middleOf(bin);
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
