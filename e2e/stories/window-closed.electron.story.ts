import type { Cli } from '../fixtures/cli';
import { expect, test } from '../fixtures/test';

test('a window that crashes or is closed changes nothing for the engine', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'sampling.intervalMs', '500');
  await cli.ok('add', 'web', '--restart', 'always', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  const engine = healdeck.enginePid;

  await healdeck.desktop.crashPage();
  await expectHeals(healdeck, 1);
  // The page comes back by itself.
  await expect.poll(() => healdeck.desktop.pageText()).toContain('Connected');

  await healdeck.desktop.closeWindow();
  await expectHeals(healdeck, 2);
  expect(healdeck.enginePid).toBe(engine);
  expect((await cli.watch('web')).restarts).toBe(2);

  // Starting Healdeck once more opens the window of the engine that runs.
  await healdeck.desktop.startAgain();
  await healdeck.dashboard.expectLive();
  await healdeck.dashboard.watches.expectRestarts('web', 2);
});

/** Kills `web` and sees it come back. */
async function expectHeals({ cli }: { cli: Cli }, restarts: number): Promise<void> {
  const [pid] = await cli.pids('web');
  process.kill(pid ?? -1, 'SIGKILL');
  await expect.poll(async () => (await cli.watch('web')).restarts).toBe(restarts);
  await expect.poll(async () => (await cli.pids('web')).filter((one) => one !== pid)).toHaveLength(1);
}
