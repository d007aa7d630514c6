import { expect, test } from '../fixtures/test';

test('a crash is shown as one incident, from what was noticed to its end', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'heal.verifyMs', '1s');
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  const [pid] = await cli.pids('web');

  process.kill(pid ?? -1, 'SIGKILL');

  await dashboard.watches.expectRestarts('web', 1);
  await dashboard.incidents.openNewest('web');
  await dashboard.incidents.expectOutcome('Recovered');
  const steps = await dashboard.incidents.steps();
  expect(steps[0]).toContain('Noticed Crash detected');
  expect(steps).toContainEqual(expect.stringContaining('Done Restarted'));
  expect(steps.at(-1)).toContain('End Recovered');
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  const [incident] = JSON.parse(await cli.ok('incidents', '--json')) as { id: number }[];
  const markdown = await cli.ok('incidents', String(incident?.id), '--markdown');
  expect(markdown).toContain(`## Incident ${incident?.id}`);
  expect(markdown).toContain('SIGKILL');
});
