import { createHmac, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { WebSocket } from 'ws';
import { proveEngine, type ProofChannel, type ProofKey } from '../../../shared/lib/host/page-proof';
import type { WebServer } from '../web-server';
import { eventually } from '../../adapters/testing/children';

type Served = Pick<WebServer, 'port' | 'newUrl'>;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

/** One plain request; `fetch` would not let a test choose its Host. */
export function ask(
  { port }: Pick<Served, 'port'>,
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.on('data', (chunk) => (body += String(chunk)));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    });
    sent.on('error', reject);
    sent.end();
  });
}

export const pathOf = (url: string): string => new URL(url).pathname + new URL(url).search;
export const originOf = ({ port }: Pick<Served, 'port'>): string => `http://127.0.0.1:${port}`;

export interface Browser {
  cookie: string;
  /** What the page of the session knows, which is in no cookie. */
  key: string;
}

/** Redeems a fresh token. */
export async function signIn(server: Served): Promise<Browser> {
  const { headers, body } = await ask(server, pathOf(server.newUrl()));
  const key = /sessionStorage\.setItem\('healdeck\.session', '([\w-]{43})'\)/.exec(body)?.[1] ?? '';
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '', key };
}

/** A WebSocket that is open; rejects with the status that refused it. */
export async function openSocket({ port }: Pick<Served, 'port'>, headers: Record<string, string>): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { headers });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

/** Resolves to the code with which the connection ends. */
export const ending = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.once('close', resolve));

/** A page as the dashboard's own: with the cookie, and the proof that it knows the key. */
export async function openPage(server: Pick<Served, 'port'>, { cookie, key }: Browser) {
  const socket = await openSocket(server, { cookie, origin: originOf(server) });
  const isEngine = await proveEngine(channelOf(socket), keyOf(key), originOf(server));
  return { socket, isEngine };
}

function channelOf(socket: WebSocket): ProofChannel {
  const unread: string[] = [];
  let isClosed = false;
  socket.on('message', (data) => unread.push(String(data)));
  socket.on('close', () => (isClosed = true));
  return {
    send: (text) => socket.send(text),
    next: async () => {
      await eventually('the engine answers', () => unread.length > 0 || isClosed);
      return unread.shift() ?? '';
    },
  };
}

function keyOf(key: string): ProofKey {
  return {
    nonce: () => randomBytes(32).toString('base64url'),
    sign: async (text) => createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url'),
  };
}
