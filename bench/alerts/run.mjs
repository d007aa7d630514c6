// Whether alerts cost the engine anything when the mail server accepts connections and then says nothing.
//   npm run bench:alerts [-- --seconds 90] [--json]
// Two headless engines run side by side with the same crashing programs, one with alerts off, one with mails to that server. Exit
// status: 1 when the ticks with alerts are later or longer than those without, or when nothing was measured.
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import { runToEnd, startDaemon } from '../restart/processes.mjs';
import { compare, figuresOf } from './compare.mjs';

const checkout = join(import.meta.dirname, '../..');
const cli = join(checkout, 'bin/healdeck.js');
const WATCHES = 5;
const READY_MS = 20_000;

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '90' }, json: { type: 'boolean', default: false } },
});
const seconds = Number(options.seconds);
if (!Number.isInteger(seconds) || seconds < 10 || seconds > 3600) {
  console.error(`--seconds: expected a whole number from 10 to 3600, got ${JSON.stringify(options.seconds)}`);
  process.exit(2);
}
if (!existsSync(join(checkout, 'out/main/cli.js'))) {
  console.error('The engine is not built yet; run: npm run build');
  process.exit(2);
}
const say = (text) => options.json || console.log(text);

/** The engine's environment must depend neither on npm nor on who runs this bench. */
const quiet = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('HEALDECK_')));

/** A mail server that accepts and then says nothing. */
async function blackHole() {
  const sockets = new Set();
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: server.address().port,
    connections: () => connections,
    end() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Restarts are not limited here: the programs are to crash all the time, so that there is always something to tell. */
const RESTLESS = {
  'sampling.intervalMs': '500ms',
  'storm.restarts': '10000',
  'restart.limit': '1000',
  'restart.mediumLimit': 'none',
  'restart.longLimit': 'none',
  'restart.delays': 'false',
  'heal.giveUpAfter': '10000',
};

async function startEngine(name, base, mail) {
  const dataDir = join(base, name.replaceAll(' ', '-'));
  mkdirSync(dataDir, { mode: 0o700 });
  const engine = startDaemon(process.execPath, [cli, 'run', '--headless', '--port', '0', '--data-dir', dataDir], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: quiet,
  });
  const healdeck = (...args) => {
    const [command, ...rest] = args;
    return runToEnd(process.execPath, [cli, command, ...rest], { env: { ...quiet, HEALDECK_DATA_DIR: dataDir } });
  };
  try {
    await isReady(engine);
    for (const [key, value] of Object.entries({ ...RESTLESS, ...mail })) healdeck('settings', 'set', key, value);
    for (let i = 1; i <= WATCHES; i += 1) {
      healdeck('add', `crasher-${i}`, '--restart', 'always', '--', 'sh', '-c', 'sleep 1; exit 3');
    }
  } catch (error) {
    await engine.end();
    throw error;
  }
  return { name, engine, healdeck, ...(await connect(join(dataDir, 'engine.sock'))), delays: [], durations: [] };
}

/** A connection that stays: a program for each look would take the processor from what is measured. */
async function connect(path) {
  const websocket = new WebSocket('ws://engine/', { createConnection: () => createConnection(path) });
  await new Promise((resolve, reject) => websocket.once('open', resolve).once('error', reject));
  return { client: createORPCClient(new RPCLink({ websocket })), close: () => websocket.terminate() };
}

/** The figures of each tick, once. */
async function inspect(one) {
  const { tickDelayMs, tickDurationMs } = await one.client.engine.info();
  const tick = `${tickDelayMs} ${tickDurationMs}`;
  if (tick === one.lastTick) return;
  one.lastTick = tick;
  one.delays.push(tickDelayMs);
  one.durations.push(tickDurationMs);
}

function isReady({ child }) {
  return new Promise((resolve, reject) => {
    let printed = '';
    const timer = setTimeout(
      () => reject(new Error(`no ready line within ${READY_MS / 1000} s: ${printed}`)),
      READY_MS,
    );
    child.stderr.on('data', (data) => (printed += data));
    child.stdout.on('data', (data) => {
      printed += data;
      if (!printed.includes('http://')) return;
      clearTimeout(timer);
      resolve();
    });
    child.once('exit', () => reject(new Error(`the engine ended: ${printed}`)));
  });
}

/** Programs of a watch live on when their engine ends: they are stopped first. */
async function end({ engine, healdeck, close }) {
  for (let i = 1; i <= WATCHES; i += 1) {
    try {
      healdeck('stop', `crasher-${i}`);
    } catch {
      // It was between two lives, or never added.
    }
  }
  close();
  await engine.end();
}

const base = mkdtempSync(join(tmpdir(), 'healdeck-bench-alerts-'));
const hole = await blackHole();
const running = [];
let result;
try {
  running.push(await startEngine('alerts off', base, { 'mail.enabled': 'false' }));
  const mail = { 'mail.host': '127.0.0.1', 'mail.port': String(hole.port), 'mail.tls': 'none' };
  running.push(await startEngine('black hole', base, { ...mail, 'mail.to': 'ada@example.org' }));
  say(`Measuring for ${seconds} s: ${WATCHES} programs that crash each second in either engine.`);
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    for (const one of running) await inspect(one);
    await sleep(100);
  }
  const { waiting, held } = await running[1].client.alerts.status();
  result = { figures: running.map(figuresOf), connections: hole.connections(), waiting, held };
} finally {
  for (const one of running) await end(one);
  hole.end();
  rmSync(base, { recursive: true, force: true });
}

const verdict = compare(result);
if (options.json) console.log(JSON.stringify({ ...result, verdict }));
else {
  console.log(`\nNode ${process.version}, Linux ${release()}, ${cpus().length} × ${cpus()[0]?.model ?? '?'}\n`);
  console.table(Object.fromEntries(result.figures.map(({ name, ...figures }) => [name, figures])));
  console.log(
    `${result.connections} connections to the silent server, ${result.waiting} mails and ${result.held} events wait.`,
  );
  console.log(verdict.text);
}
process.exitCode = verdict.status;
