import { identityKey, type ProcessIdentity } from '../../shared/model/process';
import type { Settings } from '../../shared/model/settings';
import { Judge, type Finding } from './judge';
import type { ProcessIndex } from './process-index';
import type { Clock, ProcessTable } from './ports';
import { readTree } from './tree-reading';

export interface JudgesDependencies {
  clock: Clock;
  table: Pick<ProcessTable, 'privateBytes' | 'openFiles'>;
  /** Of the last reading of the machine; null before the first. */
  machineLoad: () => { cpuPercent: number; memoryBytes: number } | null;
}

/** The judges of one watch, one for each living process: a new process has a new one, so nothing old is held against it. */
export class Judges {
  private readonly byProcess = new Map<string, Judge>();

  constructor(private readonly dependencies: JudgesDependencies) {}

  /** True while another reading soon would decide something. */
  get suspicious(): boolean {
    return [...this.byProcess.values()].some((judge) => judge.suspicious);
  }

  /** Forgets every reading. */
  clear(): void {
    this.byProcess.clear();
  }

  /** What the new pass shows about these processes; judges of others are forgotten. */
  judge(processes: readonly ProcessIdentity[], index: ProcessIndex, settings: Settings): readonly Finding[] {
    const { clock, table, machineLoad } = this.dependencies;
    const load = machineLoad();
    const wallMs = clock.wallMs();
    const living = new Set<string>();
    const found: Finding[] = [];
    for (const process of processes) {
      const sample = index.find(process);
      if (sample === null) continue;
      const key = identityKey(process);
      living.add(key);
      let judge = this.byProcess.get(key);
      if (judge === undefined) this.byProcess.set(key, (judge = new Judge(settings)));
      const reading = readTree(sample, index, table, {
        scope: settings['limits.scope'],
        countsOpenFiles: settings['openFiles.limit'] !== null,
        wallMs,
      });
      found.push(
        ...judge.judge(reading, {
          atMs: index.atMs,
          machineCpuPercent: load?.cpuPercent ?? null,
          machineMemoryBytes: load?.memoryBytes ?? 0,
          judgesLimits: wallMs - sample.startedAt >= settings['start.graceMs'],
        }),
      );
    }
    for (const key of this.byProcess.keys()) if (!living.has(key)) this.byProcess.delete(key);
    return found;
  }
}
