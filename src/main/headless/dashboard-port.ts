import type { AddressInfo, Server } from 'node:net';
import { BoundedServer, refuseConnection, type RequestHandler } from '../api/bounded-server';
import { loadStaticFiles, type StaticFile } from './static-files';

/** Only this machine: the dashboard starts programs, so it is never offered to a network. */
export const HOST = '127.0.0.1';
/** Where the dashboard is when nothing else was asked for. */
export const DEFAULT_PORT = 7710;

/** Connections that wait to be accepted: few, so that one turn of the event loop accepts few. */
const BACKLOG = 64;

/** The dashboard's files and its port, before there is an engine behind them. */
export interface OpenedPort {
  port: number;
  indexHtml: string;
  assets: ReadonlyMap<string, StaticFile>;
  /** From now on this answers; before, everything is refused. */
  serve(handler: RequestHandler): void;
  /** Gives the port back, and ends every connection. */
  close(): Promise<void>;
}

/**
 * Takes a port on the loopback interface; null: 7710, or any free one when that is in use. It comes before the engine, so that
 * a port that can't be had, or a dashboard that was never built, starts no programs. Rejects with a message for people.
 */
export async function openDashboardPort(options: { rendererDir: string; port: number | null }): Promise<OpenedPort> {
  const dashboard = loadDashboard(options.rendererDir);
  let current = STARTING;
  const server = new BoundedServer({
    request: (request, response) => current.request(request, response),
    upgrade: (request, socket, head) => current.upgrade(request, socket, head),
  });
  const port = await listen(server.listener, options.port);
  return { port, ...dashboard, serve: (handler) => (current = handler), close: () => server.close() };
}

const STARTING: RequestHandler = {
  request: (_request, response) => {
    response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' }).end('Healdeck is starting.\n');
  },
  upgrade: (_request, socket) => refuseConnection(socket, '503 Service Unavailable'),
};

function loadDashboard(folder: string) {
  try {
    const assets = loadStaticFiles(folder);
    const index = assets.get('/index.html');
    if (index !== undefined) return { indexHtml: index.body.toString('utf8'), assets };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new Error(`the dashboard is not built (there is no index.html in ${folder}); run: npm run build`);
}

async function listen(server: Server, wanted: number | null): Promise<number> {
  try {
    return await listenOn(server, wanted ?? DEFAULT_PORT);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (wanted === null && (code === 'EADDRINUSE' || code === 'EACCES')) return listenOn(server, 0);
    if (code === 'EADDRINUSE') {
      throw new Error(
        `port ${wanted} on ${HOST} is in use (by another Healdeck?); choose another with --port, or leave --port out`,
        {
          cause: error,
        },
      );
    }
    if (code === 'EACCES') {
      throw new Error(`port ${wanted} may not be opened by this user; choose one above 1023`, { cause: error });
    }
    throw error;
  }
}

function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port, exclusive: true, backlog: BACKLOG }, () => {
      server.removeListener('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
