import { formatDuration } from '../../../../shared/lib/format/duration';
import type { ProcessIdentity } from '../../../../shared/model/process';
import { spanSeconds, type AnomalyOf, type Detector, type EvidenceBase } from './detector';
import { ReadingRing } from './reading-ring';

/** The ended children of one parent that it has not reaped. */
export interface ZombieSample {
  /** Monotonic time, in ms. */
  atMs: number;
  /** Who has to reap them, or null when that is not known. The name is as the process gave it: not escaped. */
  parent: { pid: number; name: string } | null;
  zombies: readonly ProcessIdentity[];
}

/** Children that ended and that their parent does not reap. */
export interface ZombieOptions {
  /** Readings in a row. */
  minReadings: number;
  /** From the first of them to the last. */
  minMs: number;
  /** A parent that was reported is reported again when it has this many times as many … */
  reportAgainFactor: number;
  /** … and after this time without one, if there is one again. */
  rearmMs: number;
}

export const DEFAULT_ZOMBIE: ZombieOptions = {
  minReadings: 3,
  minMs: 30_000,
  reportAgainFactor: 10,
  rearmMs: 30 * 60_000,
};

export interface ZombieEvidence extends EvidenceBase {
  rule: 'state';
  /** How many have been unreaped for that long. */
  zombies: number;
  parentPid: number | null;
  /** As the process gave it: not escaped. */
  parentName: string | null;
}

export type ZombieAnomaly = AnomalyOf<'zombie', ZombieEvidence>;

export interface ZombieDetector extends Detector<ZombieSample, ZombieAnomaly> {
  /** The one that has waited longest, or null. */
  readonly oldest: ProcessIdentity | null;
  /** True when nothing is known that would be missed. */
  readonly isIdle: boolean;
}

const KEPT_READINGS = 16;

/*
 * Truth table, for one parent. A zombie is ripe when it was one in 3 readings and for 30 s: a parent may reap in its own
 * time.
 *
 *   ripe zombies   before                                       anomaly
 *   none           any                                          no
 *   some           none was reported within 30 min              yes
 *   some           reported, fewer than ten times as many       no
 *   some           reported, ten times as many or more          yes, with the new count
 */
/** Watches the unreaped children of one parent. Options are taken as valid. */
export function createZombie(options: ZombieOptions = DEFAULT_ZOMBIE): ZombieDetector {
  return new ZombieRule(options);
}

class ZombieRule implements ZombieDetector {
  /** By pid, which a zombie keeps. The first to become one comes first. */
  private readonly known = new Map<number, { identity: ProcessIdentity; sinceMs: number; readings: number }>();
  /** Made for the first zombie: almost no process ever has one. */
  private readings: ReadingRing | null = null;
  private reported = 0;
  private quietUntilMs = -Infinity;
  private lastAtMs = -Infinity;

  constructor(private readonly options: ZombieOptions) {}

  get oldest(): ProcessIdentity | null {
    return this.known.values().next().value?.identity ?? null;
  }

  get isIdle(): boolean {
    return this.known.size === 0 && this.lastAtMs >= this.quietUntilMs;
  }

  observe(sample: ZombieSample): ZombieAnomaly | null {
    const { options } = this;
    this.lastAtMs = sample.atMs;
    if (this.known.size === 0 && sample.zombies.length === 0) return null;
    this.note(sample);
    const oldest = this.known.values().next().value;
    if (oldest === undefined) {
      this.readings = null;
    } else {
      this.readings ??= new ReadingRing(KEPT_READINGS);
      this.readings.push(sample.atMs, sample.atMs - oldest.sinceMs);
    }
    const ripe = this.ripe(sample.atMs);
    if (ripe === 0) {
      this.reported = 0;
      return null;
    }
    const again =
      this.reported > 0 ? ripe >= options.reportAgainFactor * this.reported : sample.atMs >= this.quietUntilMs;
    this.quietUntilMs = sample.atMs + options.rearmMs;
    if (!again || this.readings === null) {
      // One that came back within the quiet time is not reported, and from how many on it would be is known from before.
      this.reported = Math.max(this.reported, 1);
      return null;
    }
    this.reported = ripe;
    return zombieAnomaly(this.readings, ripe, sample, options);
  }

  reset(): void {
    this.known.clear();
    this.readings = null;
    this.reported = 0;
    this.quietUntilMs = -Infinity;
  }

  /** Forgets those that were reaped, and counts a reading for each of the others. */
  private note({ atMs, zombies }: ZombieSample): void {
    const present = new Map(zombies.map(({ pid, startTime }) => [pid, startTime]));
    for (const [pid, { identity }] of this.known) {
      if (present.get(pid) !== identity.startTime) this.known.delete(pid);
    }
    for (const identity of zombies) {
      const known = this.known.get(identity.pid);
      if (known === undefined) this.known.set(identity.pid, { identity, sinceMs: atMs, readings: 1 });
      else known.readings += 1;
    }
  }

  private ripe(atMs: number): number {
    const { minReadings, minMs } = this.options;
    let count = 0;
    for (const { sinceMs, readings } of this.known.values()) {
      if (atMs - sinceMs < minMs) break;
      if (readings >= minReadings) count += 1;
    }
    return count;
  }
}

function zombieAnomaly(
  readings: ReadingRing,
  count: number,
  { parent }: ZombieSample,
  options: ZombieOptions,
): ZombieAnomaly {
  const samples = readings.newest();
  const zombieMs = samples[samples.length - 1]?.value ?? 0;
  const who = parent === null ? 'its parent' : `its parent ${parent.name} (pid ${parent.pid})`;
  const what =
    count === 1
      ? `It ended ${formatDuration(zombieMs)} ago or more and ${who} has not reaped it`
      : `${count} processes ended ${formatDuration(options.minMs)} ago or more and ${who.replace(/^its/, 'their')} has not reaped them`;
  // proc(5): orphans go to the first process of the pid namespace, and a plain program in a container waits for its own only.
  const advice = parent?.pid === 1 ? '; start the container with an init that reaps (docker run --init)' : '';
  return {
    anomaly: 'zombie',
    severity: 'medium',
    message: `${what}${advice}.`,
    evidence: {
      rule: 'state',
      samples,
      unit: 'ms',
      threshold: options.minMs,
      thresholdText: `state Z in ${options.minReadings} readings and for ${formatDuration(options.minMs)}`,
      windowSeconds: spanSeconds(samples),
      zombies: count,
      parentPid: parent?.pid ?? null,
      parentName: parent?.name ?? null,
    },
  };
}
