import { expect, test } from '../fixtures/test';
import { TABS } from '../pages/tabs';

for (const scheme of ['light', 'dark'] as const) {
  test(`each tab can be used by everybody, in ${scheme} colours`, async ({ healdeck }) => {
    const { cli, dashboard } = healdeck;
    await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
    await cli.ok('add', 'broken', '--restart', 'never', '--', 'node', 'demo/exit-with.mjs', '3');
    await dashboard.colours(scheme);
    await dashboard.watches.expectState('web', 'Running');
    for (const tab of TABS) {
      await dashboard.open(tab);
      expect(await dashboard.accessibilityViolations(), tab).toEqual([]);
    }
    for (const over of ['palette', 'help', 'drill'] as const) {
      await dashboard.keyboard.open(over);
      expect(await dashboard.accessibilityViolations(), over).toEqual([]);
      await dashboard.keyboard.close();
    }
  });
}
