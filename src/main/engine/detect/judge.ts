import { identityKey, type ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import {
  createCpuSpike,
  createForkBomb,
  createMemoryLeak,
  createZombie,
  DEFAULT_FORK_BOMB_GROWTH,
  DEFAULT_LEAK_TREND,
  DEFAULT_LEAK_STRICT,
  DEFAULT_SPIKE_CLASSIC,
  DEFAULT_SPIKE_ROBUST,
  DEFAULT_ZOMBIE,
  type Anomaly,
  type CpuSpikeDetector,
  type DetectorSample,
  type ForkBombDetector,
  type MemoryLeakAnomaly,
  type MemoryLeakDetector,
  type ZombieDetector,
} from './detectors';
import {
  EMPTY_WINDOW,
  judgeLimit,
  LIMIT_METRICS,
  type Crossing,
  type LimitAction,
  type LimitMetric,
  type LimitWindow,
  isUndecided,
} from './limits';
import { limitRule, toleranceOf } from './limit-rules';
import type { MemoryReading } from './tree-memory';
import type { TreeReading, ZombieReading } from './tree-reading';

/** What is done about an anomaly. */
export type AnomalyAction = 'notify' | 'reap' | 'restart' | 'kill' | 'freeze_and_kill';

/** Something about a watched process that is to be told, and perhaps acted on. */
export type Finding =
  | { kind: 'anomaly'; anomaly: Anomaly; action: AnomalyAction; pid: number; subject: ProcessSample }
  | {
      kind: 'limit';
      metric: LimitMetric;
      crossing: Crossing;
      action: LimitAction;
      pid: number;
      /** What the newest value of a limit on memory is made of; null of other metrics. */
      memory: MemoryReading | null;
    };

/** What a limit is compared with; null where that is not known. */
const VALUES: Readonly<Record<LimitMetric, (reading: TreeReading) => number | null>> = {
  cpu: (reading) => reading.cpuPercent,
  memory: (reading) => reading.memory.bytes,
  disk_read: (reading) => reading.io?.readPerSecond ?? null,
  disk_write: (reading) => reading.io?.writtenPerSecond ?? null,
  threads: (reading) => reading.threads,
  open_files: (reading) => reading.openFiles,
  children: (reading) => reading.descendants,
};

/** A limit that is farther away is no reason to end a program now. */
const FARTHEST_HEAL_MS = 24 * 3_600_000;

/** What is known of the machine when a process is judged. */
export interface JudgeContext {
  atMs: number;
  machineCpuPercent: number | null;
  machineMemoryBytes: number;
  /** False within the start grace: limits are not judged yet. */
  judgesLimits: boolean;
}

/**
 * Judges the readings of one watched process. Anomalies come first; one that acts skips the limits of that reading, so that
 * one cause never leads to two heals.
 */
export class Judge {
  private readonly leak: MemoryLeakDetector | null;
  private readonly spike: CpuSpikeDetector | null;
  private readonly bomb: ForkBombDetector | null;
  private knowsStart = false;
  /** One for each parent of zombies below the process, by its identity. */
  private readonly zombies = new Map<string, ZombieDetector>();
  private readonly windows = new Map<LimitMetric, LimitWindow>();
  private limitReadings = 0;

  constructor(private readonly settings: Settings) {
    const leakRule = settings['memoryLeak.rule'];
    this.leak =
      leakRule === 'off'
        ? null
        : createMemoryLeak(leakRule === 'strict' ? DEFAULT_LEAK_STRICT : trendOptions(settings));
    const spikeRule = settings['cpuSpike.rule'];
    this.spike =
      spikeRule === 'off'
        ? null
        : createCpuSpike(
            spikeRule === 'classic'
              ? DEFAULT_SPIKE_CLASSIC
              : {
                  ...DEFAULT_SPIKE_ROBUST,
                  floorPercent: settings['cpuSpike.floorPercent'],
                  minRunMs: settings['cpuSpike.minRunMs'],
                },
          );
    const bombRule = settings['forkBomb.rule'];
    const maxDescendants = settings['forkBomb.maxDescendants'];
    this.bomb =
      bombRule === 'off'
        ? null
        : createForkBomb(
            bombRule === 'classic'
              ? { rule: 'classic', maxDescendants }
              : { ...DEFAULT_FORK_BOMB_GROWTH, maxDescendants, hardCeiling: settings['forkBomb.ceiling'] },
          );
  }

  /** True while another reading soon would decide whether a tree is a fork bomb. */
  get suspicious(): boolean {
    return this.bomb?.suspicious ?? false;
  }

  /** True while the newest reading is above a limit, and more of them are needed to decide. */
  get undecided(): boolean {
    return [...this.windows.values()].some(isUndecided);
  }

  judge(reading: TreeReading, context: JudgeContext): readonly Finding[] {
    const anomalies = this.anomalies(reading, context);
    const acts = anomalies.some((finding) => finding.kind === 'anomaly' && finding.action !== 'notify');
    return acts || !context.judgesLimits ? anomalies : [...anomalies, ...this.limits(reading)];
  }

  /** Whether a limit is kept, as far as enough readings since the start grace show; what can't be measured is. */
  holds(metric: LimitMetric): boolean {
    if (limitRule(metric, this.settings).act === null) return true;
    if (this.limitReadings < this.settings['limits.violations']) return false;
    const window = this.windows.get(metric);
    return window === undefined || (window.level !== 'act' && window.readings.at(-1)?.level !== 'act');
  }

  private anomalies(reading: TreeReading, context: JudgeContext): readonly Finding[] {
    const { root } = reading;
    const sample: DetectorSample = {
      ...context,
      cpuPercent: reading.cpuPercent,
      rssBytes: reading.rssBytes,
      privateBytes: reading.privateBytes,
      descendants: reading.descendants,
      sameProgramDescendants: reading.sameProgramDescendants,
      multiplyingDescendants: reading.multiplyingDescendants,
      youngDescendants: reading.youngDescendants,
      births: reading.births,
      servesConnections: reading.servesConnections,
      limitBytes: this.settings['memory.limitBytes'],
      uptimeMs: reading.uptimeMs,
    };
    if (!this.knowsStart) {
      // At its start it had no descendants: a tree that is young and large has grown fast.
      this.knowsStart = true;
      this.bomb?.observe({ ...sample, atMs: sample.atMs - sample.uptimeMs, descendants: 0 });
    }
    const found: Finding[] = [];
    const add = (anomaly: Anomaly | null | undefined, action: AnomalyAction): void => {
      if (anomaly) found.push({ kind: 'anomaly', anomaly, action, pid: root.pid, subject: root });
    };
    add(this.bomb?.observe(sample), this.settings['forkBomb.action'] === 'kill' ? 'freeze_and_kill' : 'notify');
    found.push(...this.zombiesBelow(reading, context));
    const leak = this.leak?.observe(sample);
    if (leak) add(leak, this.leakAction(leak));
    add(this.spike?.observe(sample), this.settings['cpuSpike.action']);
    return found;
  }

  /** Ending a program for a limit that nobody has set would be a guess; and one that is days away is for people to see. */
  private leakAction({ evidence }: MemoryLeakAnomaly): AnomalyAction {
    const action = this.settings['memoryLeak.action'];
    if (action !== 'auto') return action;
    const isFar = evidence.rule === 'trend' && evidence.limitInMs > FARTHEST_HEAL_MS;
    return this.settings['memory.limitBytes'] === null || isFar ? 'notify' : 'restart';
  }

  private zombiesBelow(reading: TreeReading, { atMs }: JudgeContext): readonly Finding[] {
    const action = this.settings['zombie.action'];
    if (action === 'off') return [];
    const groups = byParent(reading.zombies);
    const found: Finding[] = [];
    for (const [key, { parent, zombies }] of groups) {
      let detector = this.zombies.get(key);
      if (detector === undefined) {
        detector = createZombie({ ...DEFAULT_ZOMBIE, minMs: this.settings['zombie.afterMs'] });
        this.zombies.set(key, detector);
      }
      const anomaly = detector.observe({ atMs, parent, zombies });
      const subject = zombies.find(({ pid }) => pid === detector.oldest?.pid);
      if (anomaly !== null && subject !== undefined) {
        found.push({ kind: 'anomaly', anomaly, action, pid: subject.pid, subject });
      }
    }
    for (const [key, detector] of this.zombies) {
      if (groups.has(key)) continue;
      detector.observe({ atMs, parent: null, zombies: [] });
      if (detector.isIdle) this.zombies.delete(key);
    }
    return found;
  }

  private limits(reading: TreeReading): readonly Finding[] {
    const tolerance = toleranceOf(this.settings);
    this.limitReadings += 1;
    const found: Finding[] = [];
    for (const metric of LIMIT_METRICS) {
      const limit = limitRule(metric, this.settings);
      if (limit.warn === null && limit.act === null) continue;
      const current = VALUES[metric](reading);
      if (current === null) continue;
      const judged = judgeLimit(this.windows.get(metric) ?? EMPTY_WINDOW, current, limit, tolerance);
      this.windows.set(metric, judged.window);
      const { crossing } = judged;
      if (crossing !== null) {
        const action = crossing.level === 'warn' ? 'notify' : limit.action;
        const memory = metric === 'memory' ? reading.memory : null;
        found.push({ kind: 'limit', metric, crossing, action, pid: reading.root.pid, memory });
      }
    }
    return found;
  }
}

function byParent(
  zombies: readonly ZombieReading[],
): ReadonlyMap<string, { parent: ZombieReading['parent']; zombies: ProcessSample[] }> {
  const groups = new Map<string, { parent: ZombieReading['parent']; zombies: ProcessSample[] }>();
  for (const { process, parent } of zombies) {
    const key = parent === null ? 'unknown' : identityKey(parent);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { parent, zombies: [process] });
    else group.zombies.push(process);
  }
  return groups;
}

/** One object for all processes with the same settings: what a detector works out of its options is kept by the object. */
const trendOptionsOf = new WeakMap<Settings, typeof DEFAULT_LEAK_TREND>();

function trendOptions(settings: Settings): typeof DEFAULT_LEAK_TREND {
  let options = trendOptionsOf.get(settings);
  if (options === undefined) {
    const horizonMs = settings['memoryLeak.horizonMs'];
    options = {
      ...DEFAULT_LEAK_TREND,
      warmUpMs: settings['memoryLeak.warmUpMs'],
      steady: { ...DEFAULT_LEAK_TREND.steady, horizonMs },
      fast: { ...DEFAULT_LEAK_TREND.fast, horizonMs: Math.min(DEFAULT_LEAK_TREND.fast.horizonMs, horizonMs) },
    };
    trendOptionsOf.set(settings, options);
  }
  return options;
}
