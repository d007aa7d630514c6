// Healdeck's own process table, as the engine uses it. Bundled by run.mjs; answers its parent's requests one by one.
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSystemClock } from '../../src/main/adapters/clock';
import { createProcfsTable } from '../../src/main/adapters/processes/procfs';
import { ReaderThread } from '../../src/main/adapters/processes/procfs/reader-thread';

const clock = createSystemClock();
const reader = new ReaderThread({
  ...{ clock, file: join(import.meta.dirname, 'reader-worker.mjs') },
  report: (where, error) => console.error(where, error),
});
const table = createProcfsTable({ clock, reader });

/** CPU of all threads of this process, in ms. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function passes({ count }) {
  const before = cpuMs();
  let seen = 0;
  for (let i = 0; i < count; i++) seen = (await table.scan()).samples.length;
  return { cpuMsPerPass: (cpuMs() - before) / count, seen };
}

/**
 * The longest turn of the event loop while passes ran, the first one of a fresh table included. A turn counts with the
 * CPU time that this process used in it, if that is less than the time that passed: on a busy machine the rest of the
 * turn belonged to other programs.
 */
async function block({ count }) {
  const fresh = createProcfsTable({ clock, reader });
  let longestMs = 0;
  let longestWallMs = 0;
  for (let i = 0; i < count; i++) {
    let done = false;
    let lastAt = performance.now();
    let lastCpu = cpuMs();
    const scan = fresh.scan().finally(() => (done = true));
    while (!done) {
      await nextTurn();
      const now = performance.now();
      const cpu = cpuMs();
      longestMs = Math.max(longestMs, Math.min(now - lastAt, cpu - lastCpu));
      longestWallMs = Math.max(longestWallMs, now - lastAt);
      lastAt = now;
      lastCpu = cpu;
    }
    await scan;
  }
  fresh.dispose();
  return { longestMs, longestWallMs };
}

/** The cost of one look at one watched process. */
async function alive({ watches, polls }) {
  const { samples } = await table.scan();
  const watched = samples.filter((sample) => !sample.kernel).slice(-watches);
  const before = cpuMs();
  for (let i = 0; i < polls; i++) {
    for (const identity of watched) table.isAlive(identity);
  }
  return { cpuMsPerPoll: (cpuMs() - before) / (polls * watched.length) };
}

/**
 * What a tick adds for the private memory of the watched trees: one reading of each of their processes. The first one
 * opens; what is measured is each tick after that.
 */
async function privateMemory({ watched, ticks }) {
  const { samples } = await table.scan();
  const trees = samples.filter((sample) => !sample.kernel).slice(-watched);
  for (const identity of trees) table.privateBytes(identity);
  const before = cpuMs();
  let known = 0;
  for (let tick = 0; tick < ticks; tick++) {
    known = 0;
    for (const identity of trees) if (table.privateBytes(identity) !== null) known++;
  }
  return { cpuMsPerTick: (cpuMs() - before) / ticks, processes: trees.length, known };
}

const requests = { passes, block, alive, privateMemory };

process.on('message', (request) => {
  void requests[request.name](request).then((answer) => process.send(answer));
});
process.on('disconnect', () => table.dispose());
process.send({ ready: true });
