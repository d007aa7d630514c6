// What the recording of the process table costs: CPU, bytes of 24 h, and the time to read a moment of the past, on made-up
// tables that live as those of busy machines do, and on this one; and how soon a full history is open. `npm run bench:recording [-- --json]`; exit status 1 when a
// target is missed.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const json = process.argv.includes('--json');

/** What must hold for a table of 300 processes; the others show how it grows. */
const TARGETS = { bytesPerDay: 50_000_000, percentOfCore: 0.5, readMs: 100, openMs: 1000 };
/** As large as a history may become where nobody has set another size. */
const CAP_BYTES = 500_000_000;

const HOUR_PASSES = 1800;
const JOBS = [
  { name: '300 processes, calm', kind: 'made_up', count: 300, birthsPerSecond: 0.2, hours: 24, incidentEvery: 0 },
  {
    name: '300 processes, busy',
    kind: 'made_up',
    count: 300,
    birthsPerSecond: 2,
    hours: 24,
    incidentEvery: HOUR_PASSES,
  },
  {
    name: '2000 processes, busy',
    kind: 'made_up',
    count: 2000,
    birthsPerSecond: 5,
    hours: 2,
    incidentEvery: HOUR_PASSES,
  },
  { name: 'this machine', kind: 'this_machine', passes: 60 },
];

/** Beside the packages: libsql loads its native part from there. */
async function bundle() {
  const outDir = await mkdtemp(join(here, '../../node_modules/.healdeck-bench-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, 'measure.mjs'),
      outDir,
      target: 'node20',
      rollupOptions: { external: ['libsql'], output: { format: 'es', entryFileNames: 'measure.mjs' } },
    },
  });
  return outDir;
}

function misses(results, { openMs }) {
  const opening = openMs >= TARGETS.openMs ? [`a full history opens in ${openMs.toFixed(0)} ms`] : [];
  return results
    .filter(({ name }) => name.startsWith('300'))
    .flatMap(({ name, bytesPerDay, percentOfCore, readMs }) => [
      ...(bytesPerDay > TARGETS.bytesPerDay ? [`${name}: ${megabytes(bytesPerDay)} a day`] : []),
      ...(percentOfCore >= TARGETS.percentOfCore ? [`${name}: ${percentOfCore.toFixed(2)} % of a core`] : []),
      ...(readMs.longest >= TARGETS.readMs ? [`${name}: ${readMs.longest.toFixed(0)} ms to read a moment`] : []),
    ])
    .concat(opening);
}

function megabytes(bytes) {
  return bytes === null ? '-' : `${(bytes / 1e6).toFixed(1)} MB`;
}

function print(results, full, missed) {
  const row = (cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(16))).join('');
  const titles = ['', 'moments', '24 h', '% of a core', 'longest pass', 'read (median)', 'read (longest)'];
  const lines = results.map(({ name, moments, bytesPerDay, percentOfCore, longestMs, readMs }) =>
    row([
      ...[name, String(moments), megabytes(bytesPerDay), `${percentOfCore.toFixed(3)} %`, `${longestMs.toFixed(1)} ms`],
      ...[`${readMs.median.toFixed(1)} ms`, `${readMs.longest.toFixed(1)} ms`],
    ]),
  );
  const opened = `A history of ${megabytes(full.bytes)} is open after ${full.openMs.toFixed(0)} ms, its newest 200 events are read in ${full.eventsMs.toFixed(0)} ms, 30 days of the machine in ${full.monthMs.toFixed(0)} ms.`;
  const target = `Targets at 300 processes: ${megabytes(TARGETS.bytesPerDay)} in 24 h, ${TARGETS.percentOfCore} % of a core, ${TARGETS.readMs} ms to read; ${TARGETS.openMs} ms to open a full history.`;
  const verdict = missed.length === 0 ? 'All met.' : `Missed: ${missed.join('; ')}.`;
  process.stdout.write(
    `${cpus()[0]?.model ?? 'unknown CPU'}\n\n${[row(titles), ...lines].join('\n')}\n\n${opened}\n\n${target} ${verdict}\n`,
  );
}

const outDir = await bundle();
try {
  const results = [];
  const measure = async (job) => {
    const { stdout } = await run(process.execPath, [join(outDir, 'measure.mjs'), JSON.stringify(job)]);
    return JSON.parse(stdout);
  };
  for (const { name, ...job } of JOBS) results.push({ name, ...(await measure(job)) });
  const full = await measure({ kind: 'full_history', bytes: CAP_BYTES });
  const missed = misses(results, full);
  if (json) process.stdout.write(`${JSON.stringify({ targets: TARGETS, results, full, missed }, null, 2)}\n`);
  else print(results, full, missed);
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await rm(outDir, { recursive: true });
}
