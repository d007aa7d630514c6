import { formatBytes, formatLoad, formatPercent } from '../../shared/lib/format/values';
import { machineCpuPercent } from '../../shared/lib/machine-cpu';
import { situationOf, situationText } from '../../shared/lib/format/situation';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import type { HealdeckEvent } from '../../shared/model/event';
import type { MachineSample, WatchStatus } from '../../shared/model/snapshot';
import { fitTo } from '../output/fit-to';
import { statusColumns, whyText } from '../output/status-table';
import { situationPaint, severityPaint, type Style } from '../output/style';
import { table } from '../output/table';
import { wrapTo } from '../output/wrap-to';
import { selectedWatch, shownWatches, type TopState } from './top-state';

/** What a screen depends on beside the state. */
export interface Screen {
  columns: number;
  rows: number;
  /** Wall time, ms since the epoch. */
  now: number;
  style: Style;
  /** A moment as people read it. */
  instant: (at: string) => string;
}

/** Lines of the part about the selected watch. */
const DETAIL_ROWS = 6;
const BAR_COLUMNS = 10;
const KEYS = 'q quit  ↑↓ select  r restart  s stop  a start  c cooldown  / filter  PMTNU order';

/** The screen of `top` as lines, none wider than the terminal and no more than it has. */
export function topScreen(state: TopState, screen: Screen): readonly string[] {
  const { columns, rows, now, style } = screen;
  const situation = situationOf(state.watches.values(), state.engine?.distress);
  const fit = (text: string): string => fitTo(escapeUnprintable(text), columns);
  const head = [
    situationPaint(style, situation.level)(fit(situationText(situation, now))),
    fit(state.machine === null ? '' : machineText(state.machine)),
    '',
  ];
  const details = rows >= 20 ? detailsOf(state, screen) : [];
  const foot = [footText(state, style, fit)];
  const room = Math.max(1, rows - head.length - details.length - foot.length);
  return [...head, ...listLines(state, screen, room), ...details, ...foot].slice(0, rows);
}

function listLines(state: TopState, { columns, now, style }: Screen, room: number): readonly string[] {
  const shown = shownWatches(state);
  if (shown.length === 0) {
    const text =
      state.filter === '' ? 'Nothing is watched yet.' : `No watch matches "${escapeUnprintable(state.filter)}".`;
    return padded([fitTo(text, columns)], room);
  }
  const selected = selectedWatch(state);
  const at = Math.max(
    0,
    shown.findIndex(({ watch }) => watch.id === selected?.watch.id),
  );
  const count = Math.max(1, room - 1);
  // The selected one stays in sight.
  const from = Math.max(0, Math.min(at - Math.floor(count / 2), shown.length - count));
  const window = shown.slice(from, from + count);
  const [title = '', ...lines] = table(statusColumns(style, now, shown), window, { columns })
    .trimEnd()
    .split('\n');
  return padded(
    [style.dim(title), ...lines.map((line, row) => (from + row === at ? style.inverse(line) : line))],
    room,
  );
}

function padded(lines: readonly string[], room: number): readonly string[] {
  return [...lines, ...Array.from({ length: Math.max(0, room - lines.length) }, () => '')].slice(0, room);
}

/** Why the selected watch is where it is, and what happened to it last. */
function detailsOf(state: TopState, screen: Screen): readonly string[] {
  const { columns, style } = screen;
  const watch = selectedWatch(state);
  if (watch === null) return padded([], DETAIL_ROWS);
  const why = wrapTo(escapeUnprintable(`${watch.watch.name}: ${whyText(watch) ?? watch.reason}`), columns).slice(0, 3);
  const room = DETAIL_ROWS - 1 - why.length;
  const events = eventsOf(state, watch).slice(-room);
  return padded(
    [style.dim('─'.repeat(columns)), ...why, ...events.map((event) => eventText(event, screen))],
    DETAIL_ROWS,
  );
}

function eventsOf({ events }: TopState, { watch }: WatchStatus): readonly HealdeckEvent[] {
  return events.filter((event) => event.watch === watch.name);
}

function eventText({ at, severity, message }: HealdeckEvent, { columns, style, instant }: Screen): string {
  const time = instant(at);
  const text = fitTo(escapeUnprintable(message), Math.max(0, columns - time.length - 2));
  return `${style.dim(time)}  ${severityPaint(style, severity)(text)}`;
}

function footText({ asked, isTyping, filter, notice }: TopState, style: Style, fit: (text: string) => string): string {
  if (asked !== null) return style.warn(fit(`${verb(asked.action)} ${asked.watch.watch.name}? y/n`));
  if (isTyping) return fit(`Filter: ${filter}_   (Enter: keep, Esc: clear)`);
  if (notice !== null) return fit(notice);
  return style.dim(fit(filter === '' ? KEYS : `Filter: ${filter} (Esc: clear)  ${KEYS}`));
}

function verb(action: string): string {
  return action.charAt(0).toUpperCase() + action.slice(1);
}

/** `CPU [|||       ] 31 %   Memory [||||||    ] 4.9 GB of 8.0 GB   Load 0.62 0.40 0.31` */
function machineText(machine: MachineSample): string {
  const cpu = machineCpuPercent(machine);
  const { memoryUsedBytes: used, memoryTotalBytes: total, loadAverages } = machine;
  return [
    `CPU ${bar(cpu / 100)} ${formatPercent(cpu)}`,
    `Memory ${bar(total === 0 ? 0 : used / total)} ${formatBytes(used)} of ${formatBytes(total)}`,
    `Load ${loadAverages.map((load) => formatLoad(load)).join(' ')}`,
  ].join('   ');
}

function bar(share: number): string {
  const full = Math.round(Math.max(0, Math.min(1, share)) * BAR_COLUMNS);
  return `[${'|'.repeat(full)}${' '.repeat(BAR_COLUMNS - full)}]`;
}
