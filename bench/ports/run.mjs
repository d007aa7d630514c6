// What one look at the sockets of all watches costs. `npm run bench:ports [-- --json]`; exit status 1 when a target is missed.
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, '../..');
const json = process.argv.includes('--json');

const WATCHES = 200;
const CONNECTIONS_EACH = 5;
const READS = 30;
/** CPU time of all threads, which is what remains on a machine that others keep busy. */
const MAX_CPU_MS = 100;

async function bundle(outDir) {
  await build({
    ...{ configFile: false, logLevel: 'error', root },
    build: {
      ...{ ssr: true, outDir, emptyOutDir: false, target: 'node20' },
      rollupOptions: {
        input: {
          measure: join(here, 'measure.mjs'),
          'reader-worker': join(root, 'src/main/adapters/processes/procfs/reader-worker.ts'),
        },
        output: { format: 'es', entryFileNames: '[name].mjs', banner: 'const __filename = import.meta.filename;' },
      },
    },
    ssr: { noExternal: true, external: ['koffi'] },
  });
}

/** A shell that has some connections to the port open until its input ends. */
function startClient(port) {
  const script = `for i in $(seq ${CONNECTIONS_EACH}); do exec {fd}<>/dev/tcp/127.0.0.1/${port}; done; read`;
  return spawn('bash', ['-c', script], { stdio: ['pipe', 'ignore', 'ignore'] });
}

const median = (values) => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];

// Under node_modules, where koffi is found.
const workDir = await mkdtemp(join(root, 'node_modules/.healdeck-bench-'));
const clients = [];
let accepted = 0;
const server = createServer(() => (accepted += 1));
try {
  await bundle(workDir);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (let at = 0; at < WATCHES; at++) clients.push(startClient(server.address().port));
  const deadlineMs = performance.now() + 60_000;
  while (accepted < WATCHES * CONNECTIONS_EACH) {
    if (performance.now() > deadlineMs) throw new Error(`only ${accepted} connections within 60 s`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const measuring = fork(join(workDir, 'measure.mjs'), { serialization: 'json' });
  await once(measuring, 'message');
  measuring.send({ pids: [process.pid, ...clients.map(({ pid }) => pid)], reads: READS });
  const [{ wallMs, ...figures }] = await once(measuring, 'message');
  measuring.disconnect();
  const result = { watches: WATCHES, ...figures, medianMs: median(wallMs), maxMs: Math.max(...wallMs) };
  if (json) console.log(JSON.stringify(result, null, 2));
  else {
    const ms = (value) => `${value.toFixed(1)} ms`;
    console.log(
      `${result.watches} watches with ${result.held} sockets, ${result.connections} ends of connections between them`,
    );
    console.log(
      `one look: median ${ms(result.medianMs)}, longest ${ms(result.maxMs)}, ${ms(result.cpuMsPerRead)} of CPU (target: ${MAX_CPU_MS} ms)`,
    );
    console.log(
      `longest turn of the event loop in it: ${ms(result.longestMs)}; who connects to whom: ${ms(result.graphCpuMs)} of CPU`,
    );
  }
  if (result.cpuMsPerRead > MAX_CPU_MS || result.connections < WATCHES * CONNECTIONS_EACH) process.exitCode = 1;
} finally {
  for (const client of clients) client.stdin.end();
  server.close();
  await rm(workDir, { recursive: true, force: true });
}
process.exit();
