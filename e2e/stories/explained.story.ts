import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';

const RUNS = 'setInterval(() => undefined, 1000);\n';
const LISTENS =
  "require('node:http').createServer((_, response) => response.end()).listen(Number(process.env.PORT));\n";

test('a program whose port is in use waits for it, and the window names who has it', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  const port = await freePort();
  const server = join(dataDir, 'server.cjs');
  writeFileSync(server, LISTENS);
  const env = { ...process.env, PORT: String(port) };
  const stranger = spawn(process.execPath, [server], { env, stdio: 'ignore' });
  try {
    // It listens before the program does.
    await expect
      .poll(
        async () =>
          fetch(`http://127.0.0.1:${port}`).then(
            ({ status }) => status,
            () => 0,
          ),
        { timeout: 20_000 },
      )
      .not.toBe(0);
    await cli.ok('add', 'shop', '--restart', 'always', '--env', `PORT=${port}`, '--', 'node', server);
    await expect.poll(async () => (await cli.watch('shop')).budget.cooldown?.obstacle?.port).toBe(port);
    const holder = `pid ${stranger.pid} (node ${server})`;
    expect((await cli.watch('shop')).reason).toBe(
      `Not restarted until the cooldown ends: port ${port} is in use by ${holder}`,
    );
    const { restarts } = await cli.watch('shop');
    expect(restarts).toBeLessThanOrEqual(2);
    expect(await dashboard.watches.cooldownReason('shop')).toContain(`Port ${port} is in use by ${holder}`);
    await dashboard.incidents.openNewest('shop');
    await dashboard.incidents.expectReason(
      new RegExp(`^.*It could not bind port ${port}, which is in use by pid`),
      'Certain',
    );
    expect(await dashboard.accessibilityViolations()).toEqual([]);
    await dashboard.incidents.closeStory();
  } finally {
    stranger.kill('SIGKILL');
  }
  // Nobody needs to say that it is free again.
  await expect.poll(async () => (await cli.watch('shop')).phase, { timeout: 30_000 }).toBe('running');
  const [ended] = await cli.events({ watch: 'shop', types: ['cooldown_ended'] });
  expect(ended?.message).toContain(`port ${port} is free again`);
});

test('an edit that breaks a program is named, and its correction is tried at once', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  const program = join(dataDir, 'worker.cjs');
  writeFileSync(program, RUNS);
  await cli.ok('add', 'worker', '--restart', 'always', '--set', 'start.graceMs=1s', '--', 'node', program);
  const { processes } = await cli.watch('worker');
  // So long that it counts as a good start.
  await expect.poll(async () => Date.now() - ((await cli.watch('worker')).sinceAt ?? 0)).toBeGreaterThan(1500);
  writeFileSync(program, 'const = 1;\n');
  process.kill(processes[0]?.pid ?? 0, 'SIGKILL');
  await expect.poll(async () => (await cli.watch('worker')).phase, { timeout: 30_000 }).toBe('cooldown');
  await dashboard.incidents.openNewest('worker');
  await dashboard.incidents.expectReason(/syntax error.*worker\.cjs was changed/, 'Very likely');
  const incident = await cli.ok('incidents', String((await cli.watch('worker')).incident));
  expect(incident).toContain('worker.cjs was changed');
  await dashboard.incidents.closeStory();

  writeFileSync(program, RUNS);
  await expect.poll(async () => (await cli.watch('worker')).phase, { timeout: 30_000 }).toBe('running');
  const [ended] = await cli.events({ watch: 'worker', types: ['cooldown_ended'] });
  expect(ended?.message).toContain('worker.cjs was changed');
});
