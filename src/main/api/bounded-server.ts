import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** Connections that wait for a request; a browser needs a handful. When there are more, the oldest end. */
export const MAX_WAITING_CONNECTIONS = 64;
/** All connections, whatever they do: what comes beyond is dropped as it is accepted. */
const MAX_CONNECTIONS = 256;
const MAX_HEADERS = 64;
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 5_000;
const CHECK_INTERVAL_MS = 1_000;
/** Closing takes no longer, whatever the other ends do. */
const CLOSE_TIMEOUT_MS = 1_000;

/** An HTTP server whose clients can take only so many descriptors, and that always ends. */
export interface BoundedServer {
  server: Server;
  /** Stops listening and ends every connection, upgraded ones too; within a second. */
  close(): Promise<void>;
}

/**
 * A server that whoever reaches it can't use up: waiting connections beyond {@link MAX_WAITING_CONNECTIONS} end, the oldest first, so
 * that idle ones of a stranger lock nobody out; slow requests time out; a client that sends a request before it has the answer to
 * its last one (no browser does) is cut off.
 */
export function createBoundedServer(): BoundedServer {
  const server = createServer({
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.maxHeadersCount = MAX_HEADERS;
  // Inactivity: a connection that never sends a request has no headers to time out.
  server.timeout = REQUEST_TIMEOUT_MS;
  const sockets = new Set<Socket>();
  /** Those with no request of theirs being answered, oldest first. */
  const waiting = new Set<Socket>();
  let isPruning = false;

  /**
   * Ends the oldest waiting connections, in the turn after the next: what was just accepted is read before, so whoever has sent a
   * request with the connection is no longer waiting, however many others came at the same time.
   */
  function prune(): void {
    if (isPruning || waiting.size <= MAX_WAITING_CONNECTIONS) return;
    isPruning = true;
    setImmediate(() =>
      setImmediate(() => {
        isPruning = false;
        for (const socket of waiting) {
          if (waiting.size <= MAX_WAITING_CONNECTIONS) break;
          waiting.delete(socket);
          socket.destroy();
        }
      }),
    );
  }

  server.on('connection', (socket) => {
    sockets.add(socket);
    waiting.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
    prune();
  });
  server.on('request', ({ socket }: IncomingMessage, response) => {
    if (!waiting.delete(socket)) return void socket.destroy();
    response.once('close', () => {
      if (socket.destroyed || !sockets.has(socket)) return;
      waiting.add(socket);
      prune();
    });
  });
  server.on('upgrade', ({ socket }: IncomingMessage) => void waiting.delete(socket));

  return {
    server,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)))]);
      clearTimeout(timer);
    },
  };
}
