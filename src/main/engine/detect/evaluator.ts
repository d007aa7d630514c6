import type { LimitAction, LimitMetric } from '../../../shared/findings';
import type { ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { DetectorSample } from './detectors';
import { heapLimitOf } from './heap-limit';
import { EMPTY_WINDOW, isUndecided, judgeLimit, type Crossing, type LimitWindow } from './limits';
import { limitRule, toleranceOf, type MetricValues } from './limit-rules';
import { RULES } from './rules/list';
import type { AnomalyFinding, AnomalyRule, AnomalyRuleDefinition } from './rules/rule';
import type { MemoryReading } from './tree-memory';
import type { TreeReading } from './tree-reading';

/** Something about a watched process that is to be reported, and perhaps acted on. */
export type Finding =
  | AnomalyFinding
  | {
      kind: 'limit';
      metric: LimitMetric;
      crossing: Crossing;
      action: LimitAction;
      pid: number;
      /** What the newest value of a limit on memory is made of; null of other metrics. */
      memory: MemoryReading | null;
    };

/** What is known of the machine when a process is judged. */
export interface EvaluationContext {
  atMs: number;
  machineCpuPercent: number | null;
  machineMemoryBytes: number;
  /** False within the start grace: limits are not judged yet. */
  judgesLimits: boolean;
}

interface JudgingRule {
  definition: AnomalyRuleDefinition;
  rule: AnomalyRule;
}

/**
 * Judges the readings of one watched process. Anomalies come first; one that acts skips the limits of that reading, so that
 * one cause never leads to two heals.
 */
export class Evaluator {
  private rules: readonly JudgingRule[];
  private readonly windows = new Map<LimitMetric, LimitWindow>();
  private limitReadings = 0;
  private heap: { argv: readonly string[]; bytes: number | null } | null = null;

  constructor(private readonly settings: Settings) {
    this.rules = RULES.flatMap((definition) => this.made(definition));
  }

  /** True while another reading soon would decide whether something is an anomaly. */
  get suspicious(): boolean {
    return this.rules.some(({ rule }) => rule.suspicious === true);
  }

  /** True while the newest reading is above a limit, and more of them are needed to decide. */
  get undecided(): boolean {
    return [...this.windows.values()].some(isUndecided);
  }

  /** `values`: of the metrics that are limited; see `limitedValues`. */
  evaluate(reading: TreeReading, values: MetricValues, context: EvaluationContext): readonly Finding[] {
    const sample = this.sampleOf(reading, context);
    const anomalies = this.rules.flatMap(({ rule }) => rule.evaluate(reading, sample));
    const acts = anomalies.some(({ action }) => action !== 'notify');
    return acts || !context.judgesLimits ? anomalies : [...anomalies, ...this.limits(reading, values)];
  }

  /** After a stall of the engine: only rules that reckon with pauses keep what they know. */
  forgetReadings(): void {
    this.windows.clear();
    this.limitReadings = 0;
    this.rules = this.rules.flatMap((judging) =>
      judging.definition.survivesPauses === true ? judging : this.made(judging.definition),
    );
  }

  private made(definition: AnomalyRuleDefinition): readonly JudgingRule[] {
    const rule = definition.create(this.settings);
    return rule === null ? [] : [{ definition, rule }];
  }

  /** Whether a limit is kept, as far as enough readings since the start grace show; what can't be measured is. */
  holds(metric: LimitMetric): boolean {
    if (limitRule(metric, this.settings).act === null) return true;
    if (this.limitReadings < this.settings['limits.violations']) return false;
    const window = this.windows.get(metric);
    return window === undefined || (window.level !== 'act' && window.readings.at(-1)?.level !== 'act');
  }

  private sampleOf(reading: TreeReading, context: EvaluationContext): DetectorSample {
    return {
      ...context,
      cpuPercent: reading.cpuPercent,
      cpuDemandPercent: reading.cpuDemandPercent,
      rssBytes: reading.rssBytes,
      privateBytes: reading.privateBytes,
      descendants: reading.descendants,
      sameProgramDescendants: reading.sameProgramDescendants,
      multiplyingDescendants: reading.multiplyingDescendants,
      youngDescendants: reading.youngDescendants,
      births: reading.births,
      servesConnections: reading.servesConnections,
      limitBytes: this.settings['memory.limitBytes'],
      heapLimitBytes: this.heapLimit(reading.root),
      uptimeMs: reading.uptimeMs,
    };
  }

  /** A process may execute another program: its arguments are others then. */
  private heapLimit({ argv }: ProcessSample): number | null {
    if (argv !== this.heap?.argv) this.heap = { argv, bytes: heapLimitOf(argv) };
    return this.heap.bytes;
  }

  private limits(reading: TreeReading, values: MetricValues): readonly Finding[] {
    const tolerance = toleranceOf(this.settings);
    this.limitReadings += 1;
    const found: Finding[] = [];
    for (const [metric, current] of values) {
      const limit = limitRule(metric, this.settings);
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
