import { COST_TARGETS, targetsOf } from './targets.mjs';

/** The rules that are compared, in the order of the columns; the last one is judged. */
const COLUMNS = ['classic', 'previous', 'default'];
const WIDTHS = [31, 13, 13, 13, 13];

function line(cells) {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0)))
    .join('');
}

/** Rows of one task: what was measured by each rule, what is wanted, and whether the default rule has it. */
function rowsOf(task) {
  const { results } = task;
  return targetsOf(task).map((target) => ({
    label: target.label,
    ...Object.fromEntries(
      COLUMNS.map((name) => [name, results[name] === undefined ? '-' : target.print(results[name])]),
    ),
    wanted: target.wanted ?? '',
    ok: target.ok === undefined ? null : target.ok(target.of(results.default), results.default),
  }));
}

function costRows({ nanosecondsPerSample, bytesPerProcess }) {
  const others = { classic: '', previous: '' };
  return [
    {
      label: 'ns per process and sample',
      ...others,
      default: nanosecondsPerSample.toFixed(0),
      wanted: `< ${COST_TARGETS.nanosecondsPerSample}`,
      ok: nanosecondsPerSample < COST_TARGETS.nanosecondsPerSample,
    },
    {
      label: 'state per process, bytes',
      ...others,
      default: bytesPerProcess === null ? 'unknown' : bytesPerProcess.toFixed(0),
      wanted: `< ${COST_TARGETS.bytesPerProcess}`,
      ok: bytesPerProcess === null ? null : bytesPerProcess < COST_TARGETS.bytesPerProcess,
    },
  ];
}

function printed(title, rows) {
  return [
    '',
    line([title, ...COLUMNS, 'to reach']),
    ...rows.map((row) => {
      const mark = row.ok === null ? '' : row.ok ? '   pass' : '   FAIL';
      return line([`  ${row.label}`, ...COLUMNS.map((name) => row[name]), row.wanted]) + mark;
    }),
  ];
}

/** How many leaks each rule found, by how fast they grow. */
function byGrowthRate(results) {
  const { rates = [] } = results.default;
  const found = (name, index) => {
    const rate = results[name]?.rates[index];
    return rate === undefined ? '-' : `${rate.found} of ${rate.faults}`;
  };
  return rates.map(({ label }, index) => line([`    ${label}`, ...COLUMNS.map((name) => found(name, index))]));
}

/** What the default rules got wrong, by name: to be looked at. */
function mistakes({ default: { alarmed, missed } }) {
  const lines = [];
  if (alarmed.length > 0) lines.push(`  false alarms: ${alarmed.join(', ')}`);
  if (missed.length > 0) lines.push(`  missed: ${missed.join(', ')}`);
  return lines;
}

/** Prints the tables or one JSON object; true when every number that is to be reached is. */
export function report({ tasks, cost, skipped }, json) {
  const groups = tasks.map((task) => ({ ...task, rows: rowsOf(task) }));
  const costs = costRows(cost);
  const judged = [...groups.flatMap(({ rows }) => rows), ...costs];
  const missed = judged.filter(({ ok }) => ok === false).length;
  if (json) {
    process.stdout.write(`${JSON.stringify({ tasks: groups, cost, skipped, missed }, null, 2)}\n`);
  } else {
    const lines = groups.flatMap(({ title, results, rows }) => [
      ...printed(title, rows),
      ...byGrowthRate(results),
      ...mistakes(results),
    ]);
    lines.push(...printed('cost of all default rules', costs), '');
    if (tasks.some(({ kind }) => kind === 'leak')) {
      lines.push('(*) of at least 4.5 KB/s, and growth by a quarter in 20 min');
    }
    lines.push(...skipped);
    lines.push(missed === 0 ? 'All numbers are reached.' : `${missed} of the numbers to reach are missed.`);
    process.stdout.write(`${lines.slice(1).join('\n')}\n`);
  }
  return missed === 0;
}
