import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { PLAIN_PAGE_POLICY, renderPage, SECURITY_HEADERS } from '../api/page';
import type { HealdeckRouter } from '../api/router';
import { createWebSocketEndpoint } from '../api/websocket';
import type { Clock } from '../engine/ports';
import { OneTimeTokens } from './one-time-tokens';
import { LOCKED_PAGE, WELCOME_PAGE } from './pages';
import { loadSessionKey, SessionCookie } from './session-cookie';
import { loadStaticFiles, sendStaticFile } from './static-files';

/** Only this machine: the dashboard starts programs, so it is never offered to a network. */
const HOST = '127.0.0.1';
/** Where the dashboard is when nothing else was asked for. */
export const DEFAULT_PORT = 7710;

export interface WebServerOptions {
  router: HealdeckRouter;
  /** Folder of the built dashboard. */
  rendererDir: string;
  /** Holds the key that signs sessions. */
  dataDir: string;
  /** null: 7710, or any free one when that is in use. A number is taken literally, or refused. */
  port: number | null;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
}

export interface WebServer {
  port: number;
  /** A URL that opens the dashboard once. */
  newDashboardUrl(): string;
  /** Ends all connections. */
  dispose(): Promise<void>;
}

/** Serves the dashboard and its API on the loopback interface. Rejects with a message for people when the port can't be had. */
export async function startWebServer(options: WebServerOptions): Promise<WebServer> {
  const { router, rendererDir, dataDir, clock } = options;
  const { indexHtml, assets } = loadDashboard(rendererDir);
  const tokens = new OneTimeTokens(clock);
  const server = createServer();
  const port = await listen(server, options.port);
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  const cookie = new SessionCookie(loadSessionKey(dataDir), port, () => clock.wallMs());
  const endpoint = createWebSocketEndpoint({ router, actor: 'browser' });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // Any site may point a name of its own at 127.0.0.1 (DNS rebinding); the Host header still tells its name.
    if (!hosts.includes(request.headers.host ?? ''))
      return say(response, 421, 'This is not the address of this dashboard.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return say(response, 405, 'Only GET and HEAD are answered.\n');
    }
    const url = parseUrl(request);
    if (url === null) return say(response, 400, 'That is no address.\n');
    const known = cookie.isIn(request.headers.cookie);
    const token = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) {
      // A HEAD is somebody's preview of the link: it must not use it up.
      if (request.method === 'GET' && tokens.redeem(token)) {
        response.setHeader('set-cookie', cookie.issue());
        return sayPage(response, 200, WELCOME_PAGE);
      }
      return known ? sayPage(response, 200, WELCOME_PAGE) : sayPage(response, 401, LOCKED_PAGE);
    }
    if (!known) return sayPage(response, 401, LOCKED_PAGE);
    if (url.pathname === '/' || url.pathname === '/index.html') {
      const { body, headers } = renderPage(
        indexHtml,
        hosts.map((host) => `ws://${host}`),
      );
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    const asset = assets.get(url.pathname);
    if (asset === undefined) return say(response, 404, 'There is nothing here.\n');
    sendStaticFile(request, response, asset);
  });

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = refuseUpgrade(request, hosts, cookie);
    if (refusal === null) return endpoint.upgrade(request, socket, head);
    socket.on('error', () => socket.destroy());
    socket.end(`HTTP/1.1 ${refusal}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });

  return {
    port,
    newDashboardUrl: () => `http://${HOST}:${port}/?token=${tokens.issue()}`,
    dispose: async () => {
      endpoint.dispose();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * Why a WebSocket may not be opened, as a status line, or null. Browsers let every page open one to anywhere and send cookies of
 * the same site along, so the page's origin must be the dashboard's own.
 */
function refuseUpgrade(request: IncomingMessage, hosts: readonly string[], cookie: SessionCookie): string | null {
  const host = request.headers.host ?? '';
  if (!hosts.includes(host)) return '421 Misdirected Request';
  if (request.headers.origin !== `http://${host}`) return '403 Forbidden';
  return cookie.isIn(request.headers.cookie) ? null : '401 Unauthorized';
}

function parseUrl(request: IncomingMessage): URL | null {
  try {
    return new URL(request.url ?? '', `http://${HOST}`);
  } catch {
    return null;
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}

function sayPage(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': PLAIN_PAGE_POLICY,
    'cache-control': 'no-store',
  });
  response.end(html);
}

function loadDashboard(folder: string) {
  try {
    const assets = loadStaticFiles(folder);
    const index = assets.get('/index.html');
    if (index !== undefined) return { indexHtml: index.body.toString('utf8'), assets };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new Error(`the dashboard is not built (there is no index.html in ${folder}); run: npm run build`);
}

async function listen(server: ReturnType<typeof createServer>, wanted: number | null): Promise<number> {
  try {
    return await listenOn(server, wanted ?? DEFAULT_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (wanted === null && (code === 'EADDRINUSE' || code === 'EACCES')) return listenOn(server, 0);
    if (code === 'EADDRINUSE') {
      throw new Error(
        `port ${wanted} on ${HOST} is in use by another program; choose one with --port, or leave --port out`,
        {
          cause: error,
        },
      );
    }
    if (code === 'EACCES') {
      throw new Error(`port ${wanted} may not be opened by this user; choose one above 1023`, { cause: error });
    }
    throw error;
  }
}

function listenOn(server: ReturnType<typeof createServer>, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
