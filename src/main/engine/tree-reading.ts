import type { ProcessSample } from '../../shared/model/process';
import { DEFAULT_FORK_BOMB_GROWTH } from './detectors';
import type { ProcessIndex } from './process-index';
import type { ProcessTable } from './ports';

/** One reading of a watched process, alone or with all its descendants as the watch counts. */
export interface TreeReading {
  root: ProcessSample;
  cpuPercent: number;
  rssBytes: number;
  privateBytes: number;
  threads: number;
  /** null where the OS does not tell, or nobody asked. */
  openFiles: number | null;
  descendants: number;
  /** The most descendants that run one and the same program. */
  sameProgramDescendants: number;
  /** Generations below the root. */
  generations: number;
  uptimeMs: number;
  zombies: readonly { process: ProcessSample; parent: { pid: number; name: string } | null }[];
}

/** Reads one watched process from a pass over the table; what the pass has not (private memory, open files) is asked for. */
export function readTree(
  root: ProcessSample,
  index: ProcessIndex,
  table: Pick<ProcessTable, 'privateBytes' | 'openFiles'>,
  options: { scope: 'process' | 'tree'; countsOpenFiles: boolean; wallMs: number },
): TreeReading {
  const below = index.treeBelow(root);
  const counted = options.scope === 'tree' ? [root, ...below] : [root];
  const sum = (value: (sample: ProcessSample) => number): number =>
    counted.reduce((total, one) => total + value(one), 0);
  return {
    root,
    cpuPercent: options.scope === 'tree' ? sum(cpuWithChildren) : root.cpuPercent,
    rssBytes: sum((sample) => sample.rssBytes),
    privateBytes: sum((sample) => table.privateBytes(sample) ?? sample.rssBytes),
    threads: sum((sample) => sample.threads),
    openFiles: options.countsOpenFiles ? sumOrNull(counted.map((sample) => table.openFiles(sample))) : null,
    descendants: below.length,
    sameProgramDescendants: mostOfOneName(below),
    generations: generationsOf(root.pid, below),
    uptimeMs: Math.max(0, options.wallMs - root.startedAt),
    zombies: below
      .filter((sample) => sample.state === 'zombie')
      .map((process) => ({ process, parent: index.byPidOrNull(process.ppid) })),
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

function mostOfOneName(samples: readonly ProcessSample[]): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const { name } of samples) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    most = Math.max(most, count);
  }
  return most;
}

/** So many members without a living parent, in %, are a program that multiplies and leaves its children behind. */
const LEFT_BEHIND_PERCENT = 20;

/**
 * Generations below the root. Who multiplies and ends breaks the chain of parents, which then can't be counted: such a tree
 * is taken for as deep as one that replicates. Builds, pools and servers wait for their children.
 */
function generationsOf(root: number, below: readonly ProcessSample[]): number {
  const pids = new Set(below.map((sample) => sample.pid));
  const depth = new Map([[root, 0]]);
  let deepest = 0;
  let leftBehind = 0;
  // Parents come before their children.
  for (const { pid, ppid } of below) {
    if (ppid !== root && !pids.has(ppid)) leftBehind += 1;
    const own = (depth.get(ppid) ?? 0) + 1;
    depth.set(pid, own);
    deepest = Math.max(deepest, own);
  }
  const isLeftBehind = below.length > 0 && 100 * leftBehind >= LEFT_BEHIND_PERCENT * below.length;
  return isLeftBehind ? Math.max(deepest, DEFAULT_FORK_BOMB_GROWTH.replicatingGenerations) : deepest;
}
