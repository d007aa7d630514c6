import { test } from '../fixtures/test';

test('a page whose engine is gone says how old it is, and how to get in again', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  await healdeck.killEngine();
  await dashboard.expectLost();
  await healdeck.start('kept');
  await dashboard.expectSessionOver();
  await dashboard.openAddress((await cli.ok('open')).trim());
  await dashboard.watches.expectState('web', 'Running');
});
