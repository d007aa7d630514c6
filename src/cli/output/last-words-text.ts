import { dumpLines, threadCounts } from '../../shared/lib/events/last-words';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { formatBareReading, formatReading, plural } from '../../shared/lib/format/values';
import type { EventData } from '../../shared/model/event';
import type { ProcessEvidence } from '../../shared/model/last-words';
import { sparkline } from './sparkline';
import type { Style } from './style';

const SPARKLINE_COLUMNS = 40;
const MAX_DUMP_LINES = 20;
const MAX_SOCKETS = 5;

/** Last words in short, one fact a line; `--json` has the whole. */
export function lastWordsText(style: Style, { readings, processes, dump }: EventData['last_words']): string {
  const rows = [
    ...readingRow(
      'cpu',
      '% of one core',
      readings.map(({ cpuPercent }) => cpuPercent),
    ),
    ...readingRow(
      'memory',
      'bytes',
      readings.map(({ memoryBytes }) => memoryBytes),
    ),
    ...processes.flatMap(processRows),
    ...(dump === null ? [] : [['dump', dump.text === '' ? `${dump.signal}: nothing was written` : dump.signal]]),
  ];
  const lines = dump === null ? [] : dumpLines(dump);
  const more = lines.length - MAX_DUMP_LINES;
  return [
    ...rows.map(([name = '', text = '']) => `    ${style.dim(name.padEnd(9))}  ${escapeUnprintable(text)}\n`),
    ...lines.slice(0, MAX_DUMP_LINES).map((line) => `      ${line}\n`),
    ...(more > 0 ? [style.dim(`      and ${plural(more, 'more line')}\n`)] : []),
  ].join('');
}

function readingRow(name: string, unit: string, values: readonly number[]): string[][] {
  if (values.length === 0) return [];
  const range = `${formatBareReading(Math.min(...values), unit)} to ${formatReading(Math.max(...values), unit)}`;
  return [[name, `${sparkline(values, SPARKLINE_COLUMNS)}  ${plural(values.length, 'reading')} from ${range}`]];
}

function processRows({ pid, name, threads, files, sockets }: ProcessEvidence): string[][] {
  const named = sockets.flatMap(({ local, remote, state }) =>
    local === null ? [] : `${local}${remote === null ? '' : ` → ${remote}`} ${state ?? ''}`,
  );
  const shown = named.slice(0, MAX_SOCKETS).join(', ');
  return [
    [`pid ${pid}`, `${name}: ${plural(threads.length, 'thread')}: ${threadCounts(threads)}`],
    [
      '',
      `${plural(files.length, 'open file')}, ${plural(sockets.length, 'socket')}${shown === '' ? '' : `: ${shown}`}`,
    ],
  ];
}
