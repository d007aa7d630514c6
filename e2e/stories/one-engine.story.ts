import { expect, test } from '../fixtures/test';

test('a second engine on the same data directory is refused, and the first goes on', async ({ healdeck }) => {
  const { cli, dashboard, dataDir } = healdeck;
  await dashboard.expectLive();
  const second = await cli.run('run', '--headless', '--port', '0', '--data-dir', dataDir);
  expect(second.status).toBe(1);
  expect(second.stderr).toContain(`already runs on ${dataDir} (pid ${healdeck.enginePid}`);
  expect((await cli.run('status')).status).toBe(0);
  await dashboard.expectLive();
});
