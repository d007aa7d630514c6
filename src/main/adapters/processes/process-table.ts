import type { Clock } from '../../engine/ports';
import { createProcfsTable, type DisposableProcessTable } from './procfs';
import { createSystemInformationTable } from './systeminformation';

/** The process table of this platform. Its owner disposes of it. */
export function createProcessTable(options: { clock: Clock; onStarved: () => void }): DisposableProcessTable {
  return process.platform === 'linux' ? createProcfsTable(options) : createSystemInformationTable(options);
}
