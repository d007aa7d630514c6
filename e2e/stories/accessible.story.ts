import { expect, test } from '../fixtures/test';
import type { Dashboard } from '../pages/dashboard';
import { TABS } from '../pages/tabs';

test('each tab can be used by everybody, in light and in dark colours', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await cli.ok('add', 'broken', '--restart', 'never', '--', 'node', 'demo/exit-with.mjs', '3');
  await dashboard.watches.expectState('web', 'Running');
  await dashboard.colours('light');
  await expectNothing(dashboard, () => dashboard.accessibilityViolations());
  await dashboard.colours('dark');
  await expectNothing(dashboard, () => dashboard.colourViolations());
});

/** Expects of each tab, and of what opens above them all, that nothing is found. */
async function expectNothing(dashboard: Dashboard, violations: () => Promise<string[]>): Promise<void> {
  for (const tab of TABS) {
    await dashboard.open(tab);
    expect(await violations(), tab).toEqual([]);
  }
  for (const over of ['palette', 'help', 'drill'] as const) {
    await dashboard.keyboard.open(over);
    expect(await violations(), over).toEqual([]);
    await dashboard.keyboard.close();
  }
}
