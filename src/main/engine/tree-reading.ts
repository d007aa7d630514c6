import type { ProcessSample } from '../../shared/model/process';
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
    cpuPercent: sum((sample) => sample.cpuPercent),
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

/** `below` lists parents before their children. */
function generationsOf(root: number, below: readonly ProcessSample[]): number {
  const depth = new Map([[root, 0]]);
  let deepest = 0;
  for (const { pid, ppid } of below) {
    const own = (depth.get(ppid) ?? 0) + 1;
    depth.set(pid, own);
    deepest = Math.max(deepest, own);
  }
  return deepest;
}
