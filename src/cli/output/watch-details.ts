import { formatDuration, formatSpan } from '../../shared/lib/format/duration';
import { formatBytes, formatPercent } from '../../shared/lib/format/values';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { WatchStatus } from '../../shared/model/snapshot';
import { printTable, type CliContext } from '../context';
import { probeColumns, probeRows } from './probe-table';
import { statePaint, stateOf } from './status-table';

/** One watch as `healdeck status NAME` shows it: how it is, then its probes. `cause`: why it ended last in its incident; null: not known. */
export function watchDetails(context: CliContext, status: WatchStatus, cause: string | null): string {
  const { io, style } = context;
  const { processes, nextAttemptAt, incident, use, restarts } = status;
  const now = io.now();
  const facts: readonly (readonly [string, string])[] = [
    ['watch', status.watch.name],
    ['state', stateOf(status, now)],
    ['reason', status.reason],
    ...(status.programStatus === null ? [] : [['reports', status.programStatus] as const]),
    ['since', formatSpan(now - status.sinceAt)],
    ['pid', processes.length === 0 ? '-' : processes.map(({ pid }) => pid).join(', ')],
    ['cpu', processes.length === 0 ? '-' : formatPercent(use.cpuPercent)],
    ['memory', processes.length === 0 ? '-' : formatBytes(use.memoryBytes)],
    ['restarts', String(restarts)],
    ...(nextAttemptAt === null ? [] : [['next', `attempt in ${formatDuration(nextAttemptAt - now)}`] as const]),
    ...(cause === null ? [] : [['cause', cause] as const]),
    ...(incident === null ? [] : [['incident', `${incident} (healdeck incidents ${incident})`] as const]),
  ];
  const lines = facts.map(([title, text]) => {
    const shown = escapeUnprintable(text);
    return `${style.dim(title.padEnd(8))}  ${title === 'state' ? statePaint(style, status)(shown) : shown}\n`;
  });
  const rows = probeRows(status);
  const probes = rows.length === 0 ? 'It has no probes.\n' : printTable(context, probeColumns(style), rows);
  return `${lines.join('')}\n${probes}`;
}
