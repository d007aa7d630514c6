import { identityKey, type ProcessSample } from '../../shared/model/process';
import type { Settings } from '../../shared/model/settings';
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
  type MemoryLeakDetector,
} from './detectors';
import {
  EMPTY_WINDOW,
  judgeLimit,
  LIMIT_METRICS,
  type Crossing,
  type LimitAction,
  type LimitMetric,
  type LimitWindow,
} from './policy/limits';
import { limitRule, toleranceOf } from './policy/limit-rules';
import type { TreeReading } from './tree-reading';

/** What is done about an anomaly. */
export type AnomalyAction = 'notify' | 'reap' | 'restart' | 'kill' | 'freeze_and_kill';

/** Something about a watched process that is to be told, and perhaps acted on. */
export type Finding =
  | { kind: 'anomaly'; anomaly: Anomaly; action: AnomalyAction; pid: number; subject: ProcessSample }
  | { kind: 'limit'; metric: LimitMetric; crossing: Crossing; action: LimitAction; pid: number };

/** What a limit is compared with; null where that is not known. */
const VALUES: Readonly<Record<LimitMetric, (reading: TreeReading) => number | null>> = {
  cpu: (reading) => reading.cpuPercent,
  memory: (reading) => reading.rssBytes,
  threads: (reading) => reading.threads,
  open_files: (reading) => reading.openFiles,
  children: (reading) => reading.descendants,
};

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
  /** One for each zombie below the process, by its identity. */
  private readonly zombies = new Map<string, ReturnType<typeof createZombie>>();
  private readonly windows = new Map<LimitMetric, LimitWindow>();

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

  judge(reading: TreeReading, context: JudgeContext): readonly Finding[] {
    const anomalies = this.anomalies(reading, context);
    const acts = anomalies.some((finding) => finding.kind === 'anomaly' && finding.action !== 'notify');
    return acts || !context.judgesLimits ? anomalies : [...anomalies, ...this.limits(reading)];
  }

  private anomalies(reading: TreeReading, context: JudgeContext): readonly Finding[] {
    const { root } = reading;
    const sample: DetectorSample = {
      ...context,
      cpuPercent: reading.cpuPercent,
      rssBytes: reading.rssBytes,
      privateBytes: reading.privateBytes,
      state: root.state,
      descendants: reading.descendants,
      sameProgramDescendants: reading.sameProgramDescendants,
      generations: reading.generations,
      limitBytes: this.settings['memory.limitBytes'],
      uptimeMs: reading.uptimeMs,
      parent: null,
    };
    if (!this.knowsStart) {
      // At its start it had no descendants: a tree that is young and large has grown fast.
      this.knowsStart = true;
      this.bomb?.observe({ ...sample, atMs: sample.atMs - sample.uptimeMs, descendants: 0, sameProgramDescendants: 0 });
    }
    const found: Finding[] = [];
    const add = (anomaly: Anomaly | null | undefined, action: AnomalyAction): void => {
      if (anomaly) found.push({ kind: 'anomaly', anomaly, action, pid: root.pid, subject: root });
    };
    add(this.bomb?.observe(sample), this.settings['forkBomb.action'] === 'kill' ? 'freeze_and_kill' : 'notify');
    found.push(...this.zombiesBelow(reading, context));
    add(this.leak?.observe(sample), this.settings['memoryLeak.action']);
    add(this.spike?.observe(sample), this.settings['cpuSpike.action']);
    return found;
  }

  private zombiesBelow(reading: TreeReading, { atMs }: JudgeContext): readonly Finding[] {
    const action = this.settings['zombie.action'];
    if (action === 'off') return [];
    const present = new Set<string>();
    const found: Finding[] = [];
    for (const { process, parent } of reading.zombies) {
      const key = identityKey(process);
      present.add(key);
      let detector = this.zombies.get(key);
      if (detector === undefined) {
        detector = createZombie({ ...DEFAULT_ZOMBIE, minMs: this.settings['zombie.afterMs'] });
        this.zombies.set(key, detector);
      }
      const anomaly = detector.observe({ atMs, state: process.state, parent });
      if (anomaly !== null) {
        found.push({
          kind: 'anomaly',
          anomaly,
          action: action === 'notify' ? 'notify' : action,
          pid: process.pid,
          subject: process,
        });
      }
    }
    for (const key of this.zombies.keys()) if (!present.has(key)) this.zombies.delete(key);
    return found;
  }

  private limits(reading: TreeReading): readonly Finding[] {
    const tolerance = toleranceOf(this.settings);
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
        found.push({ kind: 'limit', metric, crossing, action, pid: reading.root.pid });
      }
    }
    return found;
  }
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
