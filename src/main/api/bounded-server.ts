import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Connections that have sent no whole request yet; a browser needs a handful. When there are more, the oldest end. */
const MAX_WAITING_CONNECTIONS = 64;
/** All connections, whatever they do: what comes beyond is dropped as it is accepted. */
const MAX_CONNECTIONS = 256;
/** How long a connection may take to send its request, in ms. */
const REQUEST_TIMEOUT_MS = 5_000;
/** How long a connection with a request may then be idle, in ms. */
const IDLE_TIMEOUT_MS = 10_000;
/** Node's own limit. */
const MAX_REQUEST_BYTES = 16_384;
const MAX_REQUEST_PIECES = 64;
const MAX_HEADERS = 64;
const HEADERS_END = '\r\n\r\n';
/** Closing takes no longer, whatever the other ends do. */
const CLOSE_TIMEOUT_MS = 1_000;

/** What answers. A connection has one request. */
export interface RequestHandler {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** Answers with a status line, and ends the connection at once: Node's HTTP timeouts do not watch it (any more). */
export function refuseConnection(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

/**
 * An HTTP server that whoever reaches it can't use up. Each connection has one request, without a body, and Node's parser gets it when
 * it is whole: what is written behind it would be parsed in the same turn of the event loop, thousands of requests in one piece of
 * 64 KB. Connections without a request end after a while, and the oldest at once when there are too many, so that idle ones of a
 * stranger lock nobody out.
 */
export class BoundedServer {
  /** To listen with. */
  readonly listener: Server;
  private readonly http: HttpServer;
  private readonly sockets = new Set<Socket>();
  /** Those that have sent no whole request yet, oldest first. */
  private readonly waiting = new Set<Socket>();
  private isPruning = false;

  constructor(handler: RequestHandler) {
    this.http = createHttpServer({ maxHeaderSize: MAX_REQUEST_BYTES });
    this.http.maxHeadersCount = MAX_HEADERS;
    this.http.timeout = IDLE_TIMEOUT_MS;
    this.http.on('request', (request, response) => {
      response.setHeader('connection', 'close');
      handler.request(request, response);
    });
    this.http.on('upgrade', (request, socket, head) => handler.upgrade(request, socket, head));
    this.listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.onConnection(socket));
    this.listener.maxConnections = MAX_CONNECTIONS;
  }

  /** Stops listening and ends every connection, upgraded ones too; within a second. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([closed, new Promise<void>((resolve) => (timer = setTimeout(resolve, CLOSE_TIMEOUT_MS)))]);
    clearTimeout(timer);
  }

  private onConnection(socket: Socket): void {
    this.sockets.add(socket);
    this.waiting.add(socket);
    const timer = setTimeout(() => socket.destroy(), REQUEST_TIMEOUT_MS);
    const onError = (): void => void socket.destroy();
    socket.on('error', onError).on('end', onError);
    socket.once('close', () => {
      clearTimeout(timer);
      this.sockets.delete(socket);
      this.waiting.delete(socket);
    });
    readRequest(socket, (bytes) => {
      clearTimeout(timer);
      this.waiting.delete(socket);
      socket.off('error', onError).off('end', onError);
      socket.pause();
      socket.unshift(bytes);
      this.http.emit('connection', socket);
      socket.resume();
    });
    this.prune();
  }

  /**
   * Ends the oldest waiting connections, in the turn after the next: what was just accepted is read before, so whoever has sent a
   * request with the connection no longer waits, however many others came at the same time.
   */
  private prune(): void {
    if (this.isPruning || this.waiting.size <= MAX_WAITING_CONNECTIONS) return;
    this.isPruning = true;
    setImmediate(() =>
      setImmediate(() => {
        this.isPruning = false;
        for (const socket of this.waiting) {
          if (this.waiting.size <= MAX_WAITING_CONNECTIONS) break;
          this.waiting.delete(socket);
          socket.destroy();
        }
      }),
    );
  }
}

/** Hands over the bytes of a request that is whole, and nothing else; refuses what is none. */
function readRequest(socket: Socket, onRequest: (bytes: Buffer) => void): void {
  const pieces: Buffer[] = [];
  const onData = (piece: Buffer): void => {
    pieces.push(piece);
    const bytes = pieces.length === 1 ? piece : Buffer.concat(pieces);
    const end = bytes.indexOf(HEADERS_END);
    const isLarge = bytes.length > MAX_REQUEST_BYTES || pieces.length > MAX_REQUEST_PIECES;
    if (end < 0 && !isLarge) return;
    socket.off('data', onData);
    if (end < 0) refuseConnection(socket, '431 Request Header Fields Too Large');
    else if (end + HEADERS_END.length < bytes.length) refuseConnection(socket, '400 Bad Request');
    else onRequest(bytes);
  };
  socket.on('data', onData);
}
