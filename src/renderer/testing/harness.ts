/**
 * The dashboard with a fake engine, for working on it: `npx vite src/renderer`, then /testing/harness.html?scenario=busy.
 * Parameters: scenario = empty | busy | storm | hostile | offline | signed-out, processes and findings = how many there are,
 * interval = ms between ticks, 0 for none but those of `fake.drive(ticks)`, at = an instant (ISO 8601) at which time stands
 * still until a tick moves it on by `step` ms.
 */
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/message-port';
import { RPCHandler } from '@orpc/server/message-port';
import { SignedOutError, type Connect, type HealdeckClient } from '../api/client';
import { mountApp } from '../shell/app';
import { createFakeEngine } from './fake-engine';
import type { Scenario } from './fake-world';
import { REAL_CLOCK, takeOverTime } from './harness-clock';

const parameters = new URLSearchParams(window.location.search);
const scenario = parameters.get('scenario') ?? 'busy';
const intervalMs = Number(parameters.get('interval') ?? 1000);
const at = parameters.get('at');
const clock = at === null ? REAL_CLOCK : takeOverTime(Date.parse(at), Number(parameters.get('step') ?? 2000));

const waiting = new Set<() => void>();
const engine = createFakeEngine({
  scenario: (['empty', 'storm', 'hostile'].includes(scenario) ? scenario : 'busy') as Scenario,
  processes: Number(parameters.get('processes') ?? 400),
  findings: Number(parameters.get('findings') ?? 160),
  now: clock.now,
  nextTick: () => new Promise((resolve) => waiting.add(resolve)),
});
const tick = (): void => {
  clock.moveOn();
  engine.tick();
  const now = [...waiting];
  waiting.clear();
  for (const resolve of now) resolve();
};
if (intervalMs > 0) setInterval(tick, intervalMs);

/** Ticks so many times, each shown in a frame of its own. */
async function drive(ticks: number): Promise<void> {
  for (let count = 0; count < ticks; count += 1) {
    tick();
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

let closeLink: (() => void) | null = null;
let isDown = false;

const connect: Connect = () => {
  if (scenario === 'signed-out') return Promise.reject(new SignedOutError('over'));
  if (scenario === 'offline' || isDown) return Promise.reject(new Error('Nobody answers at 127.0.0.1:7710'));
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
  fake: { ...engine, drive, dropLink: () => closeLink?.(), setDown: (down: boolean) => (isDown = down) },
});
mountApp(document.getElementById('root'), connect);
