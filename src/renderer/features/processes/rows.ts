import { compareNames } from '../../../shared/lib/text/compare-names';
import { processFilter, type ProcessFilter } from '../../../shared/lib/process/process-filter';
import type { TreeTotals } from '../../../shared/lib/process/process-tree';
import type { ProcessRow } from '../../../shared/model/process';
import type { ProcessColumn, ProcessSort } from '../../store/process-table-preferences';

/** A row with what counts when it is put in order: of itself in a list, of its whole tree among siblings. */
interface OrderedRow {
  row: ProcessRow;
  total: TreeTotals;
}

/** A row as the table shows it, in a list or in a tree. */
export interface ShownRow extends OrderedRow {
  /** 1 for a root, and for all rows of a list. */
  level: number;
  /** null: it has no children, or stands in a list. */
  isExpanded: boolean | null;
  /** What its cells say: of itself, or of its whole tree while that is folded. */
  shown: TreeTotals;
  /** It does not fit the filter, and is there for those of its family that do. */
  isContext: boolean;
}

/** The processes that fit, in the order of a list. */
export function listRows(
  rows: Iterable<ProcessRow>,
  { sort, ...filter }: ProcessFilter & { sort: ProcessSort },
  watchNames: ReadonlyMap<string, string>,
): ShownRow[] {
  return [...rows]
    .filter(processFilter(filter))
    .map((row) => shownRow({ row, total: ownTotals(row), level: 1, isExpanded: null, isContext: false }))
    .sort(orderOf(sort, watchNames));
}

/** Rows that read the same as before stay the same objects: they need not be drawn again. */
const made = new WeakMap<ProcessRow, ShownRow>();

export function shownRow(next: Omit<ShownRow, 'shown'>): ShownRow {
  const before = made.get(next.row);
  if (
    before !== undefined &&
    before.level === next.level &&
    before.isExpanded === next.isExpanded &&
    before.isContext === next.isContext &&
    sameTotals(before.total, next.total)
  ) {
    return before;
  }
  const shown = { ...next, shown: next.isExpanded === false ? next.total : ownTotals(next.row) };
  made.set(next.row, shown);
  return shown;
}

function ownTotals({ cpuPercent, rssBytes, threads }: ProcessRow): TreeTotals {
  return { cpuPercent, rssBytes, threads, processes: 1 };
}

function sameTotals(a: TreeTotals, b: TreeTotals): boolean {
  return (
    a.cpuPercent === b.cpuPercent && a.rssBytes === b.rssBytes && a.threads === b.threads && a.processes === b.processes
  );
}

/** Compares rows as the view wants them; rows that are equal keep their place from one second to the next: the pid decides. */
export function orderOf(
  { column, descending }: ProcessSort,
  watchNames: ReadonlyMap<string, string>,
): (a: OrderedRow, b: OrderedRow) => number {
  const compare = COMPARE[column];
  const direction = descending ? -1 : 1;
  return (a, b) => direction * compare(a, b, watchNames) || a.row.pid - b.row.pid || a.row.startTime - b.row.startTime;
}

type Compare = (a: OrderedRow, b: OrderedRow, watchNames: ReadonlyMap<string, string>) => number;

const COMPARE: Readonly<Record<ProcessColumn, Compare>> = {
  name: (a, b) => compareNames(a.row.name, b.row.name),
  pid: (a, b) => a.row.pid - b.row.pid,
  parent: (a, b) => a.row.ppid - b.row.ppid,
  user: (a, b) => compareNames(a.row.user, b.row.user),
  cpu: (a, b) => a.total.cpuPercent - b.total.cpuPercent,
  memory: (a, b) => a.total.rssBytes - b.total.rssBytes,
  threads: (a, b) => a.total.threads - b.total.threads,
  processes: (a, b) => a.total.processes - b.total.processes,
  state: (a, b) => compareText(a.row.state, b.row.state),
  // The longest up is the one that was started first.
  uptime: (a, b) => b.row.startedAt - a.row.startedAt,
  watch: (a, b, names) => compareText(watchNameOf(b.row, names), watchNameOf(a.row, names)),
  command: (a, b) => compareText(a.row.argv.join(' '), b.row.argv.join(' ')),
};

function watchNameOf(row: ProcessRow, names: ReadonlyMap<string, string>): string {
  return row.watchId === null ? '' : (names.get(row.watchId) ?? row.watchId);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** All owners of processes, in order. */
export function usersOf(rows: Iterable<ProcessRow>): string[] {
  return [...new Set([...rows].map((row) => row.user))].sort(compareNames);
}

/** When a process of the past had ended, in ms since the epoch; null: it was running. */
export function endedAt(row: ProcessRow): number | null {
  return 'endedAt' in row && typeof row.endedAt === 'number' ? row.endedAt : null;
}
