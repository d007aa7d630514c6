import { formatDuration } from '../../../shared/lib/duration';
import { spanSeconds, type AnomalyOf, type Detector, type DetectorSample, type EvidenceBase } from './detector';
import { ReadingRing } from './reading-ring';

export type ZombieSample = Pick<DetectorSample, 'atMs' | 'state' | 'parent'>;

/** A child that ended and that its parent does not reap. */
export interface ZombieOptions {
  /** Readings in a row. */
  minReadings: number;
  /** From the first of them to the last. */
  minMs: number;
}

export const DEFAULT_ZOMBIE: ZombieOptions = { minReadings: 3, minMs: 30_000 };

export interface ZombieEvidence extends EvidenceBase {
  rule: 'state';
  parentPid: number | null;
  /** As the process gave it: not escaped. */
  parentName: string | null;
}

export type ZombieAnomaly = AnomalyOf<'zombie', ZombieEvidence>;

const KEPT_READINGS = 16;

/*
 * Truth table:
 *
 *   state    in state Z since   readings in Z   before   anomaly
 *   not Z    -                  -               any      no
 *   Z        less than 30 s     any             any      no: a parent may reap in its own time
 *   Z        30 s or more       fewer than 3    any      no
 *   Z        30 s or more       3 or more       told     no
 *   Z        30 s or more       3 or more       not      yes
 */
/** Watches the state of one process. Options are taken as valid. */
export function createZombie(options: ZombieOptions = DEFAULT_ZOMBIE): Detector<ZombieSample, ZombieAnomaly> {
  return new ZombieRule(options);
}

class ZombieRule implements Detector<ZombieSample, ZombieAnomaly> {
  /** Made for a zombie: almost no process ever is one. */
  private readings: ReadingRing | null = null;
  private sinceMs = 0;
  private count = 0;
  private told = false;

  constructor(private readonly options: ZombieOptions) {}

  observe(sample: ZombieSample): ZombieAnomaly | null {
    if (sample.state !== 'zombie') {
      if (this.count > 0) this.reset();
      return null;
    }
    if (this.count === 0) this.sinceMs = sample.atMs;
    this.count++;
    const zombieMs = sample.atMs - this.sinceMs;
    this.readings ??= new ReadingRing(KEPT_READINGS);
    this.readings.push(sample.atMs, zombieMs);
    if (this.told || this.count < this.options.minReadings || zombieMs < this.options.minMs) return null;
    this.told = true;
    return zombieAnomaly(this.readings, sample, this.options);
  }

  reset(): void {
    this.readings = null;
    this.count = 0;
    this.told = false;
  }
}

function zombieAnomaly(readings: ReadingRing, { parent }: ZombieSample, options: ZombieOptions): ZombieAnomaly {
  const samples = readings.newest();
  const zombieMs = samples[samples.length - 1]?.value ?? 0;
  const who = parent === null ? 'its parent' : `its parent ${parent.name} (pid ${parent.pid})`;
  return {
    anomaly: 'zombie',
    severity: 'medium',
    message: `It ended ${formatDuration(zombieMs)} ago or more and ${who} has not reaped it.`,
    evidence: {
      rule: 'state',
      samples,
      unit: 'zombie_ms',
      threshold: options.minMs,
      thresholdText: `state Z in ${options.minReadings} readings and for ${formatDuration(options.minMs)}`,
      windowSeconds: spanSeconds(samples),
      parentPid: parent?.pid ?? null,
      parentName: parent?.name ?? null,
    },
  };
}
