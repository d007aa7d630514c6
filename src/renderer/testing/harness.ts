/**
 * The dashboard with a fake engine, for working on it: `npx vite src/renderer`, then /testing/harness.html?scenario=busy.
 * Parameters: scenario = empty | busy | storm | hostile | offline | signed-out, processes = a number, interval = ms between ticks.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { SignedOutError, type Connect, type HealdeckClient } from '../api/client';
import { mountApp } from '../app';
import { createFakeEngine } from './fake-engine';
import type { Scenario } from './fake-world';

const parameters = new URLSearchParams(window.location.search);
const scenario = parameters.get('scenario') ?? 'busy';
const intervalMs = Number(parameters.get('interval') ?? 1000);

const waiting = new Set<() => void>();
const engine = createFakeEngine({
  scenario: (['empty', 'storm', 'hostile'].includes(scenario) ? scenario : 'busy') as Scenario,
  processes: Number(parameters.get('processes') ?? 400),
  now: Date.now,
  nextTick: () => new Promise((resolve) => waiting.add(resolve)),
});
setInterval(() => {
  engine.tick();
  const now = [...waiting];
  waiting.clear();
  for (const resolve of now) resolve();
}, intervalMs);

let closeLink: (() => void) | null = null;
let isDown = false;

const connect: Connect = () => {
  if (scenario === 'signed-out') return Promise.reject(new SignedOutError('over'));
  if (scenario === 'offline' || isDown) return Promise.reject(new Error('The engine can’t be reached.'));
  const { port1, port2 } = new MessageChannel();
  new RPCHandler(engine.router).upgrade(port2);
  const client: HealdeckClient = createORPCClient(new RPCLink({ port: port1 }));
  port1.start();
  port2.start();
  const closed = new Promise<void>((resolve) => {
    closeLink = resolve;
  });
  return Promise.resolve({ client, closed, close: () => port1.close() });
};

Object.assign(window, {
  fake: { ...engine, dropLink: () => closeLink?.(), setDown: (down: boolean) => (isDown = down) },
});
mountApp(document.getElementById('root'), connect);
