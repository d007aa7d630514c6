import { expect, test } from '../fixtures/test';

test('what was found wrong stands on a timeline and in a table, with the readings behind it', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { anomalies } = dashboard;
  await cli.ok('settings', 'set', 'sampling.intervalMs', '500');
  await cli.ok('settings', 'set', 'start.graceMs', '0');
  // On a busy machine a program that spins may get no more than a small part of a core.
  await cli.ok('add', 'burner', '--observe', '--cpu', '3', '--', 'node', 'demo/spin.mjs');

  await anomalies.expectFinding('burner', 'CPU limit');
  // The table has it at once, the timeline with its next step.
  await expect.poll(() => anomalies.onTimeline()).toBeGreaterThanOrEqual(1);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
  // A day back there was nothing; Home comes back to now.
  await anomalies.press('ArrowLeft', 8);
  await expect.poll(() => anomalies.onTimeline()).toBe(0);
  await anomalies.press('Home');
  await expect.poll(() => anomalies.onTimeline()).toBeGreaterThanOrEqual(1);

  await anomalies.filterByKind('Zombie');
  await anomalies.expectNone();
  await anomalies.clearKind();
  expect(await anomalies.openEvidence('burner', 'CPU limit')).toMatch(/limit 3 % of one core/);
});
