import { spawn, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { fakeRouter } from '../api/testing/api-client';
import { ManualClock } from '../engine/testing/manual-clock';
import { openDashboardPort } from './dashboard-port';
import { PeerUsers, type PeerUser } from './peer-user';
import { ask, ending, openPage, signIn } from './testing/dashboard-client';
import { WebServer } from './web-server';
import { eventually } from '../adapters/testing/children';

/** "nobody": a user that nothing here belongs to. */
const STRANGER = 65_534;
const ROOT_ON_LINUX = process.platform === 'linux' && process.getuid?.() === 0;
/** The numbers of a real attack take a minute; a few of each show the same. */
const FULL = process.env['HEALDECK_FULL_ATTACK'] === '1';
const CONNECTIONS = FULL ? 25_000 : 1_000;
const UPGRADES = FULL ? 200 : 80;
const MALFORMED = FULL ? 100_000 : 2_000;

let folder: string;
const undo: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-intruder-'));
  mkdirSync(join(folder, 'renderer'));
  writeFileSync(join(folder, 'renderer/index.html'), 'the dashboard');
  // Where the stranger may read it.
  copyFileSync(join(import.meta.dirname, 'testing/attack.mjs'), join(folder, 'attack.mjs'));
  chmodSync(folder, 0o755);
});
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
  rmSync(folder, { recursive: true, force: true });
});

async function start() {
  const { router, engine } = fakeRouter();
  const opened = await openDashboardPort({ rendererDir: join(folder, 'renderer'), port: 0 });
  const notices: string[] = [];
  const server = new WebServer(opened, {
    ...{ router, dataDir: folder, clock: new ManualClock(), proxyOrigin: null },
    note: ({ detail }) => notices.push(detail),
  });
  undo.push(() => server.dispose());
  return { server, engine, notices };
}

interface Attack {
  uid: number;
  ended: number;
  result: Record<string, unknown>;
}

/** Runs an attack as the stranger, where this user may start programs as somebody else; what it has opened stays until the test ends. */
async function attack(...args: (string | number)[]): Promise<Attack> {
  const user = ROOT_ON_LINUX ? { uid: STRANGER, gid: STRANGER } : {};
  const child: ChildProcess = spawn(process.execPath, [join(folder, 'attack.mjs'), ...args.map(String)], {
    ...user,
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  undo.push(() => child.kill('SIGKILL'));
  let out = '';
  child.stdout?.on('data', (chunk) => (out += String(chunk)));
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('the attack has ended without a result')));
    child.stdout?.on('data', () => out.endsWith('\n') && resolve());
  });
  return JSON.parse(out) as Attack;
}

/**
 * How long timers of this process, such as the engine's tick, had to wait while something happened, in ms of processor time: on a busy
 * machine the time on the clock would be that of its other programs.
 */
async function delayDuring(run: () => Promise<unknown>): Promise<{ p99: number; max: number }> {
  const delays: number[] = [];
  let timer: NodeJS.Timeout;
  const measure = (before: NodeJS.CpuUsage): void => {
    timer = setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      delays.push((user + system) / 1000);
      measure(process.cpuUsage());
    }, 1);
  };
  measure(process.cpuUsage());
  await run().finally(() => clearTimeout(timer));
  delays.sort((a, b) => a - b);
  return { p99: delays[Math.floor(delays.length * 0.99)] ?? 0, max: delays.at(-1) ?? 0 };
}

const openDescriptors = () => readdirSync('/proc/self/fd').length;

describe.runIf(ROOT_ON_LINUX)('another user of the machine', () => {
  it('is refused with the cookie of a session, which ends and is reported', async () => {
    const { server, notices } = await start();
    const browser = await signIn(server);
    const { socket } = await openPage(server, browser);
    const ended = ending(socket);
    expect(await attack('cookie', server.port, 1, browser.cookie)).toMatchObject({
      uid: STRANGER,
      result: { request: 401, upgrade: 'HTTP/1.1 401 Unauthorized' },
    });
    expect(await ended).toBe(4401);
    expect((await ask(server, '/', { cookie: browser.cookie })).status).toBe(401);
    expect(notices).toEqual([
      expect.stringMatching(/^The dashboard session of uid 0 was used by uid 65534: that was refused/),
    ]);
  });

  it('is refused at the WebSocket too', async () => {
    const { server, notices, engine } = await start();
    const browser = await signIn(server);
    const { result } = await attack('upgradeOnly', server.port, 1, browser.cookie);
    expect(result).toEqual({ upgrade: 'HTTP/1.1 401 Unauthorized' });
    expect(notices).toHaveLength(1);
    expect(engine.calls).toEqual([]);
  });

  it("is known by the kernel's table, however many connections the machine has", async () => {
    const server = createServer();
    const accepted: Promise<Socket> = new Promise((resolve) => server.once('connection', resolve));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    void attack('connections', port, 1);
    const socket = await accepted;
    undo.push(() => socket.destroy());
    expect(await new PeerUsers().of(socket)).toEqual({ kind: 'user', uid: STRANGER });

    // The same connection at the end of a table of 100,000 others, 15 MB.
    const tables = join(folder, 'net');
    mkdirSync(tables);
    const table = readFileSync('/proc/net/tcp', 'latin1');
    const line =
      '   7: 0100007F:0001 0100007F:0002 01 00000000:00000000 00:00000000 00000000     0        0 9 1 0 20 4 30 10 -1';
    writeFileSync(join(tables, 'tcp'), `${`${line.padEnd(149)}\n`.repeat(100_000)}${table}`);
    let peers: PeerUser[] = [];
    const { p99 } = await delayDuring(async () => {
      const users = new PeerUsers('linux', tables);
      peers = await Promise.all(Array.from({ length: 50 }, () => users.of(socket)));
    });
    expect(new Set(peers.map((peer) => JSON.stringify(peer)))).toEqual(new Set([`{"kind":"user","uid":${STRANGER}}`]));
    expect(p99).toBeLessThan(50);
  });
});

