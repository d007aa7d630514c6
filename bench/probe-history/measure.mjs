// Attempts of made-up probes into a history of their own, as the engine hands them over: at each tick. Bundled by run.mjs; prints its
// figures as JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { History } from '../../src/main/adapters/history/history';

const PROBES = 500;
const INTERVAL_MS = 10_000;
const TICK_MS = 2000;
const HOURS = 4;
const DAY_MS = 86_400_000;
/** The begin of a quarter of an hour. */
const START_AT = Math.floor(1_790_000_000_000 / 900_000) * 900_000;

const fail = (error) => {
  throw error;
};
// Upkeep has no part in it: nothing is too old within a day.
// A tick is 2 s later than the one before, whatever it takes.
let nowMs = 0;
const clock = { monotonicMs: () => nowMs, wallMs: () => START_AT, after: () => () => undefined };

function open(folder) {
  const file = join(folder, 'history.db');
  return {
    file,
    history: new History({ file, clock, retention: fail, notify: fail, report: (_, error) => fail(error) }),
  };
}

/** So many hours of attempts, a tick at a time; the processor time that writing took, in ms. */
function write(history, hours, probes, attemptOf) {
  const perTick = Math.round((probes * TICK_MS) / INTERVAL_MS);
  const ticks = (hours * 3_600_000) / TICK_MS;
  let cost = 0;
  for (let tick = 0; tick < ticks; tick += 1) {
    const attempts = Array.from({ length: perTick }, (_, i) => {
      const nth = (tick * perTick + i) % probes;
      return { watchId: `watch-${nth}`, probe: 'health', at: START_AT + tick * TICK_MS + i, ...attemptOf(tick + i) };
    });
    nowMs += TICK_MS;
    const { user, system } = process.cpuUsage();
    history.recordSamples(START_AT + tick * TICK_MS, [], attempts);
    const after = process.cpuUsage();
    cost += (after.user + after.system - user - system) / 1000;
  }
  return { attempts: ticks * perTick, cost };
}

function sizeOf(file) {
  const database = new Database(file);
  const pragma = (name) => Number(database.prepare(`PRAGMA ${name}`).get()[name]);
  const rows = (table) => Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get().n);
  const found = {
    bytes: (pragma('page_count') - pragma('freelist_count')) * pragma('page_size'),
    rows: rows('probe_attempts') + rows('probe_rollups'),
  };
  database.close();
  return found;
}

const folder = mkdtempSync(join(tmpdir(), 'healdeck-bench-probes-'));
const passed = (nth) => ({ passed: true, words: '200 OK', latencyMs: 1 + (nth % 900) / 100 });
const failed = (nth) => ({
  passed: false,
  words: `503 Service Unavailable, body: the database is do`,
  latencyMs: nth % 9,
});

const { file, history } = open(folder);
const empty = sizeOf(file).bytes;
const { attempts, cost } = write(history, HOURS, PROBES, passed);
const full = sizeOf(file);
const share = DAY_MS / (HOURS * 3_600_000) / PROBES;

// A day of one probe, to be read as charts read it.
const one = open(mkdtempSync(join(folder, 'day-')));
write(one.history, 24, 5, passed);
const passedBytes = sizeOf(one.file).bytes;
const other = open(mkdtempSync(join(folder, 'failures-')));
write(other.history, 24, 5, failed);
const failedBytes = sizeOf(other.file).bytes;

const readMs = {};
async function read(what, work) {
  const startedMs = performance.now();
  await work();
  readMs[what] = performance.now() - startedMs;
}
const of = { watchId: 'watch-0', probe: 'health' };
const end = START_AT + DAY_MS;
const chart = (ms, spanMs) => one.history.probeHistory({ ...of, sinceAt: end - ms, spanMs, newest: 20 });
await read('an hour by 10 s', () => chart(3_600_000, 10_000));
await read('a day by 5 min', () => chart(DAY_MS, 300_000));
await read('a day by quarters of an hour', () => chart(DAY_MS, 900_000));
await read('each attempt of a day', () => {
  for (let after = 0; ;) {
    const page = one.history.attemptsPage({ ...of, sinceAt: after });
    if (page.length === 0) return;
    after = page.at(-1).at;
  }
});

process.stdout.write(
  JSON.stringify({
    attempts,
    percentOfCore: (100 * cost) / (HOURS * 3_600_000),
    cpuUsPerAttempt: (1000 * cost) / attempts,
    rowsPerProbeDay: Math.round(full.rows * share),
    bytesPerProbeDay: (full.bytes - empty) * share,
    bytesPerFailure: (failedBytes - passedBytes) / (5 * 8640),
    readMs,
  }),
);
for (const each of [history, one.history, other.history]) each.dispose();
rmSync(folder, { recursive: true });
