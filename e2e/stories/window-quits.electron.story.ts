import { expect, test } from '../fixtures/test';
import { identify, isAlive, killExactly } from '../fixtures/processes';

test('where it is not to keep running, closing the window ends the engine and leaves the programs', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'window.keepRunning', 'false');
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  const program = identify((await cli.pids('web'))[0] ?? -1);
  if (program === null) throw new Error('web does not run');

  await healdeck.desktop.closeWindow();

  expect(await healdeck.ended()).toBe(0);
  expect((await cli.run('status')).status).toBe(3);
  expect(isAlive(program)).toBe(true);
  killExactly(program);
});
