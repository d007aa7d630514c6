import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import { refuseConnection } from './bounded-server';
import { callOptions, type TransportOptions } from './rpc-options';

/** The largest request is a whole configuration; a thousand watches are about half of this. */
const MAX_MESSAGE_BYTES = 4_000_000;
/** A dashboard needs one connection, a command one for as long as it runs. */
const MAX_CONNECTIONS = 32;
/** From here on no more is read from a client until one of its calls has ended. */
const MAX_OPEN_CALLS = 256;
const PING_INTERVAL_MS = 15_000;
/** How long a client may take to answer the end of its connection. */
const CLOSE_TIMEOUT_MS = 1_000;
/** "Policy violation" (RFC 6455, 7.4.1). */
const MALFORMED_CLOSE_CODE = 1008;

/**
 * What a connection must pass before it is served. It calls `serve` once, when the client may make calls, or ends the connection.
 * Until then the endpoint reads nothing from it.
 */
export type Admission = (socket: WebSocket, serve: () => void) => void;

/** Ends a connection with a reason; soon, also when the client does not answer. */
export function endWebSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), CLOSE_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(timer));
}

export interface WebSocketEndpointOptions extends TransportOptions {
  /** A client sent what is no call; its connection is being closed. */
  onMalformed: () => void;
}

/**
 * Serves the router to WebSocket clients. One client can take only so much: a message in each turn of the event loop, so many calls
 * at once, and none any more after a message that is no call. A client that answers no ping for an interval is cut off.
 */
export class WebSocketEndpoint {
  private readonly handle: PeerHandler;
  private readonly server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // Each message has a turn of its own: whoever sends many waits behind timers and other clients, not in front of them.
    allowSynchronousEvents: false,
  });
  /** Those that have answered the last ping. */
  private readonly alive = new WeakSet<WebSocket>();
  private readonly pings: NodeJS.Timeout;

  constructor(private readonly options: WebSocketEndpointOptions) {
    const { router, actor } = options;
    this.handle = createServerPeerHandleRequestFn(new StandardRPCHandler(router, {}), callOptions(actor));
    this.pings = setInterval(() => this.pingAll(), PING_INTERVAL_MS).unref();
  }

  /** Open connections. */
  get size(): number {
    return this.server.clients.size;
  }

  /** Takes over a connection that asked to be upgraded; who may connect is decided by the caller, before or in `admit`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, admit?: Admission): void {
    if (this.size >= MAX_CONNECTIONS) return refuseConnection(socket, '503 Service Unavailable');
    socket.on('error', () => socket.destroy());
    this.server.handleUpgrade(request, socket, head, (webSocket) => {
      this.alive.add(webSocket);
      webSocket.on('pong', () => this.alive.add(webSocket));
      // A broken connection is an ordinary end: `close` follows and cleans up.
      webSocket.on('error', () => webSocket.terminate());
      if (admit === undefined) this.serve(webSocket);
      else admit(webSocket, () => this.serve(webSocket));
    });
  }

  /** Ends all connections and their streams. */
  dispose(): void {
    clearInterval(this.pings);
    for (const socket of this.server.clients) socket.terminate();
    this.server.close();
  }

  private pingAll(): void {
    for (const socket of this.server.clients) {
      if (!this.alive.has(socket)) {
        socket.terminate();
        continue;
      }
      this.alive.delete(socket);
      socket.ping();
    }
  }

  private serve(socket: WebSocket): void {
    const peer = new ServerPeer(sender(socket));
    let openCalls = 0;
    let isMalformed = false;
    const settle = (): void => {
      openCalls -= 1;
      // A client that waits for its own calls is not read, so its pongs are not either.
      this.alive.add(socket);
      if (socket.isPaused && openCalls < MAX_OPEN_CALLS) socket.resume();
    };
    const refuse = (): void => {
      openCalls -= 1;
      if (isMalformed || socket.readyState !== socket.OPEN) return;
      isMalformed = true;
      this.options.onMalformed();
      endWebSocket(socket, MALFORMED_CLOSE_CODE, 'malformed message');
    };
    socket.on('message', (data: RawData, isBinary: boolean) => {
      if (isMalformed) return;
      openCalls += 1;
      if (openCalls >= MAX_OPEN_CALLS) socket.pause();
      // Failing calls are answers too: what is rejected here could not be read as a call.
      peer.message(isBinary ? asBuffer(data) : asBuffer(data).toString('utf8'), this.handle).then(settle, refuse);
    });
    socket.on('close', () => peer.close());
  }
}

type PeerHandler = ReturnType<typeof createServerPeerHandleRequestFn>;

/** As `nodebuffer`, the type of messages that is not changed here, has it. */
function asBuffer(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}

/**
 * Resolves once the kernel took the message. The streams wait for it before they make their next message, so a client that reads
 * slowly gets merged deltas, and does not fill the engine's memory with unsent ones.
 */
function sender(socket: WebSocket): (message: string | ArrayBufferLike | Uint8Array) => Promise<void> {
  // A failed send means that the connection is ending; `close` ends the streams, so there is nobody to report it to.
  return (message) => new Promise((resolve) => socket.send(message, () => resolve()));
}
