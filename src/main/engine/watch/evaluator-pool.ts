import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import { Evaluator, type Finding } from '../detect/evaluator';
import type { ProcessIndex } from '../processes/process-index';
import { isLimited, limitedValues, limitRule, type MetricValues } from '../detect/limit-rules';
import type { LimitMetric } from '../../../shared/findings';
import type { Clock, ProcessTable } from '../ports';
import { TreeDemand } from '../detect/tree-demand';
import { TreeIo, type IoRates } from '../detect/tree-io';
import { readTree, type TreeTable } from '../detect/tree-reading';

export interface EvaluatorPoolDependencies {
  clock: Clock;
  table: TreeTable & Pick<ProcessTable, 'ioBytes' | 'isAlive' | 'schedulerTimes'>;
  /** Of the last reading of the machine; null before the first. */
  machineLoad: () => { cpuPercent: number; memoryBytes: number } | null;
}

/** The judges of one watch, one for each living process: a new process has a new one, so nothing old is held against it. */
export class EvaluatorPool {
  private readonly byProcess = new Map<string, { evaluator: Evaluator; demand: TreeDemand }>();
  /** What they read and write, where a limit asks. */
  private readonly io = new Map<string, TreeIo>();
  /** The last rates of each; a scan soon after another measures none. */
  private readonly rates = new Map<string, IoRates>();
  /** What limits were compared with in the last scan. */
  private readonly values = new Map<string, MetricValues>();
  private readonly memory = new Map<string, { atMs: number; bytes: number }>();

  constructor(private readonly dependencies: EvaluatorPoolDependencies) {}

  /** True while another reading soon would decide something. */
  get suspicious(): boolean {
    return [...this.byProcess.values()].some(({ evaluator }) => evaluator.suspicious);
  }

  get undecided(): boolean {
    return [...this.byProcess.values()].some(({ evaluator }) => evaluator.undecided);
  }

  /** Forgets every reading, but for what rules know that reckon with pauses. */
  forgetReadings(): void {
    for (const { evaluator } of this.byProcess.values()) evaluator.forgetReadings();
    this.forgetRates();
  }

  /** Forgets every reading. */
  clear(): void {
    this.byProcess.clear();
    this.forgetRates();
  }

  private forgetRates(): void {
    this.io.clear();
    this.rates.clear();
    this.values.clear();
  }

  /** What the new scan shows about these processes; judges of others are forgotten. */
  evaluate(processes: readonly ProcessIdentity[], index: ProcessIndex, settings: Settings): readonly Finding[] {
    const { clock, table, machineLoad } = this.dependencies;
    const load = machineLoad();
    const wallMs = clock.wallMs();
    const living = new Set<string>();
    const readsIo = limitsDisk(settings);
    const found: Finding[] = [];
    for (const process of processes) {
      const sample = index.find(process);
      if (sample === null) continue;
      const key = identityKey(process);
      living.add(key);
      let judge = this.byProcess.get(key);
      if (judge === undefined) {
        judge = { evaluator: new Evaluator(settings), demand: new TreeDemand(table) };
        this.byProcess.set(key, judge);
      }
      const reading = readTree(sample, index, table, {
        scope: settings['limits.scope'],
        io: readsIo ? this.ioOf(key) : null,
        demand: judge.demand,
        machineCpuPercent: load?.cpuPercent ?? null,
        exactMemoryAbove: exactMemoryAbove(settings),
        wallMs,
      });
      if (reading.io !== null) this.rates.set(key, reading.io);
      this.memory.set(key, { atMs: index.atMs, bytes: reading.memory.bytes });
      const values = limitedValues(reading, settings);
      this.values.set(key, values);
      found.push(
        ...judge.evaluator.evaluate(reading, values, {
          atMs: index.atMs,
          machineCpuPercent: load?.cpuPercent ?? null,
          machineMemoryBytes: load?.memoryBytes ?? 0,
          judgesLimits: wallMs - sample.startedAt >= settings['start.graceMs'],
        }),
      );
    }
    for (const key of this.byProcess.keys()) if (!living.has(key)) this.byProcess.delete(key);
    for (const key of this.io.keys()) if (!living.has(key)) this.io.delete(key);
    for (const key of this.rates.keys()) if (!living.has(key) || !readsIo) this.rates.delete(key);
    for (const key of this.memory.keys()) if (!living.has(key)) this.memory.delete(key);
    for (const key of this.values.keys()) if (!living.has(key)) this.values.delete(key);
    return found;
  }

  private ioOf(key: string): TreeIo {
    let io = this.io.get(key);
    if (io === undefined) this.io.set(key, (io = new TreeIo(this.dependencies.table)));
    return io;
  }

  /** Whether a limit is kept by all judged processes, by enough readings. */
  hold(metric: LimitMetric): boolean {
    const known = [...this.byProcess.values()];
    return known.length > 0 && known.every(({ evaluator }) => evaluator.holds(metric));
  }

  /** What a judged process reads and writes, as its limits count it; null when that is not measured. */
  ratesOf(process: ProcessIdentity): IoRates | null {
    return this.rates.get(identityKey(process)) ?? null;
  }

  /** What the limits of a judged process were compared with in the last scan. */
  valuesOf(process: ProcessIdentity): MetricValues {
    return this.values.get(identityKey(process)) ?? NO_VALUES;
  }

  /** The memory that the scan of `index` showed of a judged process, as its limit counts it; null when it was not judged then. */
  memoryIn(index: ProcessIndex, process: ProcessIdentity): number | null {
    const known = this.memory.get(identityKey(process));
    return known !== undefined && known.atMs === index.atMs ? known.bytes : null;
  }
}

const NO_VALUES: MetricValues = new Map();

/** Whether a limit asks for what is read and written. */
export function limitsDisk(settings: Settings): boolean {
  return isLimited('disk_read', settings) || isLimited('disk_write', settings);
}

/** From here on it matters whether shared memory is counted once: below what clears the lowest ceiling it does not. */
function exactMemoryAbove(settings: Settings): number | null {
  const { warn, act } = limitRule('memory', settings);
  const lowest = Math.min(warn ?? Infinity, act ?? Infinity);
  return Number.isFinite(lowest) ? (lowest * settings['limits.clearPercent']) / 100 : null;
}
