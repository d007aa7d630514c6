import type { ProcessTable } from '../ports';
import { EMPTY_INDEX, ProcessIndex } from '../processes/process-index';

/** The latest pass over all processes. */
export class LatestPass {
  private latest: ProcessIndex = EMPTY_INDEX;

  constructor(private readonly table: Pick<ProcessTable, 'scan'>) {}

  get index(): ProcessIndex {
    return this.latest;
  }

  async renew(): Promise<void> {
    this.latest = new ProcessIndex(await this.table.scan());
  }
}