describe('whose connection can not be found out', () => {
  it('gets a sentence, and no session: the token is still good', async () => {
    const { router } = fakeRouter();
    const opened = await openDashboardPort({ rendererDir: join(folder, 'renderer'), port: 0 });
    let peer: PeerUser = { kind: 'unknown' };
    const server = new WebServer(opened, {
      ...{ router, dataDir: folder, clock: new ManualClock(), proxyOrigin: null, note: () => undefined },
      peers: { of: () => Promise.resolve(peer) },
    });
    undo.push(() => server.dispose());
    const path = new URL(server.newUrl());
    const refused = await ask(server, path.pathname + path.search);
    expect(refused.status).toBe(403);
    expect(refused.body).toContain('did not report which user');
    peer = { kind: 'user', uid: 1000 };
    const { headers } = await ask(server, path.pathname + path.search);
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    peer = { kind: 'unknown' };
    expect((await ask(server, '/', { cookie })).body).toContain('did not report which user');
    peer = { kind: 'user', uid: 1000 };
    expect((await ask(server, '/', { cookie })).status).toBe(200);
  });

  it('is everybody where the table is missing, and nobody is where the system has none', async () => {
    const server = createServer((socket) => undo.push(() => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(() => server.close());
    const accepted: Promise<Socket> = new Promise((resolve) => server.once('connection', resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
    client.on('error', () => undefined);
    undo.push(() => client.terminate());
    const socket = await accepted;
    expect(await new PeerUsers('linux', folder).of(socket)).toEqual({ kind: 'unknown' });
    expect(await new PeerUsers('darwin').of(socket)).toEqual({ kind: 'anyone' });
  });
});

describe('an attack on the port', () => {
  const limitMs = FULL ? 400_000 : 30_000;

  it(
    'by connections takes few descriptors, no turns of the event loop, and locks nobody out',
    async () => {
      const { server } = await start();
      const browser = await signIn(server);
      const { socket } = await openPage(server, browser);
      const before = openDescriptors();
      let most = 0;
      const sampling = setInterval(() => (most = Math.max(most, openDescriptors())), 50);
      undo.push(() => clearInterval(sampling));
      const { p99, max } = await delayDuring(() => attack('connections', server.port, CONNECTIONS));
      if (FULL) process.stdout.write(`${CONNECTIONS} connections: p99 ${p99} ms, max ${max} ms, ${most} descriptors\n`);
      expect(p99).toBeLessThan(50);
      expect(most - before).toBeLessThanOrEqual(300);
      // The idle ones are still there.
      expect((await ask(server, '/', { cookie: browser.cookie })).status).toBe(200);
      expect(socket.readyState).toBe(socket.OPEN);
      const beganMs = performance.now();
      await server.dispose();
      expect(performance.now() - beganMs).toBeLessThan(1_500);
    },
    limitMs,
  );

  it('by connections that stay idle does not lock the operator out', async () => {
    const { server } = await start();
    // Fewer at a time than the kernel keeps waiting, so that the server has accepted them all.
    for (let count = 0; count < 320; count += 32) {
      const idle = Array.from({ length: 32 }, () => connect({ host: '127.0.0.1', port: server.port }));
      undo.push(() => idle.forEach((socket) => socket.destroy()));
      await Promise.all(
        idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve).on('error', resolve))),
      );
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    }
    const { cookie } = await signIn(server);
    expect((await ask(server, '/', { cookie })).status).toBe(200);
  });

  it('by requests that wait for no answer gets none', async () => {
    const { server } = await start();
    const { p99, max } = await delayDuring(() => attack('requests', server.port, FULL ? 2_000 : 100));
    if (FULL) process.stdout.write(`2000 × 500 requests: p99 ${p99} ms, max ${max} ms\n`);
    expect(p99).toBeLessThan(50);
    const { cookie } = await signIn(server);
    expect((await ask(server, '/', { cookie })).status).toBe(200);
  });

  it('by upgrades that are refused leaves nothing open, and does not delay the end', async () => {
    const { server } = await start();
    const before = openDescriptors();
    const { result } = await attack('upgrades', server.port, UPGRADES);
    expect(result).toEqual({ 'HTTP/1.1 401 Unauthorized': UPGRADES });
    // Of this test: the pipes of the attack.
    await eventually('the connections are closed', () => openDescriptors() <= before + 8);
    const beganMs = performance.now();
    await server.dispose();
    expect(performance.now() - beganMs).toBeLessThan(1_500);
  });

  it(
    'by messages that are no calls is one notice, and takes no turns of the event loop',
    async () => {
      const { server, notices } = await start();
      const browser = await signIn(server);
      const { p99, max } = await delayDuring(async () => {
        const perPage = FULL ? 2_000 : 200;
        for (let sent = 0; sent < MALFORMED; sent += perPage) {
          const { socket } = await openPage(server, browser);
          for (let count = 0; count < perPage; count++) socket.send(`{"i":"${count}`);
          expect(await ending(socket)).toBe(1008);
        }
      });
      if (FULL) process.stdout.write(`${MALFORMED} messages: p99 ${p99} ms, max ${max} ms\n`);
      expect(notices).toHaveLength(1);
      expect(p99).toBeLessThan(50);
    },
    limitMs,
  );
});
