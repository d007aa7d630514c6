import { spanSeconds, type AnomalyOf, type Detector, type DetectorSample, type EvidenceBase } from './detector';
import { BIRTH_SLOT_MS } from '../tree-shape';
import { ReadingRing } from './reading-ring';
import { formatDuration } from '../../../../shared/lib/format/duration';

export type ForkBombSample = Pick<
  DetectorSample,
  | 'atMs'
  | 'descendants'
  | 'sameProgramDescendants'
  | 'multiplyingDescendants'
  | 'youngDescendants'
  | 'births'
  | 'servesConnections'
>;

/** The older rule: a count alone. It takes `make -j64` for a bomb. */
export interface ForkBombClassicOptions {
  rule: 'classic';
  /** More descendants than this are a bomb. */
  maxDescendants: number;
}

export const DEFAULT_FORK_BOMB_CLASSIC: ForkBombClassicOptions = { rule: 'classic', maxDescendants: 50 };

/** A count and runaway growth. */
export interface ForkBombGrowthOptions {
  rule: 'growth';
  /** Up to this many descendants nothing is a bomb. */
  maxDescendants: number;
  /** Runaway growth is this factor within `growthWindowMs`. */
  growthFactor: number;
  growthWindowMs: number;
  /**
   * A program that multiplies itself: this share of the descendants, in percent, is one program, this share has a
   * grandchild that runs the same with the same arguments, and this share is young. Real bombs, bounded at 100 and 300
   * processes or by a limit of the user, have 14 to 36 % of them, however many parents have ended; now and then, on a machine
   * that starves them, 4 to 8 % at one look and more at the next. Pools, launchers and servers have none, for there only one forks.
   */
  sameProgramPercent: number;
  multiplyingPercent: number;
  youngPercent: number;
  /**
   * Growth of any other shape is a bomb above this count, and only if it lasts. `make -j64` runs at most
   * 64 x (sh, cc, cc1, as) = 256 at once; a bomb of 200 forks a second passes 350 in less than 2 s.
   */
  runawayDescendants: number;
  /** It lasts while this many a second were born in each of the last half seconds, for 2 s: a pool is up sooner. */
  minBirthsPerSecond: number;
  /** It must not level off: its newest growth, per time, must be this share of all of it. */
  minRecentShare: number;
  /**
   * More descendants than this, and still more of them, are a bomb however they came. Real trees of one program stay far
   * below (a browser with 100 tabs: 300), and a login may by default run some 10,000: there is room left to act.
   */
  hardCeiling: number;
  /** Growth that counts above the ceiling: in percent within `growthWindowMs`, and of all that are there in the last half second. */
  ceilingGrowthPercent: number;
  ceilingBirthPercent: number;
}

export const DEFAULT_FORK_BOMB_GROWTH: ForkBombGrowthOptions = {
  rule: 'growth',
  maxDescendants: 50,
  growthFactor: 2,
  growthWindowMs: 10_000,
  sameProgramPercent: 80,
  multiplyingPercent: 8,
  youngPercent: 10,
  runawayDescendants: 350,
  minBirthsPerSecond: 100,
  minRecentShare: 0.5,
  hardCeiling: 1000,
  ceilingGrowthPercent: 5,
  ceilingBirthPercent: 0.5,
};

export type ForkBombOptions = ForkBombClassicOptions | ForkBombGrowthOptions;

export const DEFAULT_FORK_BOMB: ForkBombOptions = DEFAULT_FORK_BOMB_GROWTH;

export interface ForkBombEvidence extends EvidenceBase {
  rule: 'classic' | 'growth';
  /** Which part of the rule it was. */
  reason: 'count' | 'replicating' | 'runaway' | 'ceiling';
  descendants: number;
  /** Over the samples; negative when the tree shrank. */
  growthPerSecond: number;
}

export type ForkBombAnomaly = AnomalyOf<'fork_bomb', ForkBombEvidence>;

export interface ForkBombDetector extends Detector<ForkBombSample, ForkBombAnomaly> {
  /** True while the tree grows, or multiplies itself, like a bomb without being one yet: another sample within 500 ms decides sooner. */
  readonly suspicious: boolean;
}

/** They cover the window at the shortest spacing; faster readings are judged and not kept. */
const KEPT_READINGS = 16;

/** This share of the signs of a program that multiplies itself leads to an early reading: the parents may just have ended. */
const FAINT_SHARE = 0.25;

/** Watches the number of a process's descendants. Options are taken as valid. */
export function createForkBomb(options: ForkBombOptions = DEFAULT_FORK_BOMB): ForkBombDetector {
  return new ForkBombRule(options);
}

