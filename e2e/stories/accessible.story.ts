import { expect, test } from '../fixtures/test';
import { TABS } from '../pages/tabs';

test('each tab can be used by everybody, in light and in dark colours', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await cli.ok('add', 'broken', '--restart', 'never', '--', 'node', 'demo/exit-with.mjs', '3');
  await dashboard.watches.expectState('web', 'Running');
  for (const tab of TABS) {
    await dashboard.open(tab);
    expect(await dashboard.violationsInBothSchemes(), tab).toEqual([]);
  }
  for (const over of ['palette', 'help', 'drill'] as const) {
    await dashboard.keyboard.open(over);
    expect(await dashboard.violationsInBothSchemes(), over).toEqual([]);
    await dashboard.keyboard.close();
  }
});
