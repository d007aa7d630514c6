// What one pass over the process table costs: Healdeck, a C program, psutil and systeminformation, one after the other
// on the same live processes. `npm run bench:sampling [-- --json]`; exit status 1 when a target is missed.
import { execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'vite';
import { report } from './report.mjs';

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const json = process.argv.includes('--json');

const TOTALS = [50, 500, 2000];
const ROUNDS = 9;
/** Command lines of processes younger than 5 s are read again and again, since they may still exec. */
const SETTLED_MS = 6000;
const WATCHES = 20;
const POLLS_PER_SECOND = 10;
/** Five processes in each watched tree. */
const WATCHED_PROCESSES = 5 * WATCHES;

/** Enough passes for about 0.15 s of CPU in C, so that a round is long against the timer's grain. */
const passesFor = (processes) => Math.max(40, Math.round(40_000 / processes));

async function compile(workDir, name) {
  const compiler = process.env.CC ?? 'cc';
  const program = join(workDir, name);
  try {
    await run(compiler, ['-O2', '-Wall', '-o', program, join(here, `${name}.c`)]);
  } catch (error) {
    throw new Error(`The C compiler '${compiler}' is needed (Debian: apt-get install gcc libc6-dev): ${error.message}`);
  }
  return program;
}

async function bundle(workDir) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir: workDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: {
        input: {
          'measure-healdeck': join(here, 'measure-healdeck.mjs'),
          'reader-worker': join(here, '../../src/main/adapters/processes/procfs/reader-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].mjs' },
      },
    },
    // The bundle lies in a temporary folder, from where no package is found.
    ssr: { noExternal: true },
  });
  return join(workDir, 'measure-healdeck.mjs');
}

/** A python that has psutil, or null. */
async function findPython() {
  for (const python of ['python3', '/usr/bin/python3']) {
    const works = await run(python, ['-c', 'import psutil']).then(
      () => true,
      () => false,
    );
    if (works) return python;
  }
  return null;
}

async function processCount() {
  return (await readdir('/proc')).filter((entry) => /^[0-9]+$/.test(entry)).length;
}

/** Starts as many sleepers as are missing to `total` processes. */
async function crowd(program, total) {
  const missing = Math.max(0, total - (await processCount()));
  const parent = spawn(program, [String(missing)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ready = await Promise.race([
    once(parent.stdout, 'data').then(() => true),
    once(parent, 'exit').then(() => false),
  ]);
  if (!ready) throw new Error(`Could not start ${missing} processes.`);
  return {
    async end() {
      const exit = once(parent, 'exit');
      parent.stdin.end();
      await exit;
    },
  };
}

async function startHealdeck(bundlePath) {
  const child = fork(bundlePath);
  const ready = await Promise.race([once(child, 'message').then(() => true), once(child, 'exit').then(() => false)]);
  if (!ready) throw new Error("Healdeck's process table did not start.");
  return {
    async ask(request) {
      child.send(request);
      return (await once(child, 'message'))[0];
    },
    async end() {
      const exit = once(child, 'exit');
      child.disconnect();
      await exit;
    },
  };
}

async function measureC(program, passes) {
  const [seconds, seen] = (await run(program, [String(passes)])).stdout.trim().split(' ').map(Number);
  return { cpuMsPerPass: (1000 * seconds) / passes, seen };
}

async function measureByJson(command, args) {
  return JSON.parse((await run(command, args)).stdout);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function measureTotal(total, tools) {
  const sleepers = await crowd(tools.sleepers, total);
  const healdeck = await startHealdeck(tools.bundle);
  try {
    const processes = await processCount();
    const passes = passesFor(processes);
    await delay(SETTLED_MS);
    await healdeck.ask({ name: 'passes', count: 2 * passes });
    // In turns, and each other time in the other order, so that whatever else the machine does hits all of them.
    const rounds = { healdeck: [], c: [], psutil: [] };
    const measures = [
      async () => rounds.healdeck.push(await healdeck.ask({ name: 'passes', count: passes })),
      async () => rounds.c.push(await measureC(tools.fullPass, passes)),
    ];
    for (let round = 0; round < ROUNDS; round++) {
      for (const measure of round % 2 === 0 ? measures : measures.toReversed()) await measure();
      if (tools.python !== null && round % 3 === 0) {
        const count = Math.max(3, Math.round(passes / 10));
        rounds.psutil.push(await measureByJson(tools.python, [join(here, 'measure-psutil.py'), String(count)]));
      }
    }
    const count = processes > 1000 ? 2 : 4;
    const information = await measureByJson(process.execPath, [
      join(here, 'measure-systeminformation.mjs'),
      String(count),
    ]);
    const block = await healdeck.ask({ name: 'block', count: 20 });
    const memory = await healdeck.ask({ name: 'privateMemory', watched: WATCHED_PROCESSES, ticks: 200 });
    if (memory.known < memory.processes) throw new Error('Private memory of some processes could not be read.');
    const cost = (results) => (results.length === 0 ? null : median(results.map((result) => result.cpuMsPerPass)));
    return {
      processes,
      seen: rounds.healdeck.at(-1).seen,
      cpuMsPerPass: {
        healdeck: cost(rounds.healdeck),
        c: cost(rounds.c),
        psutil: cost(rounds.psutil),
        systeminformation: information.cpuMsPerPass,
      },
      privateMemory: { ...memory, cpuUsPerProcess: (1000 * memory.cpuMsPerTick) / memory.processes },
      longestBlockMs: block.longestMs,
      longestBlockWallMs: block.longestWallMs,
      alivePercentOfCore:
        (await healdeck.ask({ name: 'alive', watches: WATCHES, polls: 500 })).cpuMsPerPoll *
        WATCHES *
        POLLS_PER_SECOND *
        0.1,
    };
  } finally {
    await healdeck.end();
    await sleepers.end();
  }
}

async function main() {
  if (process.platform !== 'linux') throw new Error('This benchmark reads /proc and runs on Linux only.');
  const workDir = await mkdtemp(join(tmpdir(), 'healdeck-bench-'));
  try {
    const tools = {
      fullPass: await compile(workDir, 'full-pass'),
      sleepers: await compile(workDir, 'sleepers'),
      bundle: await bundle(workDir),
      python: await findPython(),
    };
    const results = [];
    for (const total of TOTALS) results.push(await measureTotal(total, tools));
    const machine = { cores: cpus().length, model: cpus()[0]?.model ?? 'unknown', node: process.version };
    return report({ machine, results }, json);
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

try {
  process.exitCode = (await main()) ? 0 : 1;
} catch (error) {
  process.stderr.write(`bench:sampling: ${error.message}\n`);
  process.exitCode = 1;
}
