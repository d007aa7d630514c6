// What a local attacker can do to the turns of the engine, by the clock: see README.md.
import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createConnection } from 'node:net';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

const LIMIT_MS = 50;
const END_LIMIT_MS = 2000;
const STDERR_LIMIT_BYTES = 100_000;
const NOBODY = 65_534;
const numbers = process.argv.includes('--short')
  ? { connections: 1000, upgrades: 50, malformed: 2000 }
  : { connections: 25_000, upgrades: 200, malformed: 100_000 };

const folder = mkdtempSync(join(tmpdir(), 'healdeck-attack-'));
const dataDir = join(folder, 'data');
const probeFile = join(folder, 'probe.json');
const attackers = [];
let engine = null;

/** Starts the built engine; resolves to the port of its dashboard. */
async function start() {
  engine = spawn(
    process.execPath,
    [
      '--require',
      resolve('bench/attack/probe.cjs'),
      resolve('out/main/headless.js'),
      '--port',
      '0',
      '--data-dir',
      dataDir,
    ],
    { env: { ...process.env, PROBE_FILE: probeFile }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  engine.stderrBytes = 0;
  engine.stderr.on('data', (data) => (engine.stderrBytes += data.length));
  let text = '';
  return new Promise((ready, failed) => {
    engine.once('exit', () => failed(new Error(`the engine has ended: ${text}`)));
    engine.stdout.on('data', (data) => {
      text += data;
      const found = /http:\/\/127\.0\.0\.1:(\d+)/.exec(text);
      if (found !== null) ready(Number(found[1]));
    });
  });
}

/** Runs an attack of the intruder tests as another user, where that can be; it keeps what it has opened. */
function attack(kind, port, count) {
  const script = join(folder, 'attack.mjs');
  copyFileSync(resolve('src/main/headless/testing/attack.mjs'), script);
  const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const child = spawn(process.execPath, [script, kind, String(port), String(count)], {
    ...{ ...user, cwd: '/' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  attackers.push(child);
  return new Promise((done, failed) => {
    child.once('exit', () => failed(new Error(`the attack ${kind} has ended without a result`)));
    child.stdout.once('data', done);
  });
}

/** Messages that are no calls, by the socket of the command line; the engine ends each connection at its first. */
async function sendMalformed(count) {
  const perConnection = 2000;
  for (let sent = 0; sent < count; sent += perConnection) {
    const socket = new WebSocket('ws://engine/', {
      createConnection: () => createConnection(join(dataDir, 'engine.sock')),
    });
    const ended = new Promise((done) => socket.once('close', done));
    socket.on('error', () => undefined);
    await new Promise((done) => socket.once('open', done));
    for (let at = 0; at < Math.min(perConnection, count - sent); at += 1) socket.send(`{"i":"${at}`);
    await ended;
  }
}

async function figuresNow() {
  rmSync(probeFile, { force: true });
  engine.kill('SIGUSR2');
  while (!existsSync(probeFile) || statSync(probeFile).size === 0) await sleep(20);
  return JSON.parse(readFileSync(probeFile, 'utf8'));
}

let failed = false;
try {
  chmodSync(folder, 0o755);
  const port = await start();
  await sleep(3000);
  const attacks = [
    ['no attack', () => sleep(3000)],
    [`${numbers.connections} connections`, () => attack('connections', port, numbers.connections)],
    [`${numbers.upgrades} refused upgrades`, () => attack('upgrades', port, numbers.upgrades)],
    [`${numbers.malformed} malformed messages`, () => sendMalformed(numbers.malformed)],
  ];
  process.stdout.write(`load ${loadavg()[0].toFixed(1)}\n`);
  for (const [name, run] of attacks) {
    await figuresNow();
    await run();
    const { turns, wallMs, cpuMs } = await figuresNow();
    process.stdout.write(
      `${name}: ${turns} turns, by the clock ${JSON.stringify(wallMs)}, of processor time ${JSON.stringify(cpuMs)} (ms)\n`,
    );
    if (wallMs.p99 >= LIMIT_MS) failed = true;
  }
  // The attackers still have open what is left to them.
  const beganMs = performance.now();
  const ended = new Promise((done) => engine.once('exit', (code, signal) => done(code ?? signal)));
  engine.kill('SIGTERM');
  const status = await ended;
  const endMs = Math.round(performance.now() - beganMs);
  process.stdout.write(
    `ended ${endMs} ms after TERM (${status}); ${engine.stderrBytes} bytes on stderr; load ${loadavg()[0].toFixed(1)}\n`,
  );
  if (endMs >= END_LIMIT_MS || engine.stderrBytes > STDERR_LIMIT_BYTES) failed = true;
} finally {
  for (const child of attackers) child.kill('SIGKILL');
  if (engine?.exitCode === null && engine.signalCode === null) engine.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
