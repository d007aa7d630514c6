import type { MachineSample } from '../../../shared/model/snapshot';
import type { ChangeBus } from '../events/change-bus';
import type { ProcessSnapshot } from './process-snapshot';
import type { EnginePorts } from '../ports';
import { machineCpuPercent } from '../../../shared/lib/machine-cpu';

export interface MachineTotalsDependencies extends Pick<EnginePorts, 'machine' | 'samples' | 'report'> {
  latestScan: ProcessSnapshot;
  changeBus: ChangeBus;
}

/** What the whole machine does: for clients, for charts, and for detectors to hold a watch against. */
export class MachineTotals {
  private reading: MachineSample | null = null;
  private disposed = false;

  constructor(private readonly dependencies: MachineTotalsDependencies) {}

  /** The last reading; null before the first. */
  get latest(): MachineSample | null {
    return this.reading;
  }

  /** How busy the machine was at the last reading, and how much memory it has; null before the first. */
  get load(): { cpuPercent: number; memoryBytes: number } | null {
    if (this.reading === null) return null;
    return { cpuPercent: machineCpuPercent(this.reading), memoryBytes: this.reading.memoryTotalBytes };
  }

  /** Never rejects: a reading that fails is reported, and the one before stands. */
  async read(): Promise<void> {
    const { machine, samples, report, latestScan, changeBus } = this.dependencies;
    try {
      const reading = { ...(await machine.totals()), processes: latestScan.index.samples.length };
      if (this.disposed) return;
      this.reading = reading;
      const [load] = reading.loadAverages;
      const { diskReadBytesPerSecond: diskRead, diskWriteBytesPerSecond: diskWrite } = reading;
      samples.recordSamples(reading.at, [
        {
          watchId: null,
          cpuPercent: machineCpuPercent(reading),
          memoryBytes: reading.memoryUsedBytes,
          load,
          ...(diskRead === undefined ? {} : { diskReadBytesPerSecond: diskRead }),
          ...(diskWrite === undefined ? {} : { diskWriteBytesPerSecond: diskWrite }),
        },
      ]);
      changeBus.publish({ machine: reading });
    } catch (error) {
      report('reading the totals of the machine', error);
    }
  }

  /** A reading that is under way is thrown away. */
  dispose(): void {
    this.disposed = true;
  }
}
