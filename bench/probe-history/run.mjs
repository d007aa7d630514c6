// What the recording of the attempts of probes costs: CPU, bytes of 24 h, and the time to read what charts show.
//   npm run bench:probe-history [-- --json]
// Exit status: 1 when a target is missed.
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

/** 500 probes that are asked every 10 s. */
const TARGETS = { percentOfCore: 0.3, bytesPerProbeDay: 500_000, readMs: 100 };

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

const outDir = await bundle();
try {
  const result = JSON.parse((await run(process.execPath, [join(outDir, 'measure.mjs')])).stdout);
  const { attempts, percentOfCore, rowsPerProbeDay, bytesPerProbeDay, bytesPerFailure, readMs } = result;
  const missed = [
    ...(percentOfCore > TARGETS.percentOfCore ? [`${percentOfCore.toFixed(2)} % of a core`] : []),
    ...(bytesPerProbeDay > TARGETS.bytesPerProbeDay ? [`${Math.round(bytesPerProbeDay)} bytes a day for a probe`] : []),
    ...Object.entries(readMs).flatMap(([what, ms]) => (ms > TARGETS.readMs ? [`${what} in ${ms.toFixed(0)} ms`] : [])),
  ];
  if (json) process.stdout.write(`${JSON.stringify({ targets: TARGETS, result, missed }, null, 2)}\n`);
  else {
    const reads = Object.entries(readMs).map(([what, ms]) => `${what} in ${ms.toFixed(1)} ms`);
    process.stdout.write(
      `${cpus()[0]?.model ?? 'unknown CPU'}\n\n` +
        `500 probes, each every 10 s: ${percentOfCore.toFixed(3)} % of a core to write ${attempts} attempts.\n` +
        `A probe: ${rowsPerProbeDay} rows and ${(bytesPerProbeDay / 1000).toFixed(0)} kB a day; ${bytesPerFailure.toFixed(0)} bytes more for a failure with 50 characters.\n` +
        `Read: ${reads.join(', ')}.\n\n${missed.length === 0 ? 'All targets are met.' : `Missed: ${missed.join('; ')}.`}\n`,
    );
  }
  process.exitCode = missed.length > 0 ? 1 : 0;
} finally {
  await rm(outDir, { recursive: true });
}
