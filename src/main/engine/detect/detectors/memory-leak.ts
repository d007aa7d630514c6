import type { LeakTrendEvidence } from './leak-trend/evidence';
import { createTrendRule, type MemoryLeakSample, type SlowGrowth } from './leak-trend/rule';
import { DEFAULT_LEAK_TREND, type LeakTrendOptions } from './leak-trend/options';
import { ReadingRing } from './reading-ring';
import { spanSeconds, type AnomalyOf, type Detector, type EvidenceBase } from './detector';
import { formatBytes } from '../../../../shared/lib/format/values';
import { formatDuration } from '../../../../shared/lib/format/duration';

/** The older rule. Kept as it was, for those who want it: real heaps grow in chunks, so it alarms on healthy programs. */
export interface LeakStrictOptions {
  rule: 'strict';
  /** Readings kept. */
  keptReadings: number;
  /** How many of the newest must rise strictly. */
  risingReadings: number;
}

export const DEFAULT_LEAK_STRICT: LeakStrictOptions = { rule: 'strict', keptReadings: 10, risingReadings: 5 };

export type MemoryLeakOptions = LeakStrictOptions | LeakTrendOptions;

export const DEFAULT_MEMORY_LEAK: MemoryLeakOptions = DEFAULT_LEAK_TREND;

export interface LeakStrictEvidence extends EvidenceBase {
  rule: 'strict';
  grownBytes: number;
}

export type MemoryLeakAnomaly = AnomalyOf<'memory_leak', LeakStrictEvidence | LeakTrendEvidence>;

export interface MemoryLeakDetector extends Detector<MemoryLeakSample, MemoryLeakAnomaly> {
  /** For a badge, never for an action: healthy Java heaps creep for hours. Null without the `trend` rule. */
  readonly slowGrowth: SlowGrowth | null;
}

/** Watches the memory of one process. Options are taken as valid. */
export function createMemoryLeak(options: MemoryLeakOptions = DEFAULT_MEMORY_LEAK): MemoryLeakDetector {
  return options.rule === 'strict' ? createStrictRule(options) : createTrendRule(options);
}

/*
 * Truth table of `strict`:
 *
 *   readings seen          the newest 5   before   anomaly
 *   fewer than 5           any            any      no
 *   5 or more              not rising     any      no
 *   5 or more              rising         rising   no, it was reported
 *   5 or more              rising         not      yes
 */
function createStrictRule(options: LeakStrictOptions): MemoryLeakDetector {
  const readings = new ReadingRing(Math.max(options.keptReadings, options.risingReadings));
  let active = false;

  const rising = (): boolean => {
    if (readings.length < options.risingReadings) return false;
    for (let back = 0; back < options.risingReadings - 1; back++) {
      if (readings.value(back) <= readings.value(back + 1)) return false;
    }
    return true;
  };

  return {
    slowGrowth: null,
    observe(sample) {
      if (!Number.isFinite(sample.rssBytes)) return null;
      readings.push(sample.atMs, sample.rssBytes);
      const before = active;
      active = rising();
      return active && !before ? strictAnomaly(readings, options) : null;
    },
    reset() {
      readings.clear();
      active = false;
    },
  };
}

function strictAnomaly(readings: ReadingRing, options: LeakStrictOptions): MemoryLeakAnomaly {
  const samples = readings.newest(options.risingReadings);
  const first = samples[0]?.value ?? 0;
  const last = samples[samples.length - 1]?.value ?? 0;
  const windowSeconds = spanSeconds(samples);
  return {
    anomaly: 'memory_leak',
    severity: 'high',
    message:
      `Memory rose in ${samples.length} readings in a row, ` +
      `from ${formatBytes(first)} to ${formatBytes(last)} in ${formatDuration(windowSeconds * 1000)}.`,
    evidence: {
      rule: 'strict',
      samples,
      unit: 'bytes',
      threshold: samples[samples.length - 2]?.value ?? 0,
      thresholdText: `each of the last ${options.risingReadings} of ${options.keptReadings} readings above the one before`,
      windowSeconds,
      grownBytes: last - first,
    },
  };
}
