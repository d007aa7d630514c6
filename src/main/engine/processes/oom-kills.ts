import type { Machine } from '../ports';

/** Knows whether the kernel's OOM killer was at work of late: between the tick before the last and now, since an end is noticed with the kernel's delay. */
export class OomKills {
  /** Counts since the boot at the last two ticks; null: not known. */
  private atTick: number | null = null;
  private atTickBefore: number | null = null;

  constructor(private readonly machine: Pick<Machine, 'oomKills'>) {}

  onTick(): void {
    this.atTickBefore = this.atTick;
    this.atTick = this.machine.oomKills();
  }

  /** How many processes of the machine it has ended of late; 0 where that is not known. */
  ofLate(): number {
    const from = this.atTickBefore ?? this.atTick;
    const now = this.machine.oomKills();
    return from === null || now === null ? 0 : Math.max(0, now - from);
  }
}
