import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from '../engine/testing/manual-clock';
import { fakeRouter, openClient } from '../api/testing/api-client';
import { openDashboardPort } from './dashboard-port';
import { ask, ending, openPage, openSocket, pathOf, signIn } from './testing/dashboard-client';
import { WebServer } from './web-server';
import { eventually } from '../adapters/testing/children';

let folder: string;
let rendererDir: string;
const undo: (() => unknown)[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-web-'));
  rendererDir = join(folder, 'renderer');
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<script nonce="__CSP_NONCE__" src="/assets/app.js"></script>');
  writeFileSync(join(rendererDir, 'assets/app.js'), 'let a;');
  writeFileSync(join(folder, 'secret'), 'secret');
});
afterEach(async () => {
  for (const run of undo.splice(0).reverse()) await run();
  rmSync(folder, { recursive: true, force: true });
});

async function start(port: number | null = null, proxyOrigin: string | null = null) {
  const { router, engine } = fakeRouter();
  const opened = await openDashboardPort({ rendererDir, port });
  const notices: string[] = [];
  const clock = new ManualClock();
  const server = new WebServer(opened, {
    ...{ router, dataDir: folder, clock, proxyOrigin },
    note: ({ detail }) => notices.push(detail),
  });
  undo.push(() => server.dispose());
  return { server, engine, notices, clock };
}