class ForkBombRule implements ForkBombDetector {
  suspicious = false;
  /** Made when a tree is first half as large as a bomb may be: almost none ever is. */
  private readings: ReadingRing | null = null;
  private lastAtMs = Number.NaN;
  private lastDescendants = 0;
  private active = false;

  constructor(private readonly options: ForkBombOptions) {}

  observe(sample: ForkBombSample): ForkBombAnomaly | null {
    const { options } = this;
    const { atMs, descendants } = sample;
    if (this.readings === null) {
      if (2 * descendants <= options.maxDescendants) {
        this.lastAtMs = atMs;
        this.lastDescendants = descendants;
        return null;
      }
      this.readings = new ReadingRing(KEPT_READINGS);
      if (!Number.isNaN(this.lastAtMs)) this.readings.push(this.lastAtMs, this.lastDescendants);
    }
    const { readings } = this;
    const reason = options.rule === 'classic' ? judgeCount(sample, options) : judgeGrowth(sample, options, readings);
    this.suspicious =
      reason === null && (isGrowing(readings, sample, options) || isReplicating(sample, options, FAINT_SHARE));
    const begins = reason !== null && !this.active;
    this.active = reason !== null || (this.active && descendants > options.maxDescendants);
    const anomaly = begins ? forkBombAnomaly(readings, sample, reason, options) : null;
    if (readings.length === 0 || atMs - readings.atMs(0) >= spacingMs(options)) readings.push(atMs, descendants);
    return anomaly;
  }

  reset(): void {
    this.readings = null;
    this.lastAtMs = Number.NaN;
    this.active = false;
    this.suspicious = false;
  }
}

const spacingMs = (options: ForkBombOptions): number =>
  options.rule === 'classic' ? 0 : options.growthWindowMs / (KEPT_READINGS - 1);

type Reason = ForkBombEvidence['reason'];

/*
 * Truth table of `classic`:
 *
 *   descendants    before         anomaly
 *   at most 50     any            no
 *   more than 50   more than 50   no, it was reported
 *   more than 50   at most 50     yes
 */
function judgeCount(sample: ForkBombSample, options: ForkBombClassicOptions): Reason | null {
  return sample.descendants > options.maxDescendants ? 'count' : null;
}

/*
 * Truth table of `growth`; the first line that fits decides. An alarm is reported once, until the count is back at 50. Only
 * living descendants count: neither zombies nor, as generations, those whose parent has ended.
 *
 *   at most 50 descendants                                                      no
 *   four fifths are one program, a twelfth of them have a grandchild that runs
 *     the same, and a tenth is younger than 10 s                                yes: replicating (also at its ulimit)
 *   the same, but a fiftieth with such a grandchild                             as below, and looked at again soon
 *   more than 1000, 5 % more than within 10 s, 0.5 % of them born in the last
 *     half second, and they don't serve a connection each                       yes: ceiling
 *   at most 350 descendants                                                     no (make -j64, xargs -P, pools, launchers)
 *   less than doubled within 10 s                                               no (a large tree that is as it was)
 *   fewer than 50 born in one of the last four half seconds                     no (a pool or launcher that is through)
 *   the newest growth is less than half of the mean                             no (it levels off: a large build)
 *   each of the newest serves a connection of its own                           no (a database whose clients come)
 *   else                                                                        yes: runaway (200 forks a second)
 *
 * What this leaves to `children.limit` and the limits of the OS: one parent that forks fewer than 100 a second, up to the
 * ceiling, and a program that changes its arguments from one generation to the next, up to 350.
 */
function judgeGrowth(sample: ForkBombSample, options: ForkBombGrowthOptions, readings: ReadingRing): Reason | null {
  const { descendants } = sample;
  if (descendants <= options.maxDescendants) return null;
  if (isReplicating(sample, options)) return 'replicating';
  const reason = passesCeiling(sample, options, readings)
    ? 'ceiling'
    : isRunningAway(sample, options, readings)
      ? 'runaway'
      : null;
  // The most expensive check comes last.
  return reason !== null && sample.servesConnections?.() === true ? null : reason;
}

/** `part` of those that must have grandchildren is enough. */
function isReplicating(sample: ForkBombSample, options: ForkBombOptions, part = 1): boolean {
  if (options.rule === 'classic' || sample.descendants <= options.maxDescendants) return false;
  const share = (count: number | null): number => (100 * (count ?? 0)) / sample.descendants;
  return (
    share(sample.sameProgramDescendants) >= options.sameProgramPercent &&
    share(sample.multiplyingDescendants) >= part * options.multiplyingPercent &&
    share(sample.youngDescendants) >= options.youngPercent
  );
}

