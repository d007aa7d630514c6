import { expect, test } from '../fixtures/test';

/** A loop that is stopped after two restarts, without waiting between them. */
const SHORT_BUDGET = { 'restart.limit': '2', 'restart.windowMs': '60s', 'restart.delays': 'false' };

test('a program that crashes at once is left alone for a while, and the window shows for how long', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  const { watches } = dashboard;
  for (const [key, value] of Object.entries(SHORT_BUDGET)) await cli.ok('settings', 'set', key, value);
  await cli.ok('add', 'looper', '--restart', 'always', '--', 'node', 'demo/crasher.mjs', '--after', '0');

  const cooldown = async () => (await cli.watch('looper')).budget.cooldown;
  await expect.poll(cooldown, { timeout: 60_000 }).not.toBeNull();
  await watches.expectState('looper', 'Cooldown');
  await watches.expectRestarts('looper', 2);
  await watches.expectBudget('looper', 2, 2);
  await watches.expectStateLine(/^looper is down · next try in \d:\d\d$/);

  // The window counts down what the engine counts, give or take the second that lies between two looks.
  const expectSameCountdown = async () => {
    const until = (await cooldown())?.until ?? 0;
    const difference = async () => Math.abs((await watches.cooldownLeft('looper')) - (until - Date.now()) / 1000);
    // Looks a second apart would always fall on the same place between two steps of the window's clock.
    await expect.poll(difference, { intervals: [130] }).toBeLessThanOrEqual(1);
  };
  await expectSameCountdown();
  await dashboard.reload();
  await expectSameCountdown();
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  await watches.extendCooldown('looper');
  expect(await watches.cooldownLeft('looper')).toBeGreaterThan(600);

  // The button ends it at once: restarts are allowed again, and the next loop is stopped again.
  await watches.resetCooldown('looper');
  await expect.poll(async () => (await cli.watch('looper')).restarts).toBeGreaterThan(2);
  await dashboard.log.expectEvent('Cooldown reset', 'looper');
  await dashboard.log.expectEvent('Cooldown extended', 'looper');
  const types = (await cli.events({ watch: 'looper' })).map(({ type }) => type);
  const reset = types.indexOf('cooldown_reset');
  expect(types.indexOf('cooldown_started')).toBeLessThan(reset);
  expect(types.lastIndexOf('restarted')).toBeGreaterThan(reset);
});

test('limits are typed in the window, and observing touches nothing', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'sampling.intervalMs', '500');
  await cli.ok('settings', 'set', 'start.graceMs', '0');
  await cli.ok('add', 'burner', '--', 'node', 'demo/spin.mjs');
  await dashboard.watches.observe('burner', true);
  await dashboard.watches.setLimits('burner', { 'CPU limit': '20', 'Memory limit': '2 GB' });
  const { watch } = await cli.watch('burner');
  expect(watch.overrides).toEqual({ observe: true, 'cpu.limitPercent': 20, 'memory.limitBytes': 2_000_000_000 });

  await dashboard.log.expectEvent('Limit exceeded', 'burner');
  const [exceeded] = (await cli.events({ watch: 'burner' })).filter(({ type }) => type === 'limit_exceeded');
  expect(exceeded?.data).toMatchObject({ metric: 'cpu', limit: 20, observed: true });
  const { restarts, processes } = await cli.watch('burner');
  expect({ restarts, running: processes.length }).toEqual({ restarts: 0, running: 1 });
  await dashboard.log.open('Limit exceeded', 'burner');
  await dashboard.log.expectDetail(/> 20 % of one core$/);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
});
