import { formatDuration } from '../../../../shared/lib/format/duration';
import { plural } from '../../../../shared/lib/format/values';
import type { CrashReading } from '../../ports';
import { MAX_EVIDENCE_SAMPLES, type AnomalyOf, type Detector, type EvidenceBase } from './detector';

/** The restart budget of a watch, after a crash or at a tick. */
export interface RapidCrashesSample {
  atMs: number;
  /** True while no restart is allowed because the budget is spent. */
  spent: boolean;
  /** Restarts allowed within `windowMs`, of the window that is spent (there is a short and a long one). */
  allowedRestarts: number;
  windowMs: number;
  /** The ends that were counted, oldest first; those outside the window are passed over. */
  crashes: readonly CrashReading[];
}

export interface RapidCrashesOptions {
  /** An exit code or signal is common when this share of the ends had it, in percent. */
  commonPercent: number;
}

export const DEFAULT_RAPID_CRASHES: RapidCrashesOptions = { commonPercent: 60 };

export interface RapidCrashesEvidence extends EvidenceBase {
  rule: 'budget';
  crashes: number;
  /** What most of them ended with; both null when there is no such thing or it can't be known. */
  commonExitCode: number | null;
  commonSignal: string | null;
  commonCount: number;
}

export type RapidCrashesAnomaly = AnomalyOf<'rapid_crashes', RapidCrashesEvidence>;

/*
 * Truth table:
 *
 *   budget      before       anomaly
 *   not spent   any          no
 *   spent       spent        no, it was reported
 *   spent       not spent    yes
 */
/** Reports a spent restart budget once. */
export function createRapidCrashes(
  options: RapidCrashesOptions = DEFAULT_RAPID_CRASHES,
): Detector<RapidCrashesSample, RapidCrashesAnomaly> {
  let reported = false;
  return {
    observe(sample) {
      const begins = sample.spent && !reported;
      reported = sample.spent;
      return begins ? rapidCrashesAnomaly(sample, options) : null;
    },
    reset() {
      reported = false;
    },
  };
}

interface Ending {
  exitCode: number | null;
  signal: string | null;
  count: number;
}

/** The ending that most crashes share, or null. */
function commonEnding(crashes: readonly CrashReading[], options: RapidCrashesOptions): Ending | null {
  const endings = new Map<string, Ending>();
  for (const { exitCode, signal } of crashes) {
    if (exitCode === null && signal === null) continue;
    const key = `${exitCode} ${signal}`;
    const ending = endings.get(key) ?? { exitCode, signal, count: 0 };
    ending.count++;
    endings.set(key, ending);
  }
  let common: Ending | null = null;
  for (const ending of endings.values()) if (ending.count > (common?.count ?? 0)) common = ending;
  return common !== null && 100 * common.count >= options.commonPercent * crashes.length ? common : null;
}

function endingText({ exitCode, signal, count }: Ending, total: number): string {
  const what = signal === null ? `exit code ${exitCode}` : signal;
  return count === total ? `, all with ${what}` : `, ${count} of them with ${what}`;
}

function rapidCrashesAnomaly(sample: RapidCrashesSample, options: RapidCrashesOptions): RapidCrashesAnomaly {
  const { atMs, allowedRestarts, windowMs } = sample;
  const crashes = sample.crashes.filter((crash) => atMs - crash.atMs <= windowMs);
  const common = commonEnding(crashes, options);
  const window = formatDuration(windowMs);
  const samples = crashes.map((crash, index) => ({ atMs: crash.atMs, value: index + 1 })).slice(-MAX_EVIDENCE_SAMPLES);
  return {
    anomaly: 'rapid_crashes',
    severity: 'critical',
    message:
      `It crashed ${plural(crashes.length, 'time')} within ${window}${common === null ? '' : endingText(common, crashes.length)}: ` +
      `the budget of ${plural(allowedRestarts, 'restart')} in ${window} is spent.`,
    evidence: {
      rule: 'budget',
      samples,
      unit: 'restarts',
      threshold: allowedRestarts,
      thresholdText: `${plural(allowedRestarts, 'restart')} in ${window}`,
      windowSeconds: windowMs / 1000,
      crashes: crashes.length,
      commonExitCode: common?.exitCode ?? null,
      commonSignal: common?.signal ?? null,
      commonCount: common?.count ?? 0,
    },
  };
}
