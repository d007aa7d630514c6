import { COST_TARGETS, TARGETS } from './targets.mjs';

const WIDTHS = [30, 12, 12, 12];

function line(cells) {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0]) : cell.padStart(WIDTHS[index] ?? 0)))
    .join('');
}

/** Rows of one task: what was measured by both rules, what is wanted, and whether the default rule has it. */
function rowsOf(task, { classic, standard }) {
  return TARGETS[task].map((target) => ({
    label: target.label,
    classic: target.print(classic),
    standard: target.print(standard),
    wanted: target.wanted ?? '',
    ok: target.ok === undefined ? null : target.ok(target.of(standard), standard),
  }));
}

function costRows({ nanosecondsPerSample, bytesPerProcess }) {
  return [
    {
      label: 'ns per process and sample',
      classic: '',
      standard: nanosecondsPerSample.toFixed(0),
      wanted: `< ${COST_TARGETS.nanosecondsPerSample}`,
      ok: nanosecondsPerSample < COST_TARGETS.nanosecondsPerSample,
    },
    {
      label: 'state per process, bytes',
      classic: '',
      standard: bytesPerProcess === null ? 'unknown' : bytesPerProcess.toFixed(0),
      wanted: `< ${COST_TARGETS.bytesPerProcess}`,
      ok: bytesPerProcess === null ? null : bytesPerProcess < COST_TARGETS.bytesPerProcess,
    },
  ];
}

function printed(title, rows) {
  return [
    '',
    line([title, 'classic', 'default', 'to reach']),
    ...rows.map((row) => {
      const mark = row.ok === null ? '' : row.ok ? '   pass' : '   FAIL';
      return line([`  ${row.label}`, row.classic, row.standard, row.wanted]) + mark;
    }),
  ];
}

/** What the default rules got wrong, by name: to be looked at. */
function mistakes({ standard }) {
  const lines = [];
  if (standard.alarmed.length > 0) lines.push(`  false alarms: ${standard.alarmed.join(', ')}`);
  if (standard.missed.length > 0) lines.push(`  missed: ${standard.missed.join(', ')}`);
  return lines;
}

/** Prints the tables or one JSON object; true when every number that is to be reached is. */
export function report({ tasks, cost }, json) {
  const groups = Object.entries(tasks).map(([task, results]) => ({ task, results, rows: rowsOf(task, results) }));
  const costs = costRows(cost);
  const judged = [...groups.flatMap(({ rows }) => rows), ...costs];
  const missed = judged.filter(({ ok }) => ok === false).length;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ tasks, cost, rows: groups.map(({ task, rows }) => ({ task, rows })), missed }, null, 2)}\n`,
    );
  } else {
    const lines = groups.flatMap(({ task, results, rows }) => [...printed(task, rows), ...mistakes(results)]);
    lines.push(...printed('cost of all default rules', costs), '');
    lines.push(missed === 0 ? 'All numbers are reached.' : `${missed} of the numbers to reach are missed.`);
    process.stdout.write(`${lines.slice(1).join('\n')}\n`);
  }
  return missed === 0;
}
