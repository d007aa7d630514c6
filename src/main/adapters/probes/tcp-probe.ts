import type { Socket } from 'node:net';
import type { RemoteCheck } from '../../engine/ports';
import type { AttemptScope } from './attempt';
import type { Connections } from './connection';
import { networkFailure } from './network-failure';

/** Connects, and closes the connection at once. */
export function probeTcp(
  scope: AttemptScope,
  { host, port, socketPath }: Extract<RemoteCheck, { kind: 'tcp' }>,
  connections: Connections,
): void {
  const onFailure = (error: NodeJS.ErrnoException): void => scope.settle(networkFailure(error));
  const onSocket = (socket: Socket): void => {
    socket.on('error', onFailure);
    socket.once('connect', () => scope.settle({ passed: true, words: 'connected' }));
  };
  const endpoint = socketPath === null ? { host, port: port ?? 0 } : { socketPath };
  connections.open(scope, endpoint, null, { onSocket, onFailure });
}
