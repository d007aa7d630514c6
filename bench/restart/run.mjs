// From `kill -9` of a supervised program to the first line of its replacement's main(), for Healdeck and its peers.
//   npm run bench:restart [-- --kills 25] [--json] [--only Healdeck,runit] [--install]
// All supervisors run at the same time, each with its own copy of the same child in a folder of its own, and are killed in turn in
// random order, so that the noise of the machine is the same for all. Exit status: 1 when Healdeck's p50 is slower than runit's,
// 2 when there is no runit to compare with.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isOurs, onPath, runToEnd, startsIn, waitForStart } from './processes.mjs';
import { summarize, verdict } from './statistics.mjs';
import { installPm2, logOf, SUPERVISORS } from './supervisors.mjs';

const OURS = 'Healdeck';
const REFERENCE = 'runit';
/** runit and supervisord punish a program that lived for less than a second, and so do we: each gets longer than that. */
const SETTLE_MS = 1500;
const JITTER_MS = 500;
const RESTART_DEADLINE_MS = 15_000;

const { values: options } = parseArgs({
  options: {
    kills: { type: 'string', default: '25' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
    install: { type: 'boolean', default: false },
  },
});
const kills = Number(options.kills);
if (!Number.isInteger(kills) || kills < 1 || kills > 1000) {
  console.error(`--kills: expected a whole number from 1 to 1000, got ${JSON.stringify(options.kills)}`);
  process.exit(2);
}
const say = (text) => options.json || console.log(text);

/** Compiles the child and the floor. */
function compileTools(folder) {
  const compiler = onPath('cc') ?? onPath('gcc') ?? onPath('clang');
  if (compiler === null) throw new Error('a C compiler is needed: apt-get install gcc libc6-dev');
  const tools = { child: join(folder, 'child'), floor: join(folder, 'floor') };
  for (const [name, program] of Object.entries(tools)) {
    runToEnd(compiler, ['-O2', '-o', program, join(import.meta.dirname, `${name}.c`)]);
  }
  return tools;
}

/** Starts one supervisor and waits for its child. Throws when the child does not come up. */
async function begin(supervisor, index, base, tools) {
  const folder = join(base, `supervisor-${index}`);
  mkdirSync(folder);
  const starts = join(folder, 'starts');
  const daemon = await supervisor.start({ folder, starts, child: tools.child, tools });
  const running = { name: supervisor.name, starts, daemon, times: [], lost: 0, readyAt: 0 };
  if ((await waitForStart(starts, 1, RESTART_DEADLINE_MS)) === null) {
    await daemon.end();
    throw new Error(`its child was not started within ${RESTART_DEADLINE_MS / 1000} s. ${logOf(folder)}`);
  }
  running.readyAt = performance.now();
  return running;
}

/** One kill: the time to the replacement in ms, or none when it did not come. */
async function killOnce(running, base) {
  const settle = running.readyAt + SETTLE_MS + Math.random() * JITTER_MS - performance.now();
  if (settle > 0) await sleep(settle);
  const before = startsIn(running.starts);
  const victim = before.at(-1);
  if (victim === undefined || !isOurs(victim.pid, base)) {
    running.lost += 1;
    return;
  }
  // Node's hrtime and the child's clock_gettime are the same clock (CLOCK_MONOTONIC).
  const killedAt = process.hrtime.bigint();
  process.kill(victim.pid, 'SIGKILL');
  const next = await waitForStart(running.starts, before.length + 1, RESTART_DEADLINE_MS);
  running.readyAt = performance.now();
  if (next === null) running.lost += 1;
  else running.times.push(Number(next.at - killedAt) / 1e6);
}

function shuffled(list) {
  return list
    .map((item) => ({ item, order: Math.random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item }) => item);
}

async function measure(base) {
  const tools = compileTools(base);
  if (options.install) installPm2();
  const wanted = options.only?.split(',').map((name) => name.trim().toLowerCase());
  const chosen = SUPERVISORS.filter(({ name }) => wanted?.includes(name.toLowerCase()) ?? true);
  const absent = [];
  const running = [];
  try {
    for (const [index, supervisor] of chosen.entries()) {
      const command = supervisor.missing();
      if (command !== null) {
        absent.push({ name: supervisor.name, problem: 'not installed', command });
        continue;
      }
      try {
        running.push(await begin(supervisor, index, base, tools));
      } catch (error) {
        absent.push({ name: supervisor.name, problem: error.message, command: null });
      }
    }
    say(`${kills} kills each, in turn: ${running.map(({ name }) => name).join(', ')}`);
    for (let round = 0; round < kills && !interrupted; round += 1) {
      for (const each of shuffled(running)) {
        if (!interrupted) await killOnce(each, base);
      }
    }
  } finally {
    await Promise.allSettled(running.map(({ daemon }) => daemon.end()));
    for (const { starts } of running) {
      for (const { pid } of startsIn(starts)) if (isOurs(pid, base)) process.kill(pid, 'SIGKILL');
    }
  }
  return { absent, running };
}

function print(rows, absent, judgement) {
  const cell = (value, digits) => (Number.isNaN(value) ? '-' : value.toFixed(digits)).padStart(10);
  console.log(
    `\n${'supervisor'.padEnd(18)}${['p50 ms', 'p95 ms', '× runit', 'kills', 'lost'].map((text) => text.padStart(10)).join('')}`,
  );
  for (const { name, p50, p95, ratio, kills: done, lost } of rows) {
    console.log(`${name.padEnd(18)}${cell(p50, 2)}${cell(p95, 2)}${cell(ratio, 2)}${cell(done, 0)}${cell(lost, 0)}`);
  }
  for (const { name, problem, command } of absent) {
    console.log(`${name.padEnd(18)}  ${problem}${command === null ? '' : `: ${command}`}`);
  }
  console.log(`\n${judgement.text}`);
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (interrupted = true));

const base = mkdtempSync(join(tmpdir(), 'healdeck-bench-restart-'));
try {
  const { absent, running } = await measure(base);
  const rows = summarize(running, REFERENCE);
  const judgement = verdict(rows, OURS, REFERENCE);
  if (options.json) {
    const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, kernel: release(), node: process.version };
    console.log(
      JSON.stringify({ machine, unit: 'ms', reference: REFERENCE, rows, absent, verdict: judgement }, null, 2),
    );
  } else print(rows, absent, judgement);
  process.exitCode = interrupted ? 130 : judgement.status;
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}
