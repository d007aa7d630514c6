// Reads the folders that the benchmark is given. Times come out in ms.
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** The rows of a CSV file without quoting, as objects by column name. */
async function readCsv(path) {
  const [header = '', ...lines] = (await readFile(path, 'utf8')).trim().split(/\r?\n/);
  const names = header.split(',');
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']));
  });
}

function need(rows, columns, path) {
  const missing = columns.filter((column) => !(column in (rows[0] ?? {})));
  if (missing.length > 0) throw new Error(`${path}: no column ${missing.join(', ')}`);
}

/** A column that not every recording has. */
const optional = (text) => (text === undefined || text === '' ? null : Number(text));

/** `MANIFEST.csv` and one file a process: time_s, rss_bytes, private_bytes, cpu_percent, and what else was recorded. */
export async function readTraces(dir) {
  const manifestPath = join(dir, 'MANIFEST.csv');
  const manifest = await readCsv(manifestPath);
  need(manifest, ['file', 'kind', 'onset_s'], manifestPath);
  return Promise.all(
    manifest.map(async ({ file, kind, onset_s: onset }) => {
      const path = join(dir, `${basename(file, '.csv')}.csv`);
      const rows = await readCsv(path);
      need(rows, ['time_s', 'rss_bytes', 'private_bytes', 'cpu_percent'], path);
      return {
        name: basename(file, '.csv'),
        kind,
        onsetMs: onset === '' ? null : Number(onset) * 1000,
        readings: rows.map((row) => ({
          atMs: Number(row.time_s) * 1000,
          rssBytes: Number(row.rss_bytes),
          privateBytes: Number(row.private_bytes),
          cpuPercent: Number(row.cpu_percent),
          machineCpuPercent: optional(row.machine_cpu_percent),
          cpuDemandPercent: optional(row.cpu_demand_percent),
          threads: optional(row.threads),
          openFiles: optional(row.fds),
        })),
      };
    }),
  );
}

/** `pods.csv` (day, pod, time_s, cpu_rate_pct, mem_bytes) and `faults.csv` (day, pod, inject_time_s, type). */
export async function readNezha(dir) {
  const pods = new Map();
  const podsPath = join(dir, 'pods.csv');
  const rows = await readCsv(podsPath);
  need(rows, ['day', 'pod', 'time_s', 'cpu_rate_pct', 'mem_bytes'], podsPath);
  for (const row of rows) {
    const key = `${row.day} ${row.pod}`;
    if (!pods.has(key)) pods.set(key, { name: key, readings: [], faults: [] });
    const bytes = Number(row.mem_bytes);
    pods.get(key).readings.push({
      atMs: Number(row.time_s) * 1000,
      rssBytes: bytes,
      privateBytes: bytes,
      cpuPercent: Number(row.cpu_rate_pct),
      // A share of the pod's own quota: what else the machine does takes none of it away.
      machineCpuPercent: 0,
      cpuDemandPercent: null,
    });
  }
  for (const row of await readCsv(join(dir, 'faults.csv'))) {
    pods.get(`${row.day} ${row.pod}`)?.faults.push({ atMs: Number(row.inject_time_s) * 1000, type: row.type });
  }
  for (const pod of pods.values()) {
    pod.readings.sort((a, b) => a.atMs - b.atMs);
    // Two readings of one moment carry no time between them.
    pod.readings = pod.readings.filter((reading, index, all) => index === 0 || reading.atMs > all[index - 1].atMs);
  }
  return [...pods.values()];
}

/** Series of timestamp, value and `windows.json` with the anomaly windows of each file. */
export async function readNab(dir) {
  const windows = JSON.parse(await readFile(join(dir, 'windows.json'), 'utf8'));
  const files = (await readdir(dir)).filter((file) => file.endsWith('.csv')).sort();
  const utc = (text) => Date.parse(`${text.slice(0, 19).replace(' ', 'T')}Z`);
  return Promise.all(
    files.map(async (file) => ({
      name: basename(file, '.csv'),
      readings: (await readCsv(join(dir, file))).map((row) => ({
        atMs: utc(row.timestamp),
        rssBytes: 0,
        privateBytes: 0,
        cpuPercent: Number(row.value),
        machineCpuPercent: null,
        cpuDemandPercent: null,
      })),
      windows: (windows[file] ?? []).map(([from, to]) => ({ fromMs: utc(from), toMs: utc(to) })),
    })),
  );
}
