// Precision, recall, false alarms and delay of the classic and the default rules on labelled traces, side by side.
// `npm run bench:detection -- [--traces DIR] [--nezha DIR] [--nab DIR] [--json]`; exit status 1 when a number is missed.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { build } from 'vite';
import { measureCost } from './cost.mjs';
import { readNab, readNezha, readTraces } from './data.mjs';
import { report } from './report.mjs';
import { cpuNab, cpuNezha, cpuTraces, leakNezha, leakTraces } from './tasks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const USAGE = `Pass at least one folder of labelled data (see bench/detection/README.md):
  npm run bench:detection -- --traces DIR --nezha DIR --nab DIR [--json]`;

async function loadRules(workDir) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(here, 'rules.mjs'),
      outDir: workDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: 'rules.mjs' } },
    },
  });
  return import(pathToFileURL(join(workDir, 'rules.mjs')).href);
}

function tasksOf(rules, { traces, nezha, nab }) {
  const both = (task, data, create, classic) => ({
    classic: task(data, () => create(classic)),
    standard: task(data, () => create()),
  });
  const leak = (task, data) => both(task, data, rules.createMemoryLeak, rules.DEFAULT_LEAK_STRICT);
  const cpu = (task, data) => both(task, data, rules.createCpuSpike, rules.DEFAULT_SPIKE_CLASSIC);
  return {
    ...(traces && { 'leak, traces': leak(leakTraces, traces) }),
    ...(nezha && { 'leak, Nezha': leak(leakNezha, nezha) }),
    ...(nezha && { 'cpu, Nezha': cpu(cpuNezha, nezha) }),
    ...(traces && { 'cpu, traces': cpu(cpuTraces, traces) }),
    ...(nab && { 'cpu, NAB': cpu(cpuNab, nab) }),
  };
}

async function main() {
  const { values } = parseArgs({
    options: {
      traces: { type: 'string' },
      nezha: { type: 'string' },
      nab: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.traces === undefined && values.nezha === undefined && values.nab === undefined) throw new Error(USAGE);
  const data = {
    traces: values.traces === undefined ? null : await readTraces(values.traces),
    nezha: values.nezha === undefined ? null : await readNezha(values.nezha),
    nab: values.nab === undefined ? null : await readNab(values.nab),
  };
  // The size of a state is read right after a garbage collection.
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc');
  const workDir = await mkdtemp(join(tmpdir(), 'healdeck-bench-'));
  try {
    const rules = await loadRules(workDir);
    // Before the data has made the heap large.
    const cost = measureCost(rules);
    return report({ tasks: tasksOf(rules, data), cost }, values.json);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench:detection: ${error.message}\n`);
  process.exitCode = 1;
}
