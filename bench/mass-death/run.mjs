// From `kill -9` of N supervised programs at once to the start of the last replacement, for Healdeck with default settings and for runit.
//   npm run bench:mass-death [-- --counts 20,200,1000] [--rounds 3] [--json]
// Exit status: 1 when a program did not come back or Healdeck takes more than 3 times as long as runit, 2 without runit.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { isOurs, onPath, runToEnd, startDaemon, startsIn } from '../restart/processes.mjs';
import { summarize, verdict } from './verdict.mjs';

const checkout = join(import.meta.dirname, '../..');
const cli = join(checkout, 'bin/healdeck.js');
/** runit delays a program that lived for less than a second. */
const SETTLE_MS = 2000;
const DEADLINE_MS = 180_000;
const RUNIT_END_MS = 20_000;
/** As many services as runsvdir(8) runs. */
const MAX_COUNT = 1000;

const { values: options } = parseArgs({
  options: {
    counts: { type: 'string', default: '20,200,1000' },
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const wholeNumber = (name, text, max) => {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= max) return number;
  console.error(`--${name}: expected a whole number from 1 to ${max}, got ${JSON.stringify(text)}`);
  process.exit(2);
};
const counts = options.counts.split(',').map((text) => wholeNumber('counts', text, MAX_COUNT));
const rounds = wholeNumber('rounds', options.rounds, 100);
if (!existsSync(join(checkout, 'out/main/cli.js'))) {
  console.error('The engine is not built yet; run: npm run build');
  process.exit(2);
}
const say = (text) => options.json || console.log(text);

/** The engine's environment depends neither on npm nor on who runs this bench. */
const quiet = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEALDECK_')));

const RUNIT = {
  name: 'runit',
  start({ folder, count, child, starts }) {
    const services = join(folder, 'services');
    for (let i = 0; i < count; i += 1) {
      mkdirSync(join(services, `s${i}`), { recursive: true });
      writeFileSync(join(services, `s${i}`, 'run'), `#!/bin/sh\nexec ${child} ${starts}\n`, { mode: 0o755 });
    }
    const daemon = startDaemon(onPath('runsvdir'), [services]);
    return { end: () => endRunit(daemon, services) };
  },
};

/** runsvdir(8) asks every runsv to end on SIGHUP, and does not wait for them: they lead its services, in whose folders they work. */
async function endRunit(daemon, services) {
  const children = readFileSync(`/proc/${daemon.child.pid}/task/${daemon.child.pid}/children`, 'utf8');
  const supervisors = children.split(' ').filter(Boolean).map(Number);
  const isOne = (pid) => {
    try {
      return readlinkSync(`/proc/${pid}/cwd`).startsWith(`${services}/`);
    } catch {
      return false;
    }
  };
  daemon.child.kill('SIGHUP');
  await daemon.end();
  const end = performance.now() + RUNIT_END_MS;
  while (supervisors.some(isOne) && performance.now() < end) await sleep(100);
  for (const pid of supervisors) if (isOne(pid)) process.kill(pid, 'SIGKILL');
}

const HEALDECK = {
  name: 'Healdeck',
  start({ folder, count, child, starts }) {
    const dataDir = join(folder, 'data');
    mkdirSync(dataDir, { mode: 0o700 });
    const command = { argv: [child, starts], cwd: folder, env: {}, user: null };
    const watches = Array.from({ length: count }, (_, i) => ({
      id: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      revision: 1,
      name: `idle-${i}`,
      target: { kind: 'command', command },
      restart: 'always',
      success: { exitCodes: [0], signals: [] },
      autostart: true,
      overrides: {},
    }));
    writeFileSync(join(dataDir, 'config.json'), JSON.stringify({ version: 1, settings: {}, watches }), { mode: 0o600 });
    return startDaemon(process.execPath, [cli, 'run', '--headless', '--port', '0', '--data-dir', dataDir], {
      env: quiet,
    });
  },
};

/** Waits for so many starts; the number that came. */
async function waitForStarts(starts, count) {
  const end = performance.now() + DEADLINE_MS;
  for (;;) {
    const came = startsIn(starts).length;
    if (came >= count || performance.now() > end || interrupted) return came;
    // The programs have written the time themselves: looking rarely takes no processor from what is measured.
    await sleep(200);
  }
}

/** Starts a supervisor with so many programs and kills them all: the time to the last replacement, or how many did not come. */
async function killAll(supervisor, count, base, child) {
  const folder = mkdtempSync(join(base, 'round-'));
  const starts = join(folder, 'starts');
  const daemon = await supervisor.start({ folder, count, child, starts });
  try {
    const came = await waitForStarts(starts, count);
    if (came < count) throw new Error(`${supervisor.name} started ${came} of ${count} programs within 3 minutes`);
    await sleep(SETTLE_MS);
    const victims = startsIn(starts).map(({ pid }) => pid);
    if (victims.length !== count || !victims.every((pid) => isOurs(pid, base))) {
      throw new Error(`${supervisor.name} has restarted programs that nobody killed`);
    }
    // Node's hrtime and the clock of the programs are the same (CLOCK_MONOTONIC).
    const killedAt = process.hrtime.bigint();
    for (const pid of victims) process.kill(pid, 'SIGKILL');
    const back = (await waitForStarts(starts, 2 * count)) - count;
    const ms = Number(startsIn(starts).at(-1).at - killedAt) / 1e6;
    return { name: supervisor.name, count, lost: Math.max(0, count - back), ms: back < count ? null : ms };
  } finally {
    await daemon.end();
    for (const { pid } of startsIn(starts)) if (isOurs(pid, base)) process.kill(pid, 'SIGKILL');
  }
}

function print(rows) {
  const cell = (value, digits) => (Number.isNaN(value) ? '-' : value.toFixed(digits)).padStart(13);
  console.log(`\nNode ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`);
  console.log(['programs', 'Healdeck ms', 'runit ms', '× runit', 'lost'].map((text) => text.padStart(13)).join(''));
  for (const { count, ours, reference, ratio, lost } of rows) {
    console.log([count, ours, reference].map((value) => cell(value, 0)).join('') + cell(ratio, 2) + cell(lost, 0));
  }
}

let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => (interrupted = true));

const base = mkdtempSync(join(tmpdir(), 'healdeck-bench-mass-death-'));
try {
  const compiler = onPath('cc') ?? onPath('gcc') ?? onPath('clang');
  if (compiler === null) throw new Error('a C compiler is needed: apt-get install gcc libc6-dev');
  const child = join(base, 'child');
  runToEnd(compiler, ['-O2', '-o', child, join(import.meta.dirname, '../restart/child.c')]);
  const supervisors = onPath('runsvdir') === null ? [HEALDECK] : [HEALDECK, RUNIT];
  const results = [];
  for (const count of counts) {
    for (let round = 0; round < rounds; round += 1) {
      for (const supervisor of Math.random() < 0.5 ? supervisors : supervisors.toReversed()) {
        if (interrupted) break;
        const result = await killAll(supervisor, count, base, child);
        results.push(result);
        say(
          `${result.name}, ${count} programs: ${result.ms === null ? `${result.lost} lost` : `${result.ms.toFixed(0)} ms`}`,
        );
      }
    }
  }
  const rows = summarize(counts, results);
  const judgement = verdict(rows);
  if (options.json) {
    const machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, kernel: release(), node: process.version };
    console.log(JSON.stringify({ machine, unit: 'ms', rows, verdict: judgement }, null, 2));
  } else {
    print(rows);
    console.log(`\n${judgement.text}`);
  }
  process.exitCode = interrupted ? 130 : judgement.status;
} finally {
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}
