// Records traces of real programs for bench/detection: `npm run record:traces -- --minutes N --out DIR [--pid PID]...`
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const WORKER = join(here, '..', '..', 'src', 'main', 'adapters', 'processes', 'procfs', 'reader-worker.ts');

function wanted() {
  const { values } = parseArgs({
    options: { minutes: { type: 'string' }, out: { type: 'string' }, pid: { type: 'string', multiple: true } },
  });
  const minutes = Number(values.minutes);
  const pids = (values.pid ?? []).map(Number);
  if (!(minutes > 0)) throw new Error('pass --minutes with a number above 0: how long to record');
  if (values.out === undefined) throw new Error('pass --out with a folder: where the traces are written');
  if (!pids.every((pid) => Number.isSafeInteger(pid) && pid > 0)) throw new Error('--pid: expected a number above 0');
  return { minutes, out: values.out, pids };
}

async function main() {
  const options = wanted();
  const workDir = await mkdtemp(join(tmpdir(), 'healdeck-traces-'));
  try {
    await build({
      configFile: false,
      logLevel: 'error',
      // The bundle lies in a temporary folder, from where no package is found.
      ssr: { noExternal: true },
      build: {
        ssr: true,
        outDir: workDir,
        emptyOutDir: false,
        target: 'node20',
        rollupOptions: {
          input: { recorder: join(here, 'recorder.mjs'), 'reader-worker': WORKER },
          output: { format: 'es', entryFileNames: '[name].mjs' },
        },
      },
    });
    const { record } = await import(pathToFileURL(join(workDir, 'recorder.mjs')).href);
    const stop = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => stop.abort());
    const count = await record({ ...options, workDir, signal: stop.signal });
    process.stdout.write(`${count} traces in ${options.out}\n`);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  process.stderr.write(`record:traces: ${error.message}\n`);
  process.exitCode = 1;
}
