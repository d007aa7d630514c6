import { createConnection } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink, type RPCLinkOptions } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import { socketPath } from '../shared/lib/host/data-dir';
import type { Contract } from '../shared/contract';
import { livingEngine } from './engine-owner';
import { CliFailure, EXIT } from './failure';

/** How long an engine may take to answer the connection; a healthy one needs milliseconds. */
const CONNECT_TIMEOUT_MS = 10_000;
/** What a connection fails with when nobody listens: no socket file, or one that a dead engine left. */
const NOBODY_THERE = ['ENOENT', 'ECONNREFUSED', 'ENOTDIR'];

/** An engine runs, but can't be reached: its socket was removed, and it has not bound it anew yet. */
export class SocketGoneFailure extends CliFailure {
  constructor(
    dataDir: string,
    readonly pid: number,
  ) {
    super(
      `an engine is running for ${dataDir} (pid ${pid}), but its socket is missing; the engine creates it again within seconds: repeat this command, and if that does not help, restart the engine`,
      EXIT.noEngine,
    );
  }
}

/** A connection to the engine of a data directory. */
export interface EngineConnection {
  client: ContractRouterClient<Contract>;
  /** Resolves when the connection has ended, from either side. */
  closed: Promise<void>;
  close(): void;
}

/** Connects to the engine of a data directory (absolute path); fails with exit status 3 when none is running. */
export async function connectEngine(dataDir: string, platform: string): Promise<EngineConnection> {
  const path = socketPath(dataDir, platform);
  const socket = new WebSocket('ws://engine/', {
    createConnection: () => createConnection(path),
    handshakeTimeout: CONNECT_TIMEOUT_MS,
    perMessageDeflate: false,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, dataDir)));
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => socket.terminate());
  // ws has the methods of the browser's WebSocket that the link uses; only their types differ in detail.
  const websocket = socket as unknown as RPCLinkOptions<Record<never, never>>['websocket'];
  return { client: createORPCClient(new RPCLink({ websocket })), closed, close: () => socket.terminate() };
}

function explain(error: NodeJS.ErrnoException, dataDir: string): CliFailure {
  if (NOBODY_THERE.includes(error.code ?? '')) {
    const living = livingEngine(dataDir);
    if (living !== null) return new SocketGoneFailure(dataDir, living.pid);
    return new CliFailure(
      `no engine is running for ${dataDir}; start one with: healdeck run (or name its directory with --data-dir)`,
      EXIT.noEngine,
    );
  }
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    return new CliFailure(`the engine of ${dataDir} belongs to another user; run this command as that user`);
  }
  return new CliFailure(`the engine of ${dataDir} does not answer (${error.message})`);
}
