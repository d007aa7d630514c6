import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { PLAIN_PAGE_POLICY, renderPage, SECURITY_HEADERS } from '../api/page';
import type { HealdeckRouter } from '../api/router';
import { createWebSocketEndpoint } from '../api/websocket';
import type { Clock } from '../engine/ports';
import { HOST, type OpenedPort } from './dashboard-port';
import { OneTimeTokens } from './one-time-tokens';
import { LOCKED_PAGE, WELCOME_PAGE } from './pages';
import { loadSessionKey, SessionCookie } from './session-cookie';
import { sendStaticFile } from './static-files';

export interface WebServerOptions {
  router: HealdeckRouter;
  /** Holds the key that signs sessions. */
  dataDir: string;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
}

export interface WebServer {
  port: number;
  /** A URL that opens the dashboard once. */
  newDashboardUrl(): string;
  /** Ends all connections. */
  dispose(): Promise<void>;
}

/** Serves the dashboard and its API on a port that was taken for it. */
export function serveDashboard(opened: OpenedPort, { router, dataDir, clock }: WebServerOptions): WebServer {
  const { server, port, indexHtml, assets } = opened;
  const hosts = [`${HOST}:${port}`, `localhost:${port}`];
  const tokens = new OneTimeTokens(clock);
  const cookie = new SessionCookie(loadSessionKey(dataDir), port, () => clock.wallMs());
  const endpoint = createWebSocketEndpoint({ router, actor: 'browser' });

  server.removeAllListeners('request').removeAllListeners('upgrade');
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
      await opened.close();
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
