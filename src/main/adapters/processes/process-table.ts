import type { Clock, LastWordsReader } from '../../engine/ports';
import { createProcfsTable, type DisposableProcessTable } from './procfs';
import type { ProcfsReader } from './procfs/procfs-reader';
import { ProcfsLastWordsReader, type LastWordsReaderOptions } from './procfs/last-words-reader';
import { createSystemInformationTable } from './systeminformation';

/** The process table of this platform. Its owner disposes of it. */
export function createProcessTable(options: {
  clock: Clock;
  onStarved: () => void;
  reader: ProcfsReader;
}): DisposableProcessTable {
  return process.platform === 'linux' ? createProcfsTable(options) : createSystemInformationTable(options);
}

/** What processes are doing, as far as this platform shows it: elsewhere than on Linux, nothing. */
export function createLastWordsReader(options: LastWordsReaderOptions): LastWordsReader {
  return process.platform === 'linux' ? new ProcfsLastWordsReader(options) : { read: () => Promise.resolve([]) };
}
