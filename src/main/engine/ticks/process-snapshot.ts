import type { ProcessTable } from '../ports';
import { EMPTY_INDEX, ProcessIndex } from '../processes/process-index';

/** The latest scan over all processes. */
export class ProcessSnapshot {
  private latest: ProcessIndex = EMPTY_INDEX;

  constructor(private readonly table: Pick<ProcessTable, 'scan'>) {}

  get index(): ProcessIndex {
    return this.latest;
  }

  async refresh(): Promise<void> {
    this.latest = new ProcessIndex(await this.table.scan());
  }
}
