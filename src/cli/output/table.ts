import stringWidth from 'string-width';
import { escapeUnprintable } from '../../shared/lib/text/escape';
import { fitTo } from './fit-to';

/** One column of a table. */
export interface Column<Row> {
  title: string;
  text(row: Row): string;
  align?: 'right';
  /** Colours a cell after it was measured. */
  paint?(row: Row, cell: string): string;
  /** On a terminal that is too narrow for all columns the one with the highest number is left out first; absent: never. */
  drop?: number;
}

/** What a table depends on beside its columns and rows. */
export interface TableOptions<Row> {
  /** The width of the terminal; null: there is none. */
  columns: number | null;
  /** What is to be known of a row besides, on a line of its own below it, however long; null: nothing. */
  note?(row: Row): string | null;
}

const GAP = '  ';
/** The last column is read best, and gets at least so much where it has that much to show. */
const MIN_LAST = 24;
/** Texts in other columns are cut no further. */
const MIN_TEXT = 8;
const NOTE_MARGIN = '    ';

interface Measured<Row> {
  column: Column<Row>;
  cells: readonly string[];
  width: number;
}

/**
 * Rows as aligned lines, titles first. Every cell is escaped here, so a process can't write to the terminal through its name. On a
 * terminal no line is wider than it: columns are left out as they allow, then texts are cut. Notes are left whole.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { columns: terminalColumns, note }: TableOptions<Row>,
): string {
  const measured = columns.map((column): Measured<Row> => {
    const cells = rows.map((row) => escapeUnprintable(column.text(row)));
    return { column, cells, width: Math.max(stringWidth(column.title), ...cells.map((cell) => stringWidth(cell))) };
  });
  const fitted = terminalColumns === null ? measured : fitTerminal(measured, terminalColumns);
  const noteOf = (row: Row): readonly string[] => {
    const text = note?.(row) ?? null;
    if (text === null) return [];
    return [NOTE_MARGIN + escapeUnprintable(text)];
  };
  const lines = [
    lineOf(fitted, null, ({ column }) => column.title),
    ...rows.flatMap((row, at) => [lineOf(fitted, row, ({ cells }) => cells[at] ?? ''), ...noteOf(row)]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function lineOf<Row>(
  columns: readonly Measured<Row>[],
  row: Row | null,
  textOf: (column: Measured<Row>) => string,
): string {
  return columns
    .map((measured, at) => {
      const { column, width } = measured;
      const text = fitTo(textOf(measured), width);
      const padding = ' '.repeat(width - stringWidth(text));
      const painted = row !== null && column.paint !== undefined ? column.paint(row, text) : text;
      if (column.align === 'right') return padding + painted;
      return at === columns.length - 1 ? painted : painted + padding;
    })
    .join(GAP)
    .trimEnd();
}

function fitTerminal<Row>(all: readonly Measured<Row>[], terminalColumns: number): readonly Measured<Row>[] {
  const kept = [...all];
  const needed = (): number => {
    const before = kept.slice(0, -1).reduce((sum, { width }) => sum + width + GAP.length, 0);
    return before + Math.min(MIN_LAST, kept.at(-1)?.width ?? 0);
  };
  while (needed() > terminalColumns) {
    const [first] = kept
      .filter(({ column }) => column.drop !== undefined)
      .toSorted((one, other) => (other.column.drop ?? 0) - (one.column.drop ?? 0));
    if (first === undefined) break;
    kept.splice(kept.indexOf(first), 1);
  }
  return narrowed(kept, terminalColumns);
}

/** The widest texts are cut first, those of the last column before all others. */
function narrowed<Row>(columns: readonly Measured<Row>[], terminalColumns: number): readonly Measured<Row>[] {
  const gaps = GAP.length * (columns.length - 1);
  const total = (widths: readonly number[]): number => widths.reduce((sum, width) => sum + width, gaps);
  const widths = columns.map(({ width }) => width);
  const last = widths.length - 1;
  const cut = (at: number, least: number): void => {
    const width = widths[at] ?? 0;
    widths[at] = Math.max(Math.min(width, least), width - Math.max(0, total(widths) - terminalColumns));
  };
  cut(last, MIN_LAST);
  const texts = columns.map((_column, at) => at).filter((at) => at !== last && columns[at]?.column.align !== 'right');
  for (const at of texts.toSorted((one, other) => (widths[other] ?? 0) - (widths[one] ?? 0))) cut(at, MIN_TEXT);
  cut(last, 1);
  return columns.map((column, at) => ({ ...column, width: widths[at] ?? 0 }));
}
