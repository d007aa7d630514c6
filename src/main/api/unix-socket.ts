import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BoundedServer } from './bounded-server';
import type { HealdeckRouter } from './router';
import { WebSocketEndpoint } from './websocket';

export interface UnixSocketOptions {
  router: HealdeckRouter;
  path: string;
  /** A client sent what is no call; its connection is being closed. */
  onMalformed: () => void;
}

/** The endpoint of the command line: serves the router on a unix socket (a named pipe on Windows). */
export class UnixSocketServer {
  readonly path: string;
  private readonly isFile: boolean;
  private readonly endpoint: WebSocketEndpoint;
  /** The last one listens; clients of the others stay connected. */
  private readonly servers: BoundedServer[] = [];
  /** Of the socket file that is our own. */
  private inode: string | null = null;
  private disposed = false;

  private constructor({ router, path, onMalformed }: UnixSocketOptions) {
    this.path = path;
    this.isFile = !path.startsWith('\\\\');
    this.endpoint = new WebSocketEndpoint({ router, actor: 'cli', onMalformed });
  }

  /**
   * The caller owns the data directory's lock, so a socket file that is there already belongs to an engine that died, and is
   * replaced.
   */
  static async open(options: UnixSocketOptions): Promise<UnixSocketServer> {
    const server = new UnixSocketServer(options);
    try {
      await server.listen();
    } catch (error) {
      server.endpoint.dispose();
      throw error;
    }
    return server;
  }

  /** Binds the socket anew when its file is gone or is another one. Resolves to whether it was. */
  async refresh(): Promise<boolean> {
    if (!this.isFile || inodeOf(this.path) === this.inode) return false;
    const before = this.servers.at(-1);
    const next = await this.listen();
    if (!this.disposed) {
      before?.listener.close();
      return true;
    }
    rmSync(this.path, { force: true });
    await next.close();
    return false;
  }

  /** Ends all connections and removes the socket file, if it is still our own. */
  async dispose(): Promise<void> {
    this.disposed = true;
    // Another engine may have put its own there.
    if (this.isFile && inodeOf(this.path) === this.inode) rmSync(this.path, { force: true });
    this.endpoint.dispose();
    await Promise.all(this.servers.map((server) => server.close()));
  }

  private async listen(): Promise<BoundedServer> {
    const server = new BoundedServer({
      request: (_request, response) => {
        response.writeHead(426, { 'content-type': 'text/plain' }).end('Healdeck speaks WebSocket here.\n');
      },
      upgrade: (request, socket, head) => this.endpoint.upgrade(request, socket, head),
    });
    await (this.isFile ? bindFile(server.listener, this.path) : listenOn(server.listener, this.path));
    this.servers.push(server);
    if (this.isFile) this.inode = inodeOf(this.path);
    return server;
  }
}

/**
 * Binds under a name of its own and puts the socket in place by rename(2): there is no moment in which others may connect, and
 * none without a socket. And libuv, which removes what it has bound when a server closes, removes no socket of a later engine.
 */
async function bindFile(server: BoundedServer['listener'], path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found !== undefined && !found.isSocket())
    throw new Error(`${path} is in the way: it is not a socket; move it away and start again`);
  // Not longer than the socket's own name, of which unix(7) allows 108 bytes with its path. `sweepTemporaryFiles` knows it.
  const temporary = join(dirname(path), `.sock-${process.pid.toString(36)}`);
  rmSync(temporary, { force: true });
  await listenOn(server, temporary);
  try {
    chmodSync(temporary, 0o600);
    renameSync(temporary, path);
  } catch (error) {
    server.close();
    throw error;
  }
}

/** Listens with a umask that lets nobody else in, even in the moment before the mode is set. */
function listenOn(server: BoundedServer['listener'], path: string): Promise<void> {
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

function inodeOf(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? null : `${stats.dev}:${stats.ino}`;
}