function passesCeiling(sample: ForkBombSample, options: ForkBombGrowthOptions, readings: ReadingRing): boolean {
  const { atMs, descendants, births } = sample;
  if (descendants <= options.hardCeiling) return false;
  const lowest = lowestWithin(readings, atMs, options.growthWindowMs);
  if (lowest < 0 || 100 * descendants < (100 + options.ceilingGrowthPercent) * readings.value(lowest)) return false;
  return births === null || 100 * (births[0] ?? 0) >= options.ceilingBirthPercent * descendants;
}

function isRunningAway(sample: ForkBombSample, options: ForkBombGrowthOptions, readings: ReadingRing): boolean {
  if (sample.descendants <= options.runawayDescendants || !isGrowing(readings, sample, options)) return false;
  const wanted = (options.minBirthsPerSecond * BIRTH_SLOT_MS) / 1000;
  if (sample.births !== null && sample.births.some((count) => count < wanted)) return false;
  return keepsGrowing(readings, sample, options);
}

/** The reading with the fewest descendants within the window, as steps back from the newest; -1 without readings. */
function lowestWithin(readings: ReadingRing, atMs: number, windowMs: number): number {
  let lowest = -1;
  for (let back = 0; back < readings.length && atMs - readings.atMs(back) <= windowMs; back++) {
    if (lowest < 0 || readings.value(back) < readings.value(lowest)) lowest = back;
  }
  return lowest;
}

/** Whether the count has at least doubled within the window. Most trees are small and do not change: see the first line. */
function isGrowing(readings: ReadingRing, { atMs, descendants }: ForkBombSample, options: ForkBombOptions): boolean {
  if (options.rule === 'classic' || 2 * descendants <= options.maxDescendants) return false;
  const lowest = lowestWithin(readings, atMs, options.growthWindowMs);
  return lowest >= 0 && descendants >= options.growthFactor * Math.max(1, readings.value(lowest));
}

/** Whether the newest third of the growth, at least one reading, is about as fast as all of it. */
function keepsGrowing(
  readings: ReadingRing,
  { atMs, descendants }: ForkBombSample,
  options: ForkBombGrowthOptions,
): boolean {
  const lowest = lowestWithin(readings, atMs, options.growthWindowMs);
  if (lowest < 1) return false;
  const spanMs = atMs - readings.atMs(lowest);
  let recent = 0;
  while (recent < lowest - 1 && atMs - readings.atMs(recent) < spanMs / 3) recent++;
  const recentMs = atMs - readings.atMs(recent);
  if (spanMs <= 0 || recentMs <= 0) return false;
  const all = (descendants - readings.value(lowest)) / spanMs;
  return (descendants - readings.value(recent)) / recentMs >= options.minRecentShare * all;
}

function thresholdOf(reason: Reason, options: ForkBombOptions): { value: number; text: string } {
  if (options.rule === 'classic')
    return { value: options.maxDescendants, text: `more than ${options.maxDescendants} descendants` };
  const doubled = `${options.growthFactor} times as many within ${formatDuration(options.growthWindowMs)}`;
  if (reason === 'ceiling') {
    return {
      value: options.hardCeiling,
      text: `more than ${options.hardCeiling} descendants, and their number still grows`,
    };
  }
  if (reason === 'runaway') {
    return {
      value: options.runawayDescendants,
      text: `more than ${options.runawayDescendants} descendants and ${doubled}`,
    };
  }
  return {
    value: options.maxDescendants,
    text:
      `more than ${options.maxDescendants} descendants, ${options.sameProgramPercent} % of them one program, ` +
      `${options.multiplyingPercent} % of them with grandchildren that run the same`,
  };
}

function forkBombAnomaly(
  readings: ReadingRing,
  { atMs, descendants }: ForkBombSample,
  reason: Reason,
  options: ForkBombOptions,
): ForkBombAnomaly {
  const windowMs = options.rule === 'growth' ? options.growthWindowMs : Infinity;
  const samples = readings
    .newest(KEPT_READINGS - 1)
    .filter((reading) => atMs - reading.atMs <= windowMs)
    .concat({ atMs, value: descendants });
  const windowSeconds = spanSeconds(samples);
  const grown = descendants - (samples[0]?.value ?? 0);
  const threshold = thresholdOf(reason, options);
  return {
    anomaly: 'fork_bomb',
    severity: 'critical',
    message:
      `It has ${descendants} descendants` +
      (grown > 0 ? `, ${grown} more than ${formatDuration(windowSeconds * 1000)} ago` : '') +
      `: ${threshold.text}.`,
    evidence: {
      rule: options.rule,
      samples,
      unit: 'processes',
      threshold: threshold.value,
      thresholdText: threshold.text,
      windowSeconds,
      reason,
      descendants,
      growthPerSecond: windowSeconds === 0 ? 0 : grown / windowSeconds,
    },
  };
}
