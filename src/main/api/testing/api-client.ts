import { createConnection } from 'node:net';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { WebSocket } from 'ws';
import type { Contract } from '../../../shared/contract';
import { createRouter } from '../router';
import { FakeAlerts, FakeSecrets } from './fake-alerts';
import { FAKE_DRILL } from './fake-drill';
import { FakeEngine } from './fake-engine';
import { historyOf } from './fake-history';

/** A router over a fake engine with the real clock. */
export function fakeRouter() {
  const engine = new FakeEngine();
  const alerts = new FakeAlerts();
  const secrets = new FakeSecrets();
  const router = createRouter({
    engine,
    history: historyOf(engine),
    output: engine.output,
    alerts,
    secrets,
    drill: FAKE_DRILL,
    proveDisk: () => Promise.resolve(),
    dashboard: () => ({
      newUrl: () => 'http://127.0.0.1:1/?token=x',
      newPage: () => Promise.resolve('/data/open-x.html'),
    }),
    clock: {
      monotonicMs: () => performance.now(),
      wallMs: () => Date.now(),
      after: (delayMs, run) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
    },
    report: (where, error) => {
      throw new Error(`reported from ${where}`, { cause: error });
    },
  });
  return { engine, alerts, secrets, router };
}

export type ApiClient = ContractRouterClient<Contract>;

/** A client over a WebSocket, once it is open. */
export async function openClient(socket: WebSocket): Promise<{ client: ApiClient; socket: WebSocket }> {
  if (socket.readyState === socket.CONNECTING)
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
  return { client: createORPCClient(new RPCLink({ websocket: socket as never })), socket };
}

/** A client over a unix socket. */
export function openUnixClient(path: string) {
  return openClient(new WebSocket('ws://engine/', { createConnection: () => createConnection(path) }));
}
