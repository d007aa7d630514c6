import { expect, test } from '../fixtures/test';

test('the instances of a watch are scaled, restarted one after another and edited as one', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { groups, instances } = dashboard;
  const pids = async () => (await cli.watches()).map(({ processes }) => processes[0]?.pid);
  await cli.ok(
    ...['add', 'web', '--instances', '1..2', '--set', 'start.graceMs=1s', '--env', 'NUMBER={instance}'],
    ...['--', 'node', 'demo/server.mjs', '0'],
  );
  await instances.expectState('web', '1 of 1..2 instances; 1 of 1 running');
  await instances.scale('web', 'more');
  await instances.expectState('web', '2 of 1..2 instances; 2 of 2 running');
  await instances.expectNoMore('web');
  await groups.expectListed('web#1', 'web#2');
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  const before = await pids();
  await instances.roll('web');
  expect((await pids()).filter((pid) => before.includes(pid))).toEqual([]);

  await instances.toggle('web');
  await groups.expectListed();
  await instances.toggle('web');
  await instances.allow('web', '1');
  await instances.expectState('web', '1 of 1 instances; 1 of 1 running');
  await groups.expectListed('web#1');
  expect(await pids()).toHaveLength(1);
});
