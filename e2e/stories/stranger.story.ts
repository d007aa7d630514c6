import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';
import { killExactly } from '../fixtures/processes';

test('a stranger has a program watched, finds out why it was restarted, and has it back once its port is free', async ({
  healdeck,
  outsider,
}, testInfo) => {
  // Six restarts with their delays take most of it.
  test.setTimeout(120_000);
  const { dashboard } = healdeck;
  const { cooldowns, firstRun, incidents, processes, watches } = dashboard;
  let pictures = 0;
  const picture = async (name: string) => {
    pictures += 1;
    const body = await dashboard.screenshot();
    await testInfo.attach(`${pictures} ${name}`, { body, contentType: 'image/png' });
  };
  const port = await freePort();
  const word = `shop-${randomUUID()}`;
  const shop = await outsider(['node', 'demo/server.mjs', String(port), word]);

  // The window says what to do, and the program is found among all that runs.
  await firstRun.expectInvitation();
  await picture('first run');
  await firstRun.pickRunning();
  await processes.filter(word);
  await processes.expectRow(shop.pid);
  await picture('the running program');
  await processes.startWatching(shop.pid, 'shop', () => picture('the watch is proposed'));
  await watches.expectState('shop', 'Running');
  await picture('it is watched');

  // It is broken, and comes back.
  killExactly(shop);
  await watches.expectRestarts('shop', 1);
  await watches.expectState('shop', 'Running');
  await expect.poll(() => pidAt(port)).not.toBe(shop.pid);
  await incidents.openNewest('shop');
  // Healdeck was not its parent yet: how the program ended is known where the kernel reports it (Linux 6.15 and newer).
  await incidents.expectReported(
    new RegExp(`shop \\(pid ${shop.pid}\\) crashed after .*: (?:SIGKILL|exit code unknown)`),
  );
  const steps = await incidents.steps();
  expect(steps[0]).toContain('Noticed Crash detected');
  expect(steps).toContainEqual(expect.stringContaining('Done Restarted'));
  await picture('why it was restarted');
  await incidents.closeStory();

  // Somebody else takes its port: now it can't come back, however often it is started.
  const newOwner = await takePort(port);
  try {
    await cooldowns.expectCooling('shop');
    await picture('it cools down');
    const left = await watches.cooldownLeft('shop');
    await expect.poll(() => watches.cooldownLeft('shop')).toBeLessThan(left);
    await watches.expectStateLine(/^shop is down · next try in \d:\d\d$/);
    await picture('the overview counts down');
    await incidents.openNewest('shop');
    await incidents.expectReported(/SIGKILL/);
    await incidents.expectReported(/EADDRINUSE/);
    await picture('why it is not restarted');
    await incidents.closeStory();
  } finally {
    await new Promise((closed) => newOwner.close(closed));
  }

  // The cause is gone. Where the program itself said that its port was in use, it comes back without anybody's help; where its start command
  // failed before, the operator ends the cooldown.
  const isBack = await expect
    .poll(() => pidAt(port), { timeout: 8000 })
    .toBeGreaterThan(0)
    .then(
      () => true,
      () => false,
    );
  if (!isBack) await watches.resetCooldown('shop');
  await watches.expectState('shop', 'Running');
  await expect.poll(() => pidAt(port)).toBeGreaterThan(0);
  await picture('it runs again');
});

/** The pid of the server that answers there; null when none does. */
async function pidAt(port: number): Promise<number | null> {
  const answer = await fetch(`http://127.0.0.1:${port}/`).then(
    (response) => response.text(),
    () => '',
  );
  return Number(/^pid (\d+)/.exec(answer)?.[1] ?? Number.NaN) || null;
}

/** Ends the server at a port and listens there in its place, before it is started again. */
async function takePort(port: number): Promise<Server> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const pid = await pidAt(port);
    if (pid !== null) process.kill(pid, 'SIGKILL');
    const deadline = performance.now() + 1000;
    while (performance.now() < deadline) {
      const server = await listen(port);
      if (server !== null) return server;
    }
  }
  throw new Error(`the port ${port} could not be taken`);
}

function listen(port: number): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => setTimeout(resolve, 5, null));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
