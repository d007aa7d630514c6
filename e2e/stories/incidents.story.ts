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

test('what dies with a database stands under its incident', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'db', '--', 'node', 'demo/server.mjs', '0');
  await cli.ok('add', 'api', '--after', 'db:restart', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('api', 'Running');
  const [db, api] = [await cli.pids('db'), await cli.pids('api')];

  process.kill(api[0] ?? -1, 'SIGKILL');
  process.kill(db[0] ?? -1, 'SIGKILL');

  await dashboard.watches.expectRestarts('db', 1);
  expect(await dashboard.incidents.listed()).toEqual([expect.stringContaining('also affected: api')]);
  await dashboard.incidents.openNewest('db');
  await dashboard.incidents.openRelated(/^api, incident/);
  await dashboard.incidents.expectReported(/Caused by\s*db, incident \d+/);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
});
