// Samples processes by the product's own process table. Bundled by record.mjs.
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { basename, join } from 'node:path';
import { createSystemClock } from '../../src/main/adapters/clock';
import { createProcfsTable } from '../../src/main/adapters/processes/procfs';
import { ReaderThread } from '../../src/main/adapters/processes/procfs/reader-thread';
import { TreeDemand } from '../../src/main/engine/detect/tree-demand';

const INTERVAL_MS = 1000;
/** Fewer readings are no trace. */
const MIN_READINGS = 3;
const COLUMNS = 'time_s,rss_bytes,private_bytes,cpu_percent,machine_cpu_percent,threads,fds,cpu_demand_percent';

/** CPU use of the whole machine since the call before, 0 to 100; null the first time. */
function machineCpu() {
  let before = null;
  return () => {
    const now = { busy: 0, all: 0 };
    for (const { times } of cpus()) {
      const all = times.user + times.nice + times.sys + times.idle + times.irq;
      now.all += all;
      now.busy += all - times.idle;
    }
    const last = before;
    before = now;
    return last === null || now.all === last.all ? null : (100 * (now.busy - last.busy)) / (now.all - last.all);
  };
}

/** Until the time is up or the signal comes: a trace for each process, by its identity. */
async function sampled({ minutes, pids, workDir, signal }) {
  const clock = createSystemClock();
  const report = (where, error) => process.stderr.write(`record:traces: ${where}: ${error.message ?? error}\n`);
  const reader = new ReaderThread({ clock, file: join(workDir, 'reader-worker.mjs'), report });
  const table = createProcfsTable({ clock, reader });
  const readMachine = machineCpu();
  const traces = new Map();
  const startMs = clock.monotonicMs();
  const isWanted = ({ pid, uid, kernel }) =>
    pids.length > 0 ? pids.includes(pid) : !kernel && uid === process.getuid() && pid !== process.pid;
  try {
    while (!signal.aborted && clock.monotonicMs() - startMs < minutes * 60_000) {
      const { samples, atMs } = await table.scan();
      const machine = readMachine();
      for (const sample of samples) {
        if (!isWanted(sample) || sample.state === 'zombie') continue;
        const key = `${sample.pid}:${sample.startTime}`;
        if (!traces.has(key)) traces.set(key, { name: sample.name, rows: [], demand: new TreeDemand(table) });
        const trace = traces.get(key);
        const numbers = [
          ((atMs - startMs) / 1000).toFixed(1),
          sample.rssBytes,
          table.privateBytes(sample) ?? '',
          sample.cpuPercent.toFixed(1),
          machine?.toFixed(0) ?? '',
          sample.threads,
          table.openFiles(sample) ?? '',
          trace.demand.read([sample], atMs, machine)?.toFixed(0) ?? '',
        ];
        trace.rows.push(numbers.join(','));
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, INTERVAL_MS - (clock.monotonicMs() - atMs))));
    }
  } finally {
    table.dispose();
    await reader.dispose?.();
  }
  return [...traces.values()];
}

/** Writes the traces and their manifest; the number of traces. */
export async function record({ out, ...what }) {
  await mkdir(out, { recursive: true });
  const traces = (await sampled(what)).filter(({ rows }) => rows.length >= MIN_READINGS);
  const used = new Map();
  const manifest = ['file,kind,onset_s,samples'];
  for (const { name, rows } of traces) {
    const plain = basename(name).replaceAll(/[^\w.-]/g, '_');
    const count = (used.get(plain) ?? 0) + 1;
    used.set(plain, count);
    const file = `${plain}-${count}`;
    await writeFile(join(out, `${file}.csv`), `${[COLUMNS, ...rows].join('\n')}\n`);
    manifest.push(`${file},healthy,,${rows.length}`);
  }
  await writeFile(join(out, 'MANIFEST.csv'), `${manifest.join('\n')}\n`);
  return traces.length;
}