describe('the web dashboard', () => {
  it('exchanges a token once for a cookie that opens page and files', async () => {
    const { server } = await start();
    const path = pathOf(server.newUrl());
    expect((await ask(server, path, {}, 'HEAD')).headers['set-cookie']).toBeUndefined();
    const first = await ask(server, path);
    expect(first.status).toBe(200);
    expect(first.body).toContain("location.replace('/')");
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^healdeck_${server.port}=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    // What the page must know is never part of the cookie, and only a script of this page may run.
    expect(first.headers['set-cookie']?.[0]).not.toContain(/'([\w-]{43})'/.exec(first.body)?.[1]);
    expect(first.headers['content-security-policy']).toMatch(/^default-src 'none';.*; script-src 'nonce-[\w-]+'$/);
    const again = await ask(server, path);
    expect(again.status).toBe(401);
    expect(again.headers['set-cookie']).toBeUndefined();

    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await ask(server, path, { cookie })).status).toBe(200);
    const page = await ask(server, '/', { cookie });
    expect(page.status).toBe(200);
    const nonce = /'nonce-([^']+)'/.exec(String(page.headers['content-security-policy']))?.[1];
    expect(page.body).toContain(`nonce="${nonce}"`);
    const file = await ask(server, '/assets/app.js', { cookie });
    expect(file).toMatchObject({ status: 200, body: 'let a;' });
    expect(file.headers['content-type']).toContain('text/javascript');
    const unchanged = await ask(server, '/assets/app.js', { cookie, 'if-none-match': String(file.headers['etag']) });
    expect(unchanged.status).toBe(304);
  });

  it('is locked without a cookie, and says how to open it', async () => {
    const { server } = await start();
    for (const path of ['/', '/index.html', '/assets/app.js', '/?token=wrong', '/nothing']) {
      const { status, body } = await ask(server, path, { cookie: `healdeck_${server.port}=1.2.3` });
      expect(status).toBe(401);
      expect(body).toContain('healdeck open');
    }
  });

  it('takes no token after a minute', async () => {
    const { server, clock } = await start();
    const path = pathOf(server.newUrl());
    await clock.advance(60_000);
    expect((await ask(server, path)).status).toBe(401);
  });

  it('knows no session of an earlier run, and removes the key that made them last', async () => {
    writeFileSync(join(folder, 'dashboard.key'), 'x'.repeat(32));
    const { server } = await start();
    expect(existsSync(join(folder, 'dashboard.key'))).toBe(false);
    const { cookie } = await signIn(server);
    const { port } = server;
    await server.dispose();
    const again = await start(port);
    expect((await ask(again.server, '/', { cookie })).status).toBe(401);
  });

  it('ends a session that nobody uses', async () => {
    const { server, clock } = await start();
    const { cookie } = await signIn(server);
    await clock.advance(14 * 60_000);
    expect((await ask(server, '/', { cookie })).status).toBe(200);
    await clock.advance(15 * 60_000);
    expect((await ask(server, '/', { cookie })).status).toBe(401);
  });

  it('is offered by a reverse proxy under its origin, with a cookie that goes over HTTPS only', async () => {
    const { server } = await start(null, 'https://ops.example.org');
    const url = server.newUrl();
    expect(url).toMatch(/^https:\/\/ops\.example\.org\/\?token=/);
    const { headers } = await ask(server, pathOf(url), { host: 'ops.example.org' });
    expect(String(headers['set-cookie'])).toMatch(/; Secure$/);
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    const page = await ask(server, '/', { cookie, host: 'ops.example.org' });
    expect(page.headers['content-security-policy']).toContain(' wss://ops.example.org;');
    expect((await ask(server, '/', { cookie, host: 'other.example.org' })).status).toBe(421);
  });

  it('answers only to its own name', async () => {
    const { server } = await start();
    const { cookie } = await signIn(server);
    expect((await ask(server, '/', { cookie, host: `localhost:${server.port}` })).status).toBe(200);
    for (const host of ['evil.example', `evil.example:${server.port}`, '127.0.0.1', `[::1]:${server.port}`]) {
      expect((await ask(server, '/', { cookie, host })).status, host).toBeGreaterThanOrEqual(400);
    }
  });

  it('sends its security headers with everything', async () => {
    const { server } = await start();
    const { cookie } = await signIn(server);
    for (const path of ['/', '/assets/app.js', '/nothing', '/?token=x']) {
      expect((await ask(server, path, { cookie })).headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
      });
    }
    expect((await ask(server, '/', {})).headers['content-security-policy']).toContain("default-src 'none'");
    expect((await ask(server, '/', { cookie })).headers['content-security-policy']).toContain(
      `ws://127.0.0.1:${server.port}`,
    );
  });

  it('answers GET and HEAD only, and nothing from outside its folder', async () => {
    const { server } = await start();
    const { cookie } = await signIn(server);
    expect((await ask(server, '/', { cookie }, 'POST')).status).toBe(405);
    expect((await ask(server, '/', { cookie }, 'HEAD')).body).toBe('');
    for (const path of ['/../secret', '/%2e%2e/secret', '/..%2fsecret', '//etc/passwd', '/assets/../../secret', '/%']) {
      expect((await ask(server, path, { cookie })).status, path).toBe(404);
    }
  });

  it('listens on the loopback interface only', async () => {
    const { server } = await start();
    const other = connect({ host: '127.0.0.2', port: server.port });
    const refused = await new Promise((resolve) => {
      other.once('error', () => resolve(true));
      other.once('connect', () => resolve(false));
    });
    other.destroy();
    expect(refused).toBe(true);
  });
});

