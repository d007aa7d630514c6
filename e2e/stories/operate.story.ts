import { expect, test } from '../fixtures/test';
import { identify } from '../fixtures/processes';

test('a program is added, stopped, restarted and removed in the window', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { watches } = dashboard;

  await watches.add({ name: 'stubborn', command: 'node demo/server.mjs 0', directory: process.cwd() });
  await watches.expectState('stubborn', 'Running');
  const [first] = await cli.pids('stubborn');
  expect(identify(first ?? -1)).not.toBeNull();

  await watches.press('Restart', 'stubborn');
  await expect.poll(async () => (await cli.pids('stubborn')).filter((pid) => pid !== first)).toHaveLength(1);
  expect(identify(first ?? -1)).toBeNull();
  const [second] = await cli.pids('stubborn');

  await watches.press('Stop', 'stubborn');
  await watches.expectState('stubborn', 'Stopped');
  expect(identify(second ?? -1)).toBeNull();

  // What was stopped by mistake is one press away.
  await watches.startAgain();
  await watches.expectState('stubborn', 'Running');
  const [third] = await cli.pids('stubborn');

  // Removing a watch ends the watching, not the program.
  await watches.remove('stubborn');
  await watches.expectNone('stubborn');
  expect(await cli.watches()).toEqual([]);
  expect(identify(third ?? -1)).not.toBeNull();
  process.kill(third ?? -1, 'SIGKILL');
});
