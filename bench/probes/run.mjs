// What probes cost the process that sends them, and whether targets that hang delay its event loop.
//   npm run bench:probes [-- --seconds 40] [--json]
// Exit status: 1 when a target is missed.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, loadavg, release } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { build } from 'vite';
import { verdict } from './verdict.mjs';

const run = promisify(execFile);
const here = import.meta.dirname;
const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '40' }, json: { type: 'boolean', default: false } },
});
const seconds = Number(options.seconds);
if (!Number.isInteger(seconds) || seconds < 10 || seconds > 3600) {
  console.error(`--seconds: expected a whole number from 10 to 3600, got ${JSON.stringify(options.seconds)}`);
  process.exit(2);
}

const FIVE_HUNDRED = { targets: 500, hanging: 0, intervalMs: 10_000 };
/** Scheduled as by the engine, or each at a time of its own. */
const [IN_STEPS, EACH_ALONE] = [{ areAlone: false }, { areAlone: true }];
const COSTS = [
  { name: 'nothing, each at its own time', kind: 'nothing', ...FIVE_HUNDRED, ...EACH_ALONE },
  { name: 'http', kind: 'http', ...FIVE_HUNDRED, ...IN_STEPS },
  { name: 'http, each at its own time', kind: 'http', ...FIVE_HUNDRED, ...EACH_ALONE },
  { name: 'the same over node:http', kind: 'node_http', ...FIVE_HUNDRED, ...IN_STEPS },
  { name: 'tcp', kind: 'tcp', ...FIVE_HUNDRED, ...IN_STEPS },
  { name: 'command', kind: 'command', targets: 50, hanging: 0, intervalMs: 10_000, ...IN_STEPS },
];
const DELAYS = [
  { name: 'all answer', kind: 'http', ...FIVE_HUNDRED, ...IN_STEPS },
  { name: '100 of 500 hang', kind: 'http', ...FIVE_HUNDRED, ...IN_STEPS, hanging: 100 },
];

/** Beside the packages, where they are found. */
async function bundle() {
  const outDir = await mkdtemp(join(here, '../../node_modules/.healdeck-bench-'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, 'measure.mjs'),
      outDir,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: 'measure.mjs' } },
    },
  });
  return outDir;
}

const servers = fork(join(here, 'servers.mjs'));
const outDir = await bundle();
try {
  const [ports] = servers.connected ? await once(servers, 'message') : [];
  const measure = async ({ name, ...job }, ...how) => {
    const { stdout } = await run(process.execPath, [
      join(outDir, 'measure.mjs'),
      JSON.stringify({ ...job, seconds, ports }),
      ...how,
    ]);
    return { name, ...JSON.parse(stdout) };
  };
  const costs = [];
  for (const job of COSTS) costs.push(await measure(job));
  // Side by side, so that whatever else the machine does hits both.
  const delays = await Promise.all(DELAYS.map((job) => measure(job, 'delay')));
  const result = verdict(costs, delays);
  if (options.json) console.log(JSON.stringify({ costs, delays, ...result }));
  else {
    console.log(
      `Node ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, load ${loadavg()[0].toFixed(1)}\n`,
    );
    const shown = ({ name, asked, passed, percentOfCore, cpuUsPerProbe }) => [
      name,
      { asked, passed, '% of a core': Number(percentOfCore.toFixed(2)), 'µs per probe': Math.round(cpuUsPerProbe) },
    ];
    console.table(Object.fromEntries(costs.map(shown)));
    const late = ({ name, passed, failed, delayMs }) => [
      name,
      { passed, failed, 'p50 ms': Number(delayMs.p50.toFixed(2)), 'p99 ms': Number(delayMs.p99.toFixed(2)) },
    ];
    console.log('How late timers of 5 ms were:');
    console.table(Object.fromEntries(delays.map(late)));
    console.log(result.text);
  }
  process.exitCode = result.status;
} finally {
  servers.disconnect();
  await rm(outDir, { recursive: true });
}
