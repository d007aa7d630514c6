import { rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { refuseConnection } from '../api/bounded-server';
import { renderPage, SECURITY_HEADERS } from '../api/page';
import { QuietNotices, malformedMessage, type ClientNotice } from '../api/quiet-notices';
import type { DashboardLinks, HealdeckRouter } from '../api/router';
import { WebSocketEndpoint } from '../api/websocket';
import type { Clock } from '../engine/ports';
import { HOST, type OpenedPort } from './dashboard-port';
import { createLinkPages } from './link-pages';
import { OneTimeTokens } from './one-time-tokens';
import { admitPage } from './page-admission';
import { AGAIN_PAGE, LOCKED_PAGE, UNKNOWN_USER_PAGE, welcomePage, type PlainPage } from './pages';
import { createPeerUsers, isSamePeer, type PeerUser, type PeerUsers } from './peer-user';
import { cookieName, cookieValues, sessionCookie, Sessions, type Session } from './sessions';
import { sendStaticFile } from './static-files';

/** The key of sessions that outlived an engine, as earlier versions had them. */
const FORMER_KEY_FILE = 'dashboard.key';

export interface WebServerOptions {
  router: HealdeckRouter;
  /** Holds the pages that lead a browser here. */
  dataDir: string;
  clock: Pick<Clock, 'monotonicMs' | 'wallMs'>;
  /** Publishes what the operator should know of those who tried to come in. */
  note: (notice: ClientNotice) => void;
  /**
   * Origin under which a reverse proxy on this machine offers the dashboard, such as `https://ops.example.org`; null without one.
   * Sessions that come through it are bound to the user of the proxy: it must tell its own users apart.
   */
  proxyOrigin: string | null;
  peers?: PeerUsers;
}

export interface WebServer extends DashboardLinks {
  port: number;
  /** Ends all connections and sessions. */
  dispose(): Promise<void>;
}

/** What a request may have: everything of a session, or nothing, with the page that says why. */
type Access = { session: Session } | { session: null; page: PlainPage };

/**
 * Serves the dashboard and its API on a port that was taken for it. Who has redeemed a one-time token has a session: requests need its
 * cookie and come from the user who has redeemed it; calls need, besides, a page that knows the session's key ({@link admitPage}).
 */
export function serveDashboard(opened: OpenedPort, options: WebServerOptions): WebServer {
  const { router, dataDir, clock, note, proxyOrigin, peers = createPeerUsers() } = options;
  const { port, indexHtml, assets } = opened;
  /** Host header → origin of the page. */
  const origins = new Map([`${HOST}:${port}`, `localhost:${port}`].map((host) => [host, `http://${host}`]));
  if (proxyOrigin !== null) origins.set(new URL(proxyOrigin).host, proxyOrigin);
  const webSocketOrigins = [...origins.values()].map((origin) => origin.replace(/^http/, 'ws'));
  rmSync(join(dataDir, FORMER_KEY_FILE), { force: true });
  const tokens = new OneTimeTokens(clock);
  const sessions = new Sessions(clock);
  const pages = createLinkPages(dataDir);
  const quietNotices = new QuietNotices({ clock, note });
  const endpoint = new WebSocketEndpoint({
    ...{ router, actor: 'browser' },
    onMalformed: () => quietNotices.note('malformed message', malformedMessage('a browser')),
  });
  const urlOf = (token: string): string => `${proxyOrigin ?? `http://${HOST}:${port}`}/?token=${token}`;
  const newUrl = (): string => urlOf(tokens.issue());

  async function accessOf(request: IncomingMessage): Promise<Access> {
    for (const id of cookieValues(request.headers.cookie, cookieName(port))) {
      const session = sessions.find(id);
      if (session === null) continue;
      const peer = await peers.of(request.socket);
      if (isSamePeer(peer, session.peer)) return { session };
      if (peer.kind === 'unknown') return { session: null, page: UNKNOWN_USER_PAGE };
      session.end();
      quietNotices.note('stolen session', stolenSession(peer, session.peer));
    }
    return { session: null, page: LOCKED_PAGE };
  }

  async function redeem(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A HEAD is somebody's preview of the link: it must not use it up.
    if (request.method === 'GET' && tokens.isValid(token)) {
      const peer = await peers.of(request.socket);
      if (peer.kind === 'unknown') return sayPage(response, 403, UNKNOWN_USER_PAGE);
      if (tokens.redeem(token)) {
        void pages.remove(urlOf(token));
        const { session, id } = sessions.begin(peer);
        const isSecure = origins.get(request.headers.host ?? '')?.startsWith('https:') ?? false;
        response.setHeader('set-cookie', sessionCookie(port, id, isSecure));
        return sayPage(response, 200, welcomePage(session.key));
      }
    }
    const access = await accessOf(request);
    if (access.session === null) sayPage(response, 401, access.page);
    else sayPage(response, 200, AGAIN_PAGE);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // Any site may point a name of its own at 127.0.0.1 (DNS rebinding); the Host header still tells its name.
    if (!origins.has(request.headers.host ?? ''))
      return say(response, 421, 'This is not the address of this dashboard.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return say(response, 405, 'Only GET and HEAD are answered.\n');
    }
    const url = parseUrl(request);
    if (url === null) return say(response, 400, 'That is no address.\n');
    const token = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return redeem(token, request, response);
    const access = await accessOf(request);
    if (access.session === null) return sayPage(response, 401, access.page);
    if (url.pathname === '/' || url.pathname === '/index.html') {
      const { body, headers } = renderPage(indexHtml, webSocketOrigins);
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    const asset = assets.get(url.pathname);
    if (asset === undefined) return say(response, 404, 'There is nothing here.\n');
    sendStaticFile(request, response, asset);
  }

  /**
   * Browsers let every page open a WebSocket to anywhere and send cookies of the same site along, so the page's origin must be the
   * dashboard's own.
   */
  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until it is known whose it is, nobody else hears of its errors.
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const origin = origins.get(request.headers.host ?? '');
    if (origin === undefined) return refuseConnection(socket, '421 Misdirected Request');
    if (request.headers.origin !== origin) return refuseConnection(socket, '403 Forbidden');
    const { session } = await accessOf(request);
    if (socket.destroyed) return;
    if (session === null) return refuseConnection(socket, '401 Unauthorized');
    socket.off('error', onError);
    endpoint.upgrade(request, socket, head, admitPage(session, origin));
  }

  opened.serve({
    request: (request, response) =>
      void answer(request, response).catch(() => {
        // Nothing here fails but the connection itself, such as when it ends between two headers.
        response.destroy();
      }),
    upgrade: (request, socket, head) => void upgrade(request, socket, head).catch(() => socket.destroy()),
  });

  return {
    port,
    newUrl,
    newPage: () => pages.write(newUrl()),
    dispose: async () => {
      endpoint.dispose();
      await Promise.all([opened.close(), pages.removeAll()]);
    },
  };
}

function stolenSession(peer: PeerUser, owner: PeerUser): ClientNotice {
  const name = (user: PeerUser): string => (user.kind === 'user' ? `uid ${user.uid}` : 'another user');
  const detail =
    `The dashboard session of ${name(owner)} was used by ${name(peer)}: that was refused, and the session was ended. ` +
    'Another user may have got its cookie; "healdeck open" prints a new address';
  return { topic: 'dashboard', severity: 'high', detail };
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

function sayPage(response: ServerResponse, status: number, { body, policy }: PlainPage): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
  });
  response.end(body);
}
