import { closeSync } from 'node:fs';
import type { Clock, LastWordsReader, SocketReader } from '../../engine/ports';
import { createProcfsTable, type DisposableProcessTable } from './procfs';
import type { ProcfsReader } from './procfs/procfs-reader';
import { ProcfsLastWordsReader, type LastWordsReaderOptions } from './procfs/last-words-reader';
import { ProcfsSocketReader, type SocketReaderOptions } from './procfs/socket-reader';
import type { NetlinkCalls } from './sock-diag/netlink-calls';
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

/** Which sockets processes hold, as far as this platform shows it: elsewhere than on Linux, none can be read. */
export function createSocketReader({
  netlink,
  ...options
}: Omit<SocketReaderOptions, 'diag'> & {
  /** null: the kernel can't be asked but by /proc. */
  netlink: NetlinkCalls | null;
}): SocketReader {
  if (process.platform === 'linux') {
    return new ProcfsSocketReader({ ...options, diag: netlink === null ? null : { calls: netlink, close: closeSync } });
  }
  return {
    read: (processes) =>
      Promise.resolve({
        processes: processes.map(({ pid }) => ({ pid, inodes: null, isCut: true })),
        ...{ sockets: [], ownNamespace: null },
      }),
  };
}
