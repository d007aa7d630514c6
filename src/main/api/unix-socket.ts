import { chmodSync, lstatSync, rmSync } from 'node:fs';
import { createBoundedServer, type BoundedServer } from './bounded-server';
import type { HealdeckRouter } from './router';
import { createWebSocketEndpoint } from './websocket';

/** The endpoint of the command line. */
export interface UnixSocketServer {
  path: string;
  /** Ends all connections and removes the socket file. */
  dispose(): Promise<void>;
}

/**
 * Serves the router on a unix socket (a named pipe on Windows). The caller owns the data directory's lock, so a socket file that is
 * there already belongs to an engine that died, and goes.
 */
export async function serveUnixSocket(options: {
  router: HealdeckRouter;
  path: string;
  /** A client sent what is no call; its connection is being closed. */
  onMalformed: () => void;
}): Promise<UnixSocketServer> {
  const { router, path, onMalformed } = options;
  const isFile = !path.startsWith('\\\\');
  if (isFile) removeStaleSocket(path);

  const endpoint = createWebSocketEndpoint({ router, actor: 'cli', onMalformed });
  const bounded = createBoundedServer({
    request: (_request, response) => {
      response.writeHead(426, { 'content-type': 'text/plain' }).end('Healdeck speaks WebSocket here.\n');
    },
    upgrade: (request, socket, head) => endpoint.upgrade(request, socket, head),
  });
  try {
    await listenPrivately(bounded.listener, path);
    if (isFile) chmodSync(path, 0o600);
  } catch (error) {
    endpoint.dispose();
    await bounded.close();
    throw error;
  }

  return {
    path,
    dispose: async () => {
      // Node removes the file of a unix socket when its server closes.
      endpoint.dispose();
      await bounded.close();
    },
  };
}

/** Listens with a umask that lets nobody else in, even in the moment before the mode is set. */
function listenPrivately(server: BoundedServer['listener'], path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, path)));
    // bind(2) happens inside `listen` for a path, so the umask is back before anything else runs.
    const before = process.umask(0o177);
    try {
      server.listen(path, resolve);
    } finally {
      process.umask(before);
    }
  });
}

function explain(error: NodeJS.ErrnoException, path: string): Error {
  // sockaddr_un holds 108 bytes, its end included (unix(7)); Node says EINVAL.
  const hint = error.code === 'EINVAL' ? ': the path is too long for a socket, choose a shorter data directory' : '';
  return new Error(`the socket ${path} can't be opened (${error.code ?? error.message})${hint}`, { cause: error });
}

function removeStaleSocket(path: string): void {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`${path} is in the way: it is no socket; move it away and start again`);
  rmSync(path);
}
