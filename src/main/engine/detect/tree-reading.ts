import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';
import type { ProcessIndex } from '../processes/process-index';
import type { ProcessTable } from '../ports';
import type { TreeDemand } from './tree-demand';
import type { IoRates, TreeIo } from './tree-io';
import { memoryOf, type MemoryReading } from './tree-memory';
import { shapeOf, type TreeShape } from './tree-shape';

/** One reading of a watched process, alone or with all its descendants as the watch counts. */
export interface TreeReading extends TreeShape {
  root: ProcessSample;
  cpuPercent: number;
  /** What its busiest thread asks for, in % of one core; null where it is not measured, see `TreeDemand`. */
  cpuDemandPercent: number | null;
  memory: MemoryReading;
  rssBytes: number;
  privateBytes: number;
  threads: number;
  /**
   * The sum of something over the process, or its whole tree as the watch counts, that is read only on request, since it is expensive. Unreadable
   * processes count as nothing; null when all are.
   */
  sumOf: (count: (process: ProcessSample, table: TreeTable) => number | null) => number | null;
  /** The same of the one process that has most of it, of the first 64; null when all are unreadable. */
  mostOf: (count: (process: ProcessSample, table: TreeTable) => number | null) => number | null;
  /** null where the OS does not report it, nobody asked, or it is the first reading. */
  io: IoRates | null;
  uptimeMs: number;
  zombies: readonly ZombieReading[];
  /** Whether its newest members each serve a connection of their own. Expensive: read only when all else indicates a fork bomb. */
  servesConnections: () => boolean;
  /** Whether each of its threads waits for another one. Expensive: read only when all else indicates a stall. */
  isDeadlocked: () => boolean;
}

/** A child that has ended, and who has to reap it; null when that is not known. */
export interface ZombieReading {
  process: ProcessSample;
  parent: (ProcessIdentity & { name: string }) | null;
}

export type TreeTable = Pick<
  ProcessTable,
  'privateBytes' | 'proportionalBytes' | 'openFiles' | 'sockets' | 'waitChannels'
>;

export interface TreeReadingOptions {
  scope: 'process' | 'tree';
  /** Measures what is read and written; null: no limit needs it, and it is expensive. */
  io: TreeIo | null;
  demand: TreeDemand;
  /** CPU use of the whole machine, 0 to 100; null when it is not known. */
  machineCpuPercent: number | null;
  /** Shared memory is read separately only above this many bytes, since that is expensive; null: never. */
  exactMemoryAbove: number | null;
  wallMs: number;
}

/** Reads one watched process from a scan over the table; what the scan has not (memory, open files) is asked for. */
export function readTree(
  root: ProcessSample,
  index: ProcessIndex,
  table: TreeTable,
  options: TreeReadingOptions,
): TreeReading {
  const below = index.treeBelow(root);
  // A zombie uses nothing but its pid, and does nothing any more.
  const living = below.filter(({ state }) => state !== 'zombie' && state !== 'dead');
  const counted = options.scope === 'tree' ? [root, ...living] : [root];
  const sum = (value: (sample: ProcessSample) => number): number =>
    counted.reduce((total, one) => total + value(one), 0);
  const privates = counted.map((sample) => table.privateBytes(sample));
  return {
    root,
    ...shapeOf(living, options.wallMs),
    cpuPercent: options.scope === 'tree' ? sum(cpuWithChildren) : root.cpuPercent,
    cpuDemandPercent: options.demand.read(counted, index.atMs, options.machineCpuPercent),
    memory: memoryOf(counted, privates, table, options.exactMemoryAbove),
    rssBytes: sum((sample) => sample.rssBytes),
    privateBytes: counted.reduce((total, { rssBytes }, at) => total + (privates[at] ?? rssBytes), 0),
    threads: sum((sample) => sample.threads),
    mostOf: (count) => mostOrNull(counted.slice(0, MAX_COMPARED).map((sample) => count(sample, table))),
    sumOf: (count) => sumOrNull(counted.map((sample) => count(sample, table))),
    io: options.io?.read({ root, below, counted }, index.atMs) ?? null,
    uptimeMs: Math.max(0, options.wallMs - root.startedAt),
    zombies: below
      .filter((sample) => sample.state === 'zombie')
      .map((process) => ({ process, parent: index.byPidOrNull(process.ppid) })),
    servesConnections: () => servesConnections(living, index, table),
    isDeadlocked: () => isDeadlocked([root, ...living], table),
  };
}

/** Own use, and that of children which ended since the reading before: a build is nothing but short-lived processes. */
export function cpuWithChildren(sample: ProcessSample): number {
  return sample.cpuPercent + (sample.reapedCpuPercent ?? 0);
}

/** Unreadable processes count as nothing, unless all are. */
function sumOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

function mostOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** A wait for a lock or for another thread goes through a futex, futex(2); a server without clients waits in poll, accept or read. */
function isDeadlocked(processes: readonly ProcessSample[], table: TreeTable): boolean {
  return processes.every((process) => {
    const channels = table.waitChannels(process);
    return channels !== null && channels.every((channel) => channel?.includes('futex') === true);
  });
}

/** Processes of a tree that are compared, the watched one first: each may cost a system call, for every watch. */
const MAX_COMPARED = 64;

/** How many of the newest members are asked for their sockets. */
const ASKED_FOR_SOCKETS = 8;
const MIN_SERVING = 6;

/**
 * A server that forks for each client (PostgreSQL, sshd) grows as fast as its clients come. Each of its children has a
 * socket that neither its parent nor a brother has; what forks without a client has none, or shares what it inherited.
 */
function servesConnections(living: readonly ProcessSample[], index: ProcessIndex, table: TreeTable): boolean {
  const newest = [...living].sort((a, b) => b.startTime - a.startTime || b.pid - a.pid).slice(0, ASKED_FOR_SOCKETS);
  if (newest.length < MIN_SERVING) return false;
  const holders = new Map<string, number>();
  const sockets = newest.map((sample) => table.sockets(sample) ?? []);
  const parents = new Map<number, readonly string[]>();
  for (const { ppid } of newest) {
    const parent = index.byPidOrNull(ppid);
    if (parent !== null && !parents.has(ppid)) parents.set(ppid, table.sockets(parent) ?? []);
  }
  for (const socket of [...sockets, ...parents.values()].flat()) holders.set(socket, (holders.get(socket) ?? 0) + 1);
  return sockets.filter((own) => own.some((socket) => holders.get(socket) === 1)).length >= MIN_SERVING;
}
