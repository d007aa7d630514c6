import { expect, test } from '../fixtures/test';

test('all cooldowns are seen in one place, made longer, and ended at once', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { cooldowns } = dashboard;
  for (const setting of [
    ['restart.limit', '1'],
    ['restart.delays', 'false'],
  ])
    await cli.ok('settings', 'set', ...setting);
  for (const name of ['one', 'two']) {
    await cli.ok('add', name, '--restart', 'always', '--', 'node', 'demo/crasher.mjs', '--after', '0');
  }
  const untilOf = async (name: string) => (await cli.watch(name)).budget.cooldown?.until ?? 0;
  await expect.poll(() => untilOf('one'), { timeout: 60_000 }).toBeGreaterThan(0);
  await expect.poll(() => untilOf('two'), { timeout: 60_000 }).toBeGreaterThan(0);
  await cooldowns.expectCooling('one');
  await cooldowns.expectCooling('two');

  const before = await untilOf('one');
  await cooldowns.extend('one', '30 min');
  await expect.poll(async () => (await untilOf('one')) - before).toBeGreaterThan(1_790_000);
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  expect((await cooldowns.resetAll()).toSorted()).toEqual(['one', 'two']);
  await cooldowns.expectTrip('one', /reset after .*, extended once/);
  await cooldowns.expectTrip('two', /reset after/);
});
