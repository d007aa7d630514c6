import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { PAGE_KEY_ITEM, proveEngine, UNPROVEN_CLOSE_CODE } from '../../shared/lib/host/page-proof';
import { SignedOutError, type Connect, type HealdeckClient, type Link } from './client';
import { importPageKey, socketChannel } from './page-proof';

/** How long a socket may take to open, and the engine to answer on it. */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * Connects over a WebSocket to the server that delivered this page. Nothing is asked of it before it has proved that it is the engine
 * of this page's session: another program may have taken the port meanwhile.
 */
export const connectBrowser: Connect = async (signal) => {
  const key = await importPageKey(window.sessionStorage.getItem(PAGE_KEY_ITEM) ?? '').catch(() => null);
  if (key === null) throw new SignedOutError('This tab has no session.');
  const socket = new WebSocket(socketUrl(window.location));
  // Messages are text or bytes; bytes are wanted at once, not as a Blob that is read later and out of order.
  socket.binaryType = 'arraybuffer';
  const closed = new Promise<void>((resolve) => socket.addEventListener('close', () => resolve(), { once: true }));
  const abort = () => socket.close();
  signal.addEventListener('abort', abort, { once: true });
  let closeCode = 0;
  socket.addEventListener('close', ({ code }) => (closeCode = code), { once: true });
  try {
    await opened(socket);
    const channel = socketChannel(socket, OPEN_TIMEOUT_MS);
    if (!(await proveEngine(channel, key, window.location.origin)))
      throw new SignedOutError('Another program answers at this address.');
    channel.end();
  } catch (error) {
    socket.close();
    if (error instanceof SignedOutError) throw error;
    // A WebSocket does not report why it was refused, an ordinary request does.
    if (closeCode === UNPROVEN_CLOSE_CODE || (await isSignedOut(signal)))
      throw new SignedOutError('The session of this browser has ended.');
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const client: HealdeckClient = createORPCClient(new RPCLink({ websocket: forgiving(socket) }));
  return { client, closed, close: () => socket.close() } satisfies Link;
};

/**
 * The socket as the link sees it: what is sent after its end goes nowhere. The link says goodbye to its streams at that moment, and
 * that nobody hears it is no error; `close` ends all calls that still wait for an answer.
 */
function forgiving(
  socket: WebSocket,
): Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState'> {
  return {
    readyState: WebSocket.OPEN,
    addEventListener: socket.addEventListener.bind(socket),
    removeEventListener: socket.removeEventListener.bind(socket),
    send: (message) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(message);
    },
  };
}

function socketUrl({ protocol, host }: Pick<Location, 'protocol' | 'host'>): string {
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/rpc`;
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => settle(new Error('The engine did not answer in time.')), OPEN_TIMEOUT_MS);
    const settle = (error?: Error) => {
      clearTimeout(timer);
      socket.removeEventListener('open', onOpen);
      socket.removeEventListener('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onOpen = () => settle();
    const onClose = () => settle(new Error("The engine can't be reached."));
    socket.addEventListener('open', onOpen);
    socket.addEventListener('close', onClose);
  });
}

async function isSignedOut(signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch('/', { cache: 'no-store', credentials: 'same-origin', redirect: 'manual', signal });
    return response.status === 401 || response.status === 403;
  } catch {
    return false;
  }
}
