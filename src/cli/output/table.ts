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
}

const GAP = '  ';

/**
 * Rows as aligned lines, titles first. Every cell is escaped here, so a process can't write to the terminal through its name.
 * With `columns` (a terminal's width) lines are cut to fit: the last column gives way.
 */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  terminalColumns: number | null,
): string {
  const cells = rows.map((row) => columns.map((column) => escapeUnprintable(column.text(row))));
  const widths = columns.map(({ title }, index) =>
    Math.max(stringWidth(title), ...cells.map((line) => stringWidth(line[index] ?? ''))),
  );
  if (terminalColumns !== null) {
    const before = widths.slice(0, -1).reduce((sum, width) => sum + width + GAP.length, 0);
    widths[widths.length - 1] = Math.min(widths.at(-1) ?? 0, Math.max(8, terminalColumns - before));
  }
  const line = (texts: readonly string[], row: Row | null): string =>
    texts
      .map((text, index) => {
        const column = columns[index];
        const width = widths[index] ?? 0;
        const fitted = fitTo(text, width);
        const padding = ' '.repeat(width - stringWidth(fitted));
        const painted = row !== null && column?.paint ? column.paint(row, fitted) : fitted;
        if (column?.align === 'right') return padding + painted;
        return index === columns.length - 1 ? painted : painted + padding;
      })
      .join(GAP)
      .trimEnd();
  const lines = [
    line(
      columns.map(({ title }) => title),
      null,
    ),
    ...rows.map((row, index) => line(cells[index] ?? [], row)),
  ];
  return lines.map((text) => `${text}\n`).join('');
}
