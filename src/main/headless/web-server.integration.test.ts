import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { ManualClock } from '../engine/testing/manual-clock';
import { fakeRouter, openClient, until } from '../api/testing/api-client';
import { openDashboardPort } from './dashboard-port';
import { serveDashboard, type WebServer } from './web-server';

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

async function start(port: number | null = null) {
  const { router, engine } = fakeRouter();
  const opened = await openDashboardPort({ rendererDir, port });
  const server = serveDashboard(opened, { router, dataDir: folder, clock: new ManualClock() });
  undo.push(() => server.dispose());
  return { server, engine };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One plain request; `fetch` would not let a test choose its Host. */
function ask(server: WebServer, path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

const pathOf = (url: string) => new URL(url).pathname + new URL(url).search;

async function signIn(server: WebServer): Promise<string> {
  const { headers } = await ask(server, pathOf(server.newDashboardUrl()));
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

describe('the web dashboard', () => {
  it('exchanges a token once for a cookie that opens page and files', async () => {
    const { server } = await start();
    const path = pathOf(server.newDashboardUrl());
    expect((await ask(server, path, {}, 'HEAD')).headers['set-cookie']).toBeUndefined();
    const first = await ask(server, path);
    expect(first.status).toBe(200);
    expect(first.body).toContain('content="0; url=/"');
    expect(first.headers['set-cookie']?.[0]).toMatch(
      new RegExp(`^healdeck_${server.port}=\\S+; Path=/; Max-Age=2592000; HttpOnly; SameSite=Strict$`),
    );
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

  it('lets a browser in again after a restart of the engine, with a key file for its owner only', async () => {
    const { server } = await start();
    const cookie = await signIn(server);
    const { port } = server;
    await server.dispose();
    const again = await start(port);
    expect((await ask(again.server, '/', { cookie })).status).toBe(200);
    expect(statSync(join(folder, 'dashboard.key')).mode & 0o777).toBe(0o600);
  });

  it('answers only to its own name', async () => {
    const { server } = await start();
    const cookie = await signIn(server);
    expect((await ask(server, '/', { cookie, host: `localhost:${server.port}` })).status).toBe(200);
    for (const host of ['evil.example', `evil.example:${server.port}`, '127.0.0.1', `[::1]:${server.port}`]) {
      expect((await ask(server, '/', { cookie, host })).status, host).toBeGreaterThanOrEqual(400);
    }
  });

  it('sends its security headers with everything', async () => {
    const { server } = await start();
    const cookie = await signIn(server);
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
    const cookie = await signIn(server);
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
  const open = (server: WebServer, headers: Record<string, string>) =>
    openClient(new WebSocket(`ws://127.0.0.1:${server.port}/rpc`, { headers }));

  it('serves a page of the same origin that has the cookie, and ends with the server', async () => {
    const { server, engine } = await start();
    const { client, socket } = await open(server, {
      ...{ cookie: await signIn(server), origin: `http://127.0.0.1:${server.port}` },
    });
    const target = { kind: 'command' as const, command: { argv: ['x'], cwd: '/' } };
    await client.watches.add({ spec: { name: 'web', target } });
    expect(engine.calls).toMatchObject([{ request: { actor: 'browser' } }]);
    await (await client.live()).next();
    await server.dispose();
    await until(() => engine.listeners.size === 0 && socket.readyState === WebSocket.CLOSED, 'all is closed');
  });

  it('is refused to other origins, names and strangers', async () => {
    const { server } = await start();
    const cookie = await signIn(server);
    const host = `127.0.0.1:${server.port}`;
    const origin = `http://${host}`;
    await expect(open(server, { cookie, origin: 'http://evil.example' })).rejects.toThrow('403');
    await expect(open(server, { cookie, origin: `http://localhost:${server.port}` })).rejects.toThrow('403');
    await expect(open(server, { cookie })).rejects.toThrow('403');
    await expect(open(server, { origin })).rejects.toThrow('401');
    const rebound = { cookie, host: `evil.example:${server.port}`, origin: `http://evil.example:${server.port}` };
    await expect(open(server, rebound)).rejects.toThrow('421');
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
