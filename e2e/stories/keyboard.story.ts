import { join } from 'node:path';
import { expect, test } from '../fixtures/test';

test('a watch is stopped with the keyboard alone, and the keys are listed', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { keyboard } = dashboard;
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.expectLive();
  await dashboard.watches.expectState('web', 'Running');

  await keyboard.command('stop web', 'Stop web');
  await dashboard.watches.expectState('web', 'Stopped');
  expect(await cli.pids('web')).toEqual([]);

  await keyboard.press('g', 'l');
  await keyboard.expectView('Log');
  await keyboard.press('/');
  await keyboard.expectFocus('Search the log');
  // Whoever types does nothing else.
  await keyboard.press('g', 'o', 'n', '?');
  await keyboard.expectView('Log');
  await keyboard.press('Escape');

  await keyboard.command('go to settings', 'Go to Settings');
  await keyboard.expectView('Settings');
  expect(await keyboard.firstCommand()).toContain('Go to Settings');
  await keyboard.expectHelp('Go to Processes');
  await keyboard.press('n');
  await keyboard.expectDialog('Add a watch');
});

test('a first watch takes one field and no mouse, and no key is lost around the form', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { keyboard } = dashboard;
  const server = join(process.cwd(), 'demo/server.mjs');
  await dashboard.expectLive();

  // Nothing waits for the form to appear or to go.
  await keyboard.press('n', 'Escape', 'g', 'l');
  await keyboard.expectView('Log');
  await keyboard.press('n');
  await keyboard.type(`node ${server} 0`);
  await keyboard.press('Enter');
  await dashboard.watches.expectState('server', 'Running');
  expect((await cli.watch('server')).watch.target).toMatchObject({
    command: { argv: ['node', server, '0'], cwd: join(process.cwd(), 'demo') },
  });

  await dashboard.watches.addPipeline(`node ${server} 0 | cat > /dev/null`, ['|', '>']);
  await dashboard.watches.expectState('server-2', 'Running');
});
