// How soon the end of a process is noticed that Healdeck did not start, and what waiting for it costs: by the kernel and by polling.
//   npm run bench:deaths [-- --processes 200] [--descriptors 20000] [--idle 10] [--json]
// Exit status: 1 when a target of report.mjs is missed, 2 when this machine has no pidfds.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { HEADER, line, misses, summarize } from './report.mjs';

const checkout = join(import.meta.dirname, '../..');
const threadFile = join(checkout, 'out/main/end-worker.js');
/** Command lines of processes younger than 5 s are read again and again. */
const SETTLE_MS = 6000;
/** Between two ends, at random: neither in step with polling nor with each other. */
const [MIN_PAUSE_MS, MAX_PAUSE_MS] = [5, 40];
const NOTICE_DEADLINE_MS = 3000;

const { values: options } = parseArgs({
  options: {
    processes: { type: 'string', default: '200' },
    descriptors: { type: 'string', default: '0' },
    idle: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
  },
});
const [total, descriptors, idleSeconds] = [options.processes, options.descriptors, options.idle].map(Number);
const isWithin = (value, least, most) => Number.isInteger(value) && value >= least && value <= most;
if (!isWithin(total, 1, 5000) || !isWithin(descriptors, 0, 100_000) || !isWithin(idleSeconds, 1, 600)) {
  console.error('expected --processes from 1 to 5000, --descriptors up to 100000 and --idle from 1 to 600 (seconds)');
  process.exit(2);
}
if (!existsSync(threadFile)) {
  console.error('The engine is not built yet; run: npm run build');
  process.exit(2);
}

/** Beside the packages, where koffi is found. */
async function bundle(outDir) {
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: join(import.meta.dirname, 'measure-healdeck.mjs'),
      ...{ outDir, target: 'node20' },
      rollupOptions: { output: { format: 'cjs', entryFileNames: 'measure-healdeck.cjs' } },
    },
    ssr: { noExternal: true },
  });
  return join(outDir, 'measure-healdeck.cjs');
}

/** One way to notice ends, with processes of its own; null: this machine has none. */
async function measure(by, file, wanted = 0) {
  const victims = Array.from({ length: total }, () => spawn('sleep', ['3600'], { stdio: 'ignore' }));
  const meter = fork(file, [by, threadFile]);
  const ask = async (request) => {
    const answer = once(meter, 'message');
    meter.send(request);
    return (await answer)[0];
  };
  try {
    await once(meter, 'message');
    await sleep(SETTLE_MS);
    const request = { name: 'prepare', pids: victims.map(({ pid }) => pid), descriptors: wanted };
    const { followed, reason, ...prepared } = await ask(request);
    if (by === 'kernel' && reason !== null) return { unavailable: reason };
    if (followed !== total) throw new Error(`only ${followed} of ${total} processes are followed`);
    if (wanted > total && prepared.descriptors !== wanted)
      throw new Error(`only ${prepared.descriptors} of ${wanted} descriptors could be opened (ulimit -n)`);
    // The thread is up by then, on a busy machine too.
    await sleep(3000);
    const before = await ask({ name: 'cpu' });
    await sleep(1000 * idleSeconds);
    const after = await ask({ name: 'cpu' });

    const killedAt = new Map();
    const exitEventsMs = [];
    for (const victim of victims) {
      const { pid } = victim;
      victim.once('exit', () => exitEventsMs.push(Number(process.hrtime.bigint() - killedAt.get(pid)) / 1e6));
      killedAt.set(pid, process.hrtime.bigint());
      process.kill(pid, 'SIGKILL');
      await sleep(MIN_PAUSE_MS + Math.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS));
    }
    const deadline = performance.now() + NOTICE_DEADLINE_MS;
    let { ended } = await ask({ name: 'ended' });
    while (ended.length < total && performance.now() < deadline) {
      await sleep(100);
      ({ ended } = await ask({ name: 'ended' }));
    }
    const summary = summarize({
      exitEventsMs,
      delaysMs: ended.map(({ pid, atNs }) => Number(BigInt(atNs) - killedAt.get(pid)) / 1e6),
      exits: ended.filter(({ exit }) => exit?.signal === 'SIGKILL').length,
      ...{ total, idleSeconds, idleCpuMs: after.cpuMs - before.cpuMs },
    });
    return { ...summary, ...prepared };
  } finally {
    for (const victim of victims) if (victim.exitCode === null && victim.signalCode === null) victim.kill('SIGKILL');
    const exit = once(meter, 'exit');
    if (meter.connected) meter.disconnect();
    if (meter.exitCode === null && meter.signalCode === null) await exit;
  }
}

async function main() {
  const cache = join(checkout, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bench-deaths-'));
  try {
    const file = await bundle(folder);
    const kernel = await measure('kernel', file);
    if (kernel.unavailable !== undefined) {
      console.error(`Nothing to measure: ${kernel.unavailable}.`);
      return 2;
    }
    const polling = await measure('polling', file);
    const many = descriptors > total ? await measure('kernel', file, descriptors) : null;
    const missed = misses({ kernel, polling, ...(many === null ? {} : { many }) });
    if (options.json) {
      console.log(JSON.stringify({ kernel, polling, many, missed }));
    } else {
      console.log(`${total} processes, ${cpus().length} cores, Linux ${release()}, Node ${process.versions.node}`);
      console.log(
        `Node's own exit event of the same ends, in their parent: p50 ${kernel.exitEventP50Ms.toFixed(2)} ms, p95 ${kernel.exitEventP95Ms.toFixed(2)} ms`,
      );
      console.log([HEADER, line('kernel', kernel), line('polling', polling)].join('\n'));
      if (many !== null)
        console.log(
          `${line('many', many)}\n${descriptors} descriptors; to open and follow one took ${many.addUs.toFixed(1)} µs`,
        );
      console.log(
        missed.length === 0 ? 'All targets are met.' : `Missed:\n${missed.map((text) => `- ${text}`).join('\n')}`,
      );
    }
    return missed.length === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
