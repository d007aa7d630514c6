import type { ProofChannel, ProofKey } from '../../shared/lib/host/page-proof';

/** The key of this page's session, from its base64url; null when it is none. */
export async function importPageKey(text: string): Promise<ProofKey | null> {
  const bytes = fromBase64Url(text);
  if (bytes === null) return null;
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return {
    nonce: () => toBase64Url(crypto.getRandomValues(new Uint8Array(32))),
    sign: async (signed) =>
      toBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(signed)))),
  };
}

/** The messages of an open socket, one at a time, until `end` gives the socket to somebody else. */
export function socketChannel(
  socket: Pick<WebSocket, 'addEventListener' | 'removeEventListener' | 'send' | 'readyState' | 'OPEN'>,
  timeoutMs: number,
): ProofChannel & { end(): void } {
  const unread: string[] = [];
  let wake = () => {};
  const onMessage = (event: Event) => {
    unread.push(String((event as MessageEvent).data));
    wake();
  };
  const onClose = () => wake();
  socket.addEventListener('message', onMessage);
  socket.addEventListener('close', onClose);
  return {
    send: (text) => socket.send(text),
    next: () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('The engine did not answer in time.')), timeoutMs);
        wake = () => {
          const text = unread.shift();
          if (text === undefined && socket.readyState === socket.OPEN) return;
          clearTimeout(timer);
          wake = () => {};
          if (text === undefined) reject(new Error('The connection was lost.'));
          else resolve(text);
        };
        wake();
      }),
    end: () => {
      socket.removeEventListener('message', onMessage);
      socket.removeEventListener('close', onClose);
    },
  };
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0));
  } catch {
    return null;
  }
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}
