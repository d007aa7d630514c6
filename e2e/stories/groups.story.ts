import { expect, test } from '../fixtures/test';
import { identify } from '../fixtures/processes';

const MEMBERS = ['db', 'front', 'web'];

test('a group is stopped and started as one, folds, and says how it is', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { groups } = dashboard;
  for (const name of MEMBERS) await cli.ok('add', name, '--group', 'shop', '--', 'node', 'demo/server.mjs', '0');
  await cli.ok('add', 'loner', '--', 'node', 'demo/server.mjs', '0');
  const pids = (await Promise.all(MEMBERS.map((name) => cli.pids(name)))).flat();
  const [loner] = await cli.pids('loner');

  await groups.arrange();
  await groups.expectState('shop', '3 of 3 running');
  await groups.expectListed(...MEMBERS, 'loner');
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  await groups.press('Stop', 'shop');
  await dashboard.watches.confirmEnds('Stop', '3 watches');
  await groups.expectState('shop', '0 of 3 running, 3 stopped');
  await groups.expectState('No group', '1 of 1 running');
  expect(pids.map(identify)).toEqual([null, null, null]);
  expect(identify(loner ?? -1)).not.toBeNull();
  // Each has the event that it would have by itself.
  const stopped = (await cli.events({ types: ['stopped'] })).map(({ watch }) => watch);
  expect(stopped.toSorted()).toEqual(MEMBERS);

  await groups.toggle('shop');
  await groups.expectListed('loner');
  await groups.press('Start', 'shop');
  await groups.expectState('shop', '3 of 3 running');
  await groups.toggle('shop');
  await groups.expectListed(...MEMBERS, 'loner');
});

test('a watch stands in each of its groups, and the command line knows them', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { groups } = dashboard;
  for (const name of ['db', 'web']) await cli.ok('add', name, '--group', 'shop', '--', 'node', 'demo/server.mjs', '0');

  await groups.arrange();
  await groups.join('web', 'nightly');
  await groups.expectListed('web', 'db', 'web');
  await groups.choose('Only report, take no action', 'shop');
  await expect.poll(async () => (await cli.watches()).map(({ observed }) => observed)).toEqual([true, true]);

  await cli.ok('stop', '--group', 'nightly');
  await groups.expectState('nightly', '0 of 1 running, web stopped');
  await groups.expectState('shop', '1 of 2 running, web stopped');
  expect(await cli.ok('groups')).toMatch(/^GROUP +STATE +WATCHES\nnightly +0 of 1 running, web stopped +web\nshop .*/);
  expect(await cli.run('start', '--group', 'shp')).toMatchObject({
    ...{ status: 1, stderr: 'healdeck: no group is called "shp"; did you mean: shop? groups: nightly, shop\n' },
  });
});
