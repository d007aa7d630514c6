// The recording of the process table and the history it lies in, as the engine uses them. Bundled by run.mjs; does one job and prints its figures as JSON.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Database from 'libsql';
import { createSystemClock } from '../../src/main/adapters/clock';
import { History } from '../../src/main/adapters/history/history';
import { QUARTER_MS } from '../../src/main/adapters/history/database/rollup-schema';
import { TableRecorder } from '../../src/main/adapters/history/recording/table-recorder';
import { createProcfsTable } from '../../src/main/adapters/processes/procfs';
import { createTableChurn } from '../../src/main/adapters/testing/table-churn';

const TICK_MS = 2000;
const START_AT = 1_790_000_000_000;
const READS = 60;

/** CPU of all threads of this process, in ms. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Runs `passes` through a recorder into a history of its own; the rows come from `rowsOf(pass)`. */
async function record({ passes, incidentEvery, rowsOf }) {
  const folder = mkdtempSync(join(tmpdir(), 'healdeck-bench-recording-'));
  const file = join(folder, 'history.db');
  // Upkeep has no part in it: nothing is too old within a day.
  const clock = { monotonicMs: () => performance.now(), wallMs: () => START_AT, after: () => () => undefined };
  const fail = (error) => {
    throw error;
  };
  const history = new History({ file, clock, retention: fail, notify: fail, report: (_, error) => fail(error) });
  let moments = 0;
  let cost = 0;
  let longestMs = 0;
  const recorder = new TableRecorder((chosen) => {
    moments += chosen.length;
    history.recordTable(chosen);
  });
  for (let pass = 0; pass < passes; pass += 1) {
    const rows = await rowsOf(pass);
    const at = START_AT + pass * TICK_MS;
    const [before, startedMs] = [cpuMs(), performance.now()];
    if (incidentEvery > 0 && pass % incidentEvery === incidentEvery - 1)
      recorder.onEvents(at, [{ type: 'crash_detected' }]);
    recorder.onPass(at, rows);
    cost += cpuMs() - before;
    longestMs = Math.max(longestMs, performance.now() - startedMs);
  }
  const reads = [];
  for (let i = 0; i < READS; i += 1) {
    const startedMs = performance.now();
    await history.tableAt(START_AT + ((i * 7919) % passes) * TICK_MS);
    reads.push(performance.now() - startedMs);
  }
  history.dispose();
  const bytes = statSync(file).size;
  rmSync(folder, { recursive: true });
  const spanMs = passes * TICK_MS;
  return {
    moments,
    longestMs,
    percentOfCore: (100 * cost) / spanMs,
    bytesPerDay: (bytes * 86_400_000) / spanMs,
    readMs: { median: reads.toSorted((a, b) => a - b)[READS / 2], longest: Math.max(...reads) },
  };
}

async function madeUp({ count, birthsPerSecond, hours, incidentEvery }) {
  const churn = createTableChurn({ count, birthsPerSecond, startAt: START_AT });
  const rowsOf = () => {
    churn.pass(TICK_MS);
    return churn.rows();
  };
  return { processes: count, ...(await record({ passes: (hours * 3_600_000) / TICK_MS, incidentEvery, rowsOf })) };
}

/** This machine, read every 2 s: what lives on it changes at its own pace. */
async function thisMachine({ passes }) {
  const table = createProcfsTable({ clock: createSystemClock() });
  let processes = 0;
  const rowsOf = async () => {
    await delay(TICK_MS);
    const { samples } = await table.scan();
    processes = samples.length;
    return samples.map((sample) => ({ ...sample, watchId: null, protectedBecause: null }));
  };
  const figures = await record({ passes, incidentEvery: 0, rowsOf });
  table.dispose();
  // Two minutes are mostly the first whole table: they say nothing about a day.
  return { ...figures, processes, bytesPerDay: null };
}

/**
 * A history as large as it may become is opened, as by the next engine. A third of it is recorded tables, as many bytes each as busy
 * machines have; single readings of 20 watches fill the rest beside a year of quarters and half a million events.
 */
async function fullHistory({ bytes }) {
  const folder = mkdtempSync(join(tmpdir(), 'healdeck-bench-history-'));
  const file = join(folder, 'history.db');
  // It is not driven: upkeep has no part in it.
  const clock = { monotonicMs: () => performance.now(), wallMs: () => START_AT, after: () => () => undefined };
  const fail = (error) => {
    throw error;
  };
  const open = () => new History({ file, clock, retention: fail, notify: fail, report: (_, error) => fail(error) });
  open().dispose();
  fill(file, bytes);
  const startedMs = performance.now();
  const history = open();
  const openMs = performance.now() - startedMs;
  const timed = async (work) => {
    const fromMs = performance.now();
    await work();
    return performance.now() - fromMs;
  };
  const eventsMs = await timed(() => history.listEvents({ limit: 200 }));
  const monthMs = await timed(() =>
    history.samples({ watchId: null, sinceAt: START_AT - 30 * 86_400_000, points: 600 }),
  );
  history.dispose();
  const filled = statSync(file).size;
  rmSync(folder, { recursive: true });
  return { bytes: filled, openMs, eventsMs, monthMs };
}

function fill(file, bytes) {
  const database = new Database(file);
  const count = (rows) => `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})`;
  database.exec('PRAGMA synchronous = OFF');
  const frames = Math.round(bytes / 3 / 8400);
  database.exec(`
    BEGIN;
    ${count(20)} INSERT INTO series (id, watch_id) SELECT i, 'watch-' || i FROM n;
    ${count(500_000)} INSERT INTO events (id, at, type, severity, watch, message, data)
      SELECT i, ${START_AT} - (500000 - i) * 60000, 'restarted', 'info', 'watch-' || (i % 20),
        'Restarted watch-' || (i % 20) || ' as pid ' || i || ', 12 ms after its end', '{"afterMs":12,"attempt":1}' FROM n;
    ${count(365 * 96)} INSERT INTO rollups (width, series, at, count, cpu, cpu_low, cpu_high, memory, memory_low, memory_high, load)
      SELECT ${QUARTER_MS}, 0, ${START_AT} - (${365 * 96} - i) * ${QUARTER_MS}, 450, 10, 1, 90, 1000000, 900000, 1100000, 1 FROM n;
    UPDATE rollup_marks SET at = ${START_AT};
    INSERT INTO table_keys VALUES (${START_AT}, zeroblob(8000));
    ${count(frames)} INSERT INTO table_frames SELECT ${START_AT} - i * 10000, ${START_AT}, randomblob(8000) FROM n;
    COMMIT;`);
  // What is left, in rows of single readings: two seconds apart, as far back as it takes.
  const pragma = (name) => Number(Object.values(database.prepare(`PRAGMA ${name}`).get())[0]);
  const size = () => pragma('page_count') * pragma('page_size');
  for (let block = 0; size() < bytes; block += 1) {
    database.exec(`${count(200_000)} INSERT INTO samples (series, at, cpu, memory, load)
      SELECT i % 20 + 1, ${START_AT} - (i / 20 + ${block} * 10000) * 2000, 12.5, 1000000 + i, NULL FROM n`);
  }
  database.close();
}

const KINDS = { made_up: madeUp, this_machine: thisMachine, full_history: fullHistory };
const { kind, ...options } = JSON.parse(process.argv[2]);
const figures = await KINDS[kind](options);
process.stdout.write(JSON.stringify(figures));
