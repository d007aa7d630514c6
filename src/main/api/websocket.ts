import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { RPCHandler } from '@orpc/server/ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { callOptions, type TransportOptions } from './rpc-options';

/** The largest request is a whole configuration; a thousand watches are about half of this. */
const MAX_MESSAGE_BYTES = 4_000_000;
const PING_INTERVAL_MS = 15_000;

/** Connections of clients over WebSocket. */
export interface WebSocketEndpoint {
  /** Takes over a connection that asked to be upgraded; who may connect is decided by the caller, before. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Open connections. */
  readonly size: number;
  /** Ends all connections and their streams. */
  dispose(): void;
}

/** Serves the router to WebSocket clients. A client that answers no ping for an interval is cut off. */
export function createWebSocketEndpoint(
  { router, actor }: TransportOptions,
  pingIntervalMs = PING_INTERVAL_MS,
): WebSocketEndpoint {
  const handler = new RPCHandler(router);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const alive = new WeakSet<WebSocket>();
  const pings = setInterval(() => {
    for (const socket of server.clients) {
      if (!alive.has(socket)) {
        socket.terminate();
        continue;
      }
      alive.delete(socket);
      socket.ping();
    }
  }, pingIntervalMs);
  pings.unref();

  server.on('connection', (socket: WebSocket) => {
    alive.add(socket);
    socket.on('pong', () => alive.add(socket));
    // A broken connection is an ordinary end: `close` follows and cleans up.
    socket.on('error', () => socket.terminate());
    void handler.upgrade(withBackpressure(socket), callOptions(actor));
  });

  return {
    upgrade: (request, socket, head) => {
      socket.on('error', () => socket.destroy());
      server.handleUpgrade(request, socket, head, (webSocket) => server.emit('connection', webSocket, request));
    },
    get size() {
      return server.clients.size;
    },
    dispose: () => {
      clearInterval(pings);
      for (const socket of server.clients) socket.terminate();
      server.close();
    },
  };
}

/**
 * `send` that resolves once the kernel took the message. The streams wait for it before they make their next message, so a client
 * that reads slowly gets merged deltas, and does not fill the engine's memory with unsent ones.
 */
function withBackpressure(socket: WebSocket): Pick<WebSocket, 'addEventListener' | 'send'> {
  const send = (message: Parameters<WebSocket['send']>[0]): Promise<void> =>
    // A failed send means that the connection is ending; `close` ends the streams, so there is nothing to tell anybody.
    new Promise((resolve) => socket.send(message, () => resolve()));
  return { addEventListener: socket.addEventListener.bind(socket), send: send as unknown as WebSocket['send'] };
}
