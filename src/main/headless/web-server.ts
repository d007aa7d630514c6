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
import { LinkPages } from './link-pages';
import { OneTimeTokens } from './one-time-tokens';
import { admitPage } from './page-admission';
import { AGAIN_PAGE, LOCKED_PAGE, UNKNOWN_USER_PAGE, welcomePage, type PlainPage } from './pages';
import { isSamePeer, PeerUsers, type PeerUser } from './peer-user';
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
   * Sessions that come through it are bound to the user of the proxy: it must distinguish its own users.
   */
  proxyOrigin: string | null;
  peers?: Pick<PeerUsers, 'of'>;
}

/** What a request may have: everything of a session, or nothing, with the page that gives the reason. */
type Access = { session: Session } | { session: null; page: PlainPage };

/**
 * Serves the dashboard and its API on a port that was taken for it. Who has redeemed a one-time token has a session: requests need its
 * cookie and come from the user who has redeemed it; calls need, besides, a page that knows the session's key ({@link admitPage}).
 */
export class WebServer implements DashboardLinks {
  readonly port: number;
  /** Host header → origin of the page. */
  private readonly origins: ReadonlyMap<string, string>;
  private readonly tokens: OneTimeTokens;
  private readonly sessions: Sessions;
  private readonly pages: LinkPages;
  private readonly peers: Pick<PeerUsers, 'of'>;
  private readonly quietNotices: QuietNotices;
  private readonly endpoint: WebSocketEndpoint;

  constructor(
    private readonly opened: OpenedPort,
    private readonly options: WebServerOptions,
  ) {
    const { router, dataDir, clock, note, proxyOrigin, peers = new PeerUsers() } = options;
    this.port = opened.port;
    this.origins = originsOf(opened.port, proxyOrigin);
    rmSync(join(dataDir, FORMER_KEY_FILE), { force: true });
    this.tokens = new OneTimeTokens(clock);
    this.sessions = new Sessions(clock);
    this.pages = new LinkPages(dataDir);
    this.peers = peers;
    this.quietNotices = new QuietNotices({ clock, note });
    this.endpoint = new WebSocketEndpoint({
      ...{ router, actor: 'browser' },
      onMalformed: () => this.quietNotices.note('malformed message', malformedMessage('a browser')),
    });
    opened.serve({
      request: (request, response) =>
        void this.answer(request, response).catch(() => {
          // Nothing here fails but the connection itself, such as when it ends between two headers.
          response.destroy();
        }),
      upgrade: (request, socket, head) => void this.upgrade(request, socket, head).catch(() => socket.destroy()),
    });
  }

  newUrl(): string {
    return this.urlOf(this.tokens.issue());
  }

  newPage(): Promise<string> {
    return this.pages.write(this.newUrl());
  }

  /** Ends all connections and sessions. */
  async dispose(): Promise<void> {
    this.endpoint.dispose();
    await Promise.all([this.opened.close(), this.pages.removeAll()]);
  }

  private urlOf(token: string): string {
    return `${this.options.proxyOrigin ?? `http://${HOST}:${this.port}`}/?token=${token}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // Any site may point a name of its own at 127.0.0.1 (DNS rebinding); the Host header still shows its name.
    if (!this.origins.has(request.headers.host ?? ''))
      return say(response, 421, 'This is not the address of this dashboard.\n');
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return say(response, 405, 'Only GET and HEAD are answered.\n');
    }
    const url = parseUrl(request);
    if (url === null) return say(response, 400, 'This is not a valid address.\n');
    const token = url.pathname === '/' ? url.searchParams.get('token') : null;
    if (token !== null) return this.redeem(token, request, response);
    const access = await this.accessOf(request);
    if (access.session === null) return sayPage(response, 401, access.page);
    if (url.pathname === '/' || url.pathname === '/index.html') {
      const webSocketOrigins = [...this.origins.values()].map((origin) => origin.replace(/^http/, 'ws'));
      const { body, headers } = renderPage(this.opened.indexHtml, webSocketOrigins);
      response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : body);
      return;
    }
    const asset = this.opened.assets.get(url.pathname);
    if (asset === undefined) return say(response, 404, 'There is nothing here.\n');
    sendStaticFile(request, response, asset);
  }

  private async redeem(token: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A HEAD is somebody's preview of the link: it must not use it up.
    if (request.method === 'GET' && this.tokens.isValid(token)) {
      const peer = await this.peers.of(request.socket);
      if (peer.kind === 'unknown') return sayPage(response, 403, UNKNOWN_USER_PAGE);
      if (this.tokens.redeem(token)) {
        void this.pages.remove(this.urlOf(token));
        const { session, id } = this.sessions.begin(peer);
        const isSecure = this.origins.get(request.headers.host ?? '')?.startsWith('https:') ?? false;
        response.setHeader('set-cookie', sessionCookie(this.port, id, isSecure));
        return sayPage(response, 200, welcomePage(session.key));
      }
    }
    const access = await this.accessOf(request);
    if (access.session === null) sayPage(response, 401, access.page);
    else sayPage(response, 200, AGAIN_PAGE);
  }

  /**
   * Browsers let every page open a WebSocket to anywhere and send cookies of the same site along, so the page's origin must be the
   * dashboard's own.
   */
  private async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    // Until it is known whose it is, nobody else hears of its errors.
    const onError = (): void => void socket.destroy();
    socket.on('error', onError);
    const origin = this.origins.get(request.headers.host ?? '');
    if (origin === undefined) return refuseConnection(socket, '421 Misdirected Request');
    if (request.headers.origin !== origin) return refuseConnection(socket, '403 Forbidden');
    const { session } = await this.accessOf(request);
    if (socket.destroyed) return;
    if (session === null) return refuseConnection(socket, '401 Unauthorized');
    socket.off('error', onError);
    this.endpoint.upgrade(request, socket, head, admitPage(session, origin));
  }

  private async accessOf(request: IncomingMessage): Promise<Access> {
    for (const id of cookieValues(request.headers.cookie, cookieName(this.port))) {
      const session = this.sessions.find(id);
      if (session === null) continue;
      const peer = await this.peers.of(request.socket);
      if (isSamePeer(peer, session.peer)) return { session };
      if (peer.kind === 'unknown') return { session: null, page: UNKNOWN_USER_PAGE };
      session.end();
      this.quietNotices.note('stolen session', stolenSession(peer, session.peer));
    }
    return { session: null, page: LOCKED_PAGE };
  }
}

function originsOf(port: number, proxyOrigin: string | null): ReadonlyMap<string, string> {
  const origins = new Map([`${HOST}:${port}`, `localhost:${port}`].map((host) => [host, `http://${host}`]));
  if (proxyOrigin !== null) origins.set(new URL(proxyOrigin).host, proxyOrigin);
  return origins;
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
