import { processFilter } from '../../../shared/lib/process-filter';
import type { ProcessRow } from '../../../shared/model/process';
import { compareNames } from '../../lib/present-watch';
import type { ProcessColumn, ProcessView } from '../../store/ui';

/** The rows that a view shows, in its order. Every word of the filter must appear in the pid, name, user or command line. */
export function viewRows(
  rows: Iterable<ProcessRow>,
  view: Pick<ProcessView, 'text' | 'user' | 'watchedOnly' | 'sort'>,
  watchNames: ReadonlyMap<string, string>,
): ProcessRow[] {
  const shown = [...rows].filter(processFilter(view));
  const compare = COMPARE[view.sort.column];
  const direction = view.sort.descending ? -1 : 1;
  // Rows that are equal keep their place from one second to the next: the pid decides.
  return shown.sort((a, b) => direction * compare(a, b, watchNames) || a.pid - b.pid || a.startTime - b.startTime);
}

type Compare = (a: ProcessRow, b: ProcessRow, watchNames: ReadonlyMap<string, string>) => number;

const COMPARE: Readonly<Record<ProcessColumn, Compare>> = {
  name: (a, b) => compareNames(a.name, b.name),
  pid: (a, b) => a.pid - b.pid,
  user: (a, b) => compareNames(a.user, b.user),
  cpu: (a, b) => a.cpuPercent - b.cpuPercent,
  memory: (a, b) => a.rssBytes - b.rssBytes,
  threads: (a, b) => a.threads - b.threads,
  state: (a, b) => compareText(a.state, b.state),
  // The longest up is the one that was started first.
  uptime: (a, b) => b.startedAt - a.startedAt,
  watch: (a, b, names) => compareText(watchNameOf(b, names), watchNameOf(a, names)),
  command: (a, b) => compareText(a.argv.join(' '), b.argv.join(' ')),
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
