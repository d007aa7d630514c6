// What one update of the process table costs before anything is drawn: 2,000 rows, of which 500 have changed.
//   node bench/ui/process-tree.mjs [--rows 2000] [--updates 200]
// Prints median and 95th percentile of the CPU time in ms, that of the collector and compiler of Node included; exits with 1 when
// a median is above the budget.
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

/** Half of a frame at 60 a second: the other half is for drawing. */
const BUDGET_MS = 8;

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '2000' }, updates: { type: 'string', default: '200' } },
});
const count = Number(values.rows);
const updates = Number(values.updates);

const root = new URL('../../src/renderer/', import.meta.url).pathname;
const load = async (path) => (await runnerImport(`${root}${path}`, { configFile: false, logLevel: 'error' })).module;
const { fakeProcesses } = await load('testing/fake-world.ts');
const { treeRows } = await load('features/processes/tree.ts');
const { listRows } = await load('features/processes/rows.ts');

const first = fakeProcesses(count, Date.now());
const view = {
  ...{ text: '', user: null, watchedOnly: false, folded: new Set() },
  sort: { column: 'cpu', descending: true },
};
const cases = {
  list: (rows) => listRows(rows, view, new Map()),
  tree: (rows) => treeRows(rows, view, new Map()),
  'tree, filtered': (rows) => treeRows(rows, { ...view, text: 'node' }, new Map()),
  'tree, by name': (rows) => treeRows(rows, { ...view, sort: { column: 'name', descending: false } }, new Map()),
};

let isTooSlow = false;
for (const [name, show] of Object.entries(cases)) {
  let rows = first;
  const times = [];
  for (let update = 0; update < updates; update += 1) {
    rows = rows.map((row, at) =>
      (at + update) % 4 === 0 ? { ...row, cpuPercent: (row.pid * 7 + update) % 100 } : row,
    );
    const before = process.cpuUsage();
    show(rows);
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1000);
  }
  // The first updates are those of a cold engine.
  const warm = times.slice(Math.floor(updates / 10)).sort((a, b) => a - b);
  const at = (share) => warm[Math.floor(share * (warm.length - 1))] ?? 0;
  isTooSlow ||= at(0.5) > BUDGET_MS;
  console.log(
    `${name.padEnd(15)} ${count} rows: median ${at(0.5).toFixed(2)} ms, p95 ${at(0.95).toFixed(2)} ms (budget ${BUDGET_MS} ms)`,
  );
}
process.exitCode = isTooSlow ? 1 : 0;
