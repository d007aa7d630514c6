/**
 * Whether a row keeps to its limit, and how much of the limit it takes: at most 1 is good, whichever way the limit points.
 * @param {{ value: number, atMost?: number, atLeast?: number }} row
 */
export function judge({ value, atMost, atLeast }) {
  const ratio = atMost === undefined ? atLeast / value : value / atMost;
  return { ratio: Math.max(0, ratio), ok: ratio <= 1 };
}

const WIDTH = 58;

/**
 * The rows as a table.
 * @param {{ name: string, unit?: string, value: number, atMost?: number, atLeast?: number }[]} rows
 */
export function report(rows) {
  const number = (value, unit = '') => `${value.toFixed(unit === 'ms' ? 0 : 1)}${unit && ` ${unit}`}`;
  const line = (name, ...cells) => name.padEnd(WIDTH) + cells.map((cell) => cell.padStart(13)).join('');
  const lines = rows.map((row) => {
    const { ratio, ok } = judge(row);
    const limit = row.atMost === undefined ? `≥ ${number(row.atLeast, row.unit)}` : `≤ ${number(row.atMost, row.unit)}`;
    return line(row.name, number(row.value, row.unit), limit, ratio.toFixed(2), ok ? 'ok' : 'MISSED');
  });
  return [line('', 'measured', 'limit', 'ratio', ''), ...lines].join('\n');
}