describe('the WebSocket of the dashboard', () => {
  it('serves a page of the same origin that has the cookie and knows the key, and ends with the server', async () => {
    const { server, engine } = await start();
    const { socket, isEngine } = await openPage(server, await signIn(server));
    expect(isEngine).toBe(true);
    const { client } = await openClient(socket);
    const target = { kind: 'command' as const, command: { argv: ['x'], cwd: '/' } };
    await client.watches.add({ spec: { name: 'web', target } });
    expect(engine.calls).toMatchObject([{ request: { actor: 'browser' } }]);
    await (await client.live()).next();
    await server.dispose();
    await eventually('all is closed', () => engine.listeners.size === 0 && socket.readyState === WebSocket.CLOSED);
  });

  it('is refused to other origins, names and strangers', async () => {
    const { server } = await start();
    const { cookie } = await signIn(server);
    const host = `127.0.0.1:${server.port}`;
    const origin = `http://${host}`;
    await expect(openSocket(server, { cookie, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(openSocket(server, { cookie, origin: `http://localhost:${server.port}` })).rejects.toThrow('403');
    await expect(openSocket(server, { cookie })).rejects.toThrow('403');
    await expect(openSocket(server, { origin })).rejects.toThrow('401');
    const rebound = { cookie, host: `evil.example:${server.port}`, origin: `http://evil.example:${server.port}` };
    await expect(openSocket(server, rebound)).rejects.toThrow('421');
  });

  it('serves nothing for the cookie alone: not a call, not a guessed key', async () => {
    const { server, engine } = await start();
    const { cookie } = await signIn(server);
    const origin = `http://127.0.0.1:${server.port}`;
    const call = JSON.stringify({ i: '1', p: { u: '/watches/stop', b: { json: { watch: 'x' }, meta: [] } } });
    const caller = await openSocket(server, { cookie, origin });
    const heard: string[] = [];
    caller.on('message', (data) => heard.push(String(data)));
    caller.send(call);
    expect(await ending(caller)).toBe(4401);
    expect(heard).toEqual([]);

    const guesser = await openPage(server, { cookie, key: Buffer.alloc(32).toString('base64url') });
    expect(guesser.isEngine).toBe(false);
    const rude = await openSocket(server, { cookie, origin });
    rude.send(JSON.stringify({ nonce: 'a'.repeat(43) }));
    rude.send(JSON.stringify({ proof: 'a'.repeat(43) }));
    rude.send(call);
    await ending(rude);
    expect(engine.calls).toEqual([]);
  });

  it('ends with its session, and keeps the session alive while it is open', async () => {
    const { server, clock } = await start();
    const browser = await signIn(server);
    const { socket } = await openPage(server, browser);
    await clock.advance(3_600_000);
    expect((await ask(server, '/', { cookie: browser.cookie })).status).toBe(200);
    socket.close();
    await ending(socket);
    // The server may see it a moment later; from then on the session is unused.
    for (let status = 200; status !== 401;) {
      await clock.advance(3_600_000);
      ({ status } = await ask(server, '/', { cookie: browser.cookie }));
    }
  });

  it('closes a connection at its first message that is no call, and reports it once', async () => {
    const { server, notices } = await start();
    const browser = await signIn(server);
    for (const text of ['no JSON', '{"i":1,"p":null}', '[]']) {
      const { socket } = await openPage(server, browser);
      for (let count = 0; count < 100; count++) socket.send(text);
      expect(await ending(socket)).toBe(1008);
    }
    expect(notices).toEqual(['A message of a browser could not be read as a call; its connection was closed']);
  });

  it('is refused beyond 32 connections', async () => {
    const { server } = await start();
    const browser = await signIn(server);
    for (let count = 0; count < 32; count++) await openPage(server, browser);
    const origin = `http://127.0.0.1:${server.port}`;
    await expect(openSocket(server, { cookie: browser.cookie, origin })).rejects.toThrow('503');
  });
});

describe('the port of the dashboard', () => {
  async function occupy(port: number): Promise<number> {
    const other = createServer();
    await new Promise<void>((resolve, reject) => other.once('error', reject).listen(port, '127.0.0.1', resolve));
    undo.push(() => new Promise((resolve) => other.close(resolve)));
    return (other.address() as AddressInfo).port;
  }

  it('in use is an error that names it', async () => {
    const port = await occupy(0);
    await expect(start(port)).rejects.toThrow(`port ${port} on 127.0.0.1 is in use`);
  });

  it('is a free one when none was asked for and the usual one is in use', async () => {
    // Another program may hold 7710 already, which serves this test just as well.
    await occupy(7710).catch(() => undefined);
    const { server } = await start(null);
    expect(server.port).not.toBe(7710);
    expect(server.port).toBeGreaterThan(0);
  });

  it('is not opened when the dashboard was never built', async () => {
    rmSync(join(rendererDir, 'index.html'));
    await expect(start(null)).rejects.toThrow('npm run build');
  });
});
