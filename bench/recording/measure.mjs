// The recording of the process table, as the engine uses it. Bundled by run.mjs; does one job and prints its figures as JSON.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createSystemClock } from '../../src/main/adapters/clock';
import { openHistory } from '../../src/main/adapters/history/history';
import { TableRecorder } from '../../src/main/adapters/history/table-recorder';
import { createProcfsTable } from '../../src/main/adapters/procfs';
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
  const history = openHistory({ file, clock, retention: fail, notify: fail, report: (_, error) => fail(error) });
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

const { kind, ...options } = JSON.parse(process.argv[2]);
const figures = kind === 'made_up' ? await madeUp(options) : await thisMachine(options);
process.stdout.write(JSON.stringify(figures));
