import type { ProcessSample } from '../../model/process';

/** What a process and all its descendants use together. */
export interface TreeTotals {
  /** % of one core. */
  cpuPercent: number;
  rssBytes: number;
  threads: number;
  /** The process itself included. */
  processes: number;
}

/** A process with its children. */
export interface ProcessNode<Row extends ProcessSample> {
  row: Row;
  parent: ProcessNode<Row> | null;
  children: ProcessNode<Row>[];
  total: TreeTotals;
}

/** The trees of a process table, and all their nodes with parents before children. */
export interface ProcessForest<Row extends ProcessSample> {
  roots: ProcessNode<Row>[];
  nodes: readonly ProcessNode<Row>[];
}

/**
 * Rows as trees. Who has no parent among the rows is a root; so is who is older than its parent seems to be: a scan is no
 * instant, and the pid of the parent may belong to another process by then. Linear in the number of rows.
 */
export function buildForest<Row extends ProcessSample>(rows: Iterable<Row>): ProcessForest<Row> {
  const byPid = new Map<number, ProcessNode<Row>>();
  const all: ProcessNode<Row>[] = [];
  for (const row of rows) {
    const { cpuPercent, rssBytes, threads } = row;
    const total = { cpuPercent, rssBytes, threads, processes: 1 };
    const node: ProcessNode<Row> = { row, parent: null, children: [], total };
    all.push(node);
    // A table of the past may hold one that has ended and the one that got its pid: children are of the newer.
    const other = byPid.get(row.pid);
    if (other === undefined || other.row.startTime < row.startTime) byPid.set(row.pid, node);
  }
  const roots: ProcessNode<Row>[] = [];
  for (const node of all) {
    const parent = byPid.get(node.row.ppid);
    if (parent === undefined || !isOlder(parent.row, node.row)) {
      roots.push(node);
      continue;
    }
    node.parent = parent;
    parent.children.push(node);
  }
  const nodes = [...roots];
  for (let at = 0; at < nodes.length; at += 1) for (const child of nodes[at]?.children ?? []) nodes.push(child);
  for (let at = nodes.length - 1; at >= 0; at -= 1) {
    const node = nodes[at];
    if (node === undefined || node.parent === null) continue;
    addTo(node.parent.total, node.total);
  }
  return { roots, nodes };
}

/** Ordered by age, then by pid: two that claim to be each other's parent can't form a circle. */
function isOlder(parent: ProcessSample, child: ProcessSample): boolean {
  return parent.startTime < child.startTime || (parent.startTime === child.startTime && parent.pid < child.pid);
}

function addTo(total: TreeTotals, more: TreeTotals): void {
  total.cpuPercent += more.cpuPercent;
  total.rssBytes += more.rssBytes;
  total.threads += more.threads;
  total.processes += more.processes;
}

/** A node and all its descendants, parents before children. */
export function subtree<Row extends ProcessSample>(node: ProcessNode<Row>): ProcessNode<Row>[] {
  const found = [node];
  for (let at = 0; at < found.length; at += 1) for (const child of found[at]?.children ?? []) found.push(child);
  return found;
}

/** The nodes from the parent up to the root. */
export function ancestorsOf<Row extends ProcessSample>(node: ProcessNode<Row>): ProcessNode<Row>[] {
  const found: ProcessNode<Row>[] = [];
  for (let next = node.parent; next !== null; next = next.parent) found.push(next);
  return found;
}
