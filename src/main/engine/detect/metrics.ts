import type { LimitMetric } from '../../../shared/findings';
import type { TreeReading } from './tree-reading';

/** What a limit is compared with, of one reading; null where that is not known. Asked only where a limit is set. */
export type MetricReader = (reading: TreeReading) => number | null;

/** Descriptors that are read to count sockets: some 20 ms at most, in a process with this many. */
const MAX_DESCRIPTORS = 10_000;

/** What each limit is compared with. What a metric is called and its settings are in shared/findings. */
export const METRIC_READERS: Readonly<Record<LimitMetric, MetricReader>> = {
  cpu: (reading) => reading.cpuPercent,
  memory: (reading) => reading.memory.bytes,
  disk_read: (reading) => reading.io?.readPerSecond ?? null,
  disk_write: (reading) => reading.io?.writtenPerSecond ?? null,
  threads: (reading) => reading.threads,
  open_files: (reading) => reading.sumOf((process, table) => table.openFiles(process)),
  children: (reading) => reading.descendants,
  sockets: (reading) => reading.sumOf((process, table) => table.sockets(process, MAX_DESCRIPTORS)?.length ?? null),
};
