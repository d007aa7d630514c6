// Healdeck's own reader of sockets, as the engine uses it. Bundled by run.mjs; answers its parent's request.
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSystemClock } from '../../src/main/adapters/clock';
import { loadSystemCalls } from '../../src/main/adapters/processes/pidfd/system-calls';
import { createSocketReader } from '../../src/main/adapters/processes/process-table';
import { createProcfsTable } from '../../src/main/adapters/processes/procfs';
import { ReaderThread } from '../../src/main/adapters/processes/procfs/reader-thread';
import { LookIndex } from '../../src/main/engine/graph/look';

const LIMIT_MS = 60_000;

const clock = createSystemClock();
const reader = new ReaderThread({
  ...{ clock, file: join(import.meta.dirname, 'reader-worker.mjs') },
  report: (where, error) => console.error(where, error),
});
const table = createProcfsTable({ clock, reader });
const loaded = loadSystemCalls();
const sockets = createSocketReader({
  ...{ clock, reader, isAlive: (identity) => table.isAlive(identity) },
  netlink: loaded.available ? loaded.netlink : null,
});

/** CPU of all threads of this process, in ms. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The longest turn of the event loop while something goes on. */
async function longestTurn(work) {
  let done = false;
  let longestMs = 0;
  let lastAt = performance.now();
  const result = work.finally(() => (done = true));
  while (!done) {
    await nextTurn();
    longestMs = Math.max(longestMs, performance.now() - lastAt);
    lastAt = performance.now();
  }
  return { longestMs, value: await result };
}

process.on('message', ({ pids, reads }) => {
  void measure(pids, reads).then((answer) => process.send(answer));
});
process.on('disconnect', () => process.exit(0));

async function measure(pids, reads) {
  const wanted = new Set(pids);
  const processes = (await table.scan()).samples.filter(({ pid }) => wanted.has(pid));
  const members = processes.map((one) => ({ ...one, name: 'bench', watch: String(one.pid) }));
  await sockets.read(processes, LIMIT_MS, true);
  const wallMs = [];
  const before = cpuMs();
  let reading;
  for (let count = 0; count < reads; count++) {
    const beganMs = performance.now();
    reading = await sockets.read(processes, LIMIT_MS, true);
    wallMs.push(performance.now() - beganMs);
  }
  const cpuMsPerRead = (cpuMs() - before) / reads;
  const { longestMs } = await longestTurn(sockets.read(processes, LIMIT_MS, true));
  const beganCpu = cpuMs();
  const index = new LookIndex({ reading, members, withEnded: true });
  const served = reading.sockets.filter((socket) => socket.protocol === 'tcp' && index.serversOf(socket)?.length > 0);
  return {
    ...{ wallMs, cpuMsPerRead, longestMs, graphCpuMs: cpuMs() - beganCpu },
    ...{ held: reading.processes.reduce((sum, { inodes }) => sum + inodes.length, 0), connections: served.length },
  };
}
process.send({ ready: true });
