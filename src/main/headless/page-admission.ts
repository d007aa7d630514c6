import { createHmac, randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { endWebSocket, type Admission } from '../api/websocket';
import {
  provePage,
  sendReady,
  UNPROVEN_CLOSE_CODE,
  type ProofChannel,
  type ProofKey,
} from '../../shared/lib/host/page-proof';
import type { Session } from './sessions';

/** How long a page may take to prove that it belongs to the session; all its messages are signatures. */
const PROOF_TIMEOUT_MS = 5_000;

/** Serves a page that proves that it knows the key of the session, and ends its connection with the session. */
export function admitPage(session: Session, origin: string): Admission {
  return (socket, serve) => {
    const closed = session.open(() => endWebSocket(socket, UNPROVEN_CLOSE_CODE, 'the session has ended'));
    socket.once('close', closed);
    const timer = setTimeout(() => socket.terminate(), PROOF_TIMEOUT_MS).unref();
    const channel = socketChannel(socket);
    const refuse = (): void => endWebSocket(socket, UNPROVEN_CLOSE_CODE, 'the page could not prove its session');
    provePage(channel, proofKey(session.key), origin)
      .then((isProven) => {
        if (!isProven) return refuse();
        channel.end();
        serve();
        sendReady(channel);
      }, refuse)
      .finally(() => clearTimeout(timer));
  };
}

function proofKey(key: Buffer): ProofKey {
  return {
    nonce: () => randomBytes(32).toString('base64url'),
    sign: (text) => Promise.resolve(createHmac('sha256', key).update(text).digest('base64url')),
  };
}

/** The messages of a connection, one at a time: more than is asked for is no proof, and ends the connection. */
function socketChannel(socket: WebSocket): ProofChannel & { end(): void } {
  let waiting: { resolve: (text: string) => void; reject: (error: Error) => void } | null = null;
  const onMessage = (data: Buffer, isBinary: boolean): void => {
    if (waiting === null || isBinary) return socket.terminate();
    const { resolve } = waiting;
    waiting = null;
    resolve(data.toString('utf8'));
  };
  const onClose = (): void => waiting?.reject(new Error('the connection has ended'));
  socket.on('message', onMessage);
  socket.on('close', onClose);
  return {
    send: (text) => socket.send(text, () => undefined),
    next: () =>
      new Promise((resolve, reject) => {
        if (socket.readyState !== socket.OPEN) return reject(new Error('the connection has ended'));
        waiting = { resolve, reject };
      }),
    end: () => {
      socket.off('message', onMessage);
      socket.off('close', onClose);
    },
  };
}
