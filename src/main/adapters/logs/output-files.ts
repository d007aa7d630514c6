import { OUTPUT_STREAMS, type OutputStream } from '../../../shared/model/output';
import type { Watch } from '../../../shared/model/watch';
import type { OutputEnd, OutputFiles, ReportError, Written } from '../../engine/ports';
import type { Notify } from '../files/notice';
import type { OutputLimits } from './flood-cutter';
import { OutputDrain } from './output-drain';
import { outputPath, outputStem } from './output-paths';
import { outputEnd } from './output-reader';
import { OutputRotator } from './output-rotator';
import type { OutputSinks } from './output-sinks';
import { tailOf, writtenSince } from './output-tail';
import { renameOutput } from './rename-output';

/** How often output that goes to a removed file is copied to a new one. */
const DRAIN_INTERVAL_MS = 1000;

/** What a spawner asks of the output files. */
export interface OutputRotation {
  /** The files of a watch may have grown: checks them soon, without keeping the caller waiting. */
  checkSoon(watchName: string): void;
}

export interface OutputFilesOptions {
  logsDir: string;
  /** The settings `output.maxBytes` and `output.files`, read anew at each check. */
  limits: () => OutputLimits;
  /** The files that programs were started with. */
  sinks: Pick<OutputSinks, 'list' | 'renamed'>;
  notify: Notify;
  report: ReportError;
}

/** The output files of all watches in a data directory: keeps them small, reads their ends, and moves them with their watch. */
export class RotatedOutputFiles implements OutputFiles, OutputRotation {
  private readonly rotator: OutputRotator;
  private readonly drain: OutputDrain;
  private readonly drainTimer: NodeJS.Timeout;

  constructor(private readonly options: OutputFilesOptions) {
    const { logsDir, limits, sinks, notify, report } = options;
    this.rotator = new OutputRotator({ logsDir, limits, notify, report });
    this.drain = new OutputDrain({ sinks, maxBytes: () => limits().maxBytes, notify, report });
    this.drainTimer = setInterval(() => this.drain.run(), DRAIN_INTERVAL_MS).unref();
  }

  checkSoon(watchName: string): void {
    for (const stream of OUTPUT_STREAMS) this.rotator.checkSoon(outputPath(this.options.logsDir, watchName, stream));
  }

  /** Looks at every file now and rotates the large ones; resolves when that is done. */
  checkAll(): Promise<void> {
    return this.rotator.checkAll();
  }

  tail(watch: Watch, stream: OutputStream, lines: number, from: OutputEnd | null): readonly string[] {
    const path = outputPath(this.options.logsDir, watch.name, stream);
    return tailOf(path, lines, from, (offset) => this.drain.rest(path, offset));
  }

  end(watch: Watch, stream: OutputStream): OutputEnd {
    return outputEnd(outputPath(this.options.logsDir, watch.name, stream));
  }

  since(watch: Watch, stream: OutputStream, from: OutputEnd, maxBytes: number): Written {
    const path = outputPath(this.options.logsDir, watch.name, stream);
    return writtenSince(path, from, maxBytes, (offset) => this.drain.rest(path, offset));
  }

  /** Moves the files of a watch to its new name; its program goes on writing to them. */
  rename(oldName: string, newName: string): void {
    const { logsDir, sinks, report } = this.options;
    const [from, to] = [outputStem(oldName), outputStem(newName)];
    if (from === to) return;
    try {
      renameOutput(logsDir, from, to);
      sinks.renamed(oldName, newName);
    } catch (error) {
      report('output files', error);
    }
  }

  dispose(): void {
    this.rotator.dispose();
    clearInterval(this.drainTimer);
  }
}
