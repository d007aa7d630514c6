import { freePort } from '../fixtures/free-port';
import { expect, test } from '../fixtures/test';

test('the output of a program is followed and searched in the details of its watch', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const script = "console.log('first line'); setInterval(() => console.log('needle ' + process.pid), 300)";
  await cli.ok('add', 'talker', '--', 'node', '-e', script);
  await dashboard.watches.expectState('talker', 'Running');
  const [pid] = await cli.pids('talker');

  const found = await dashboard.watches.searchOutput('talker', `needle ${pid}`);

  expect(found).toContain(`needle ${pid}`);
  expect(found).not.toContain('first line');
  expect(await cli.ok('logs', 'talker', '--out')).toContain(`needle ${pid}`);
});

test('a mark on the chart of a watch leads to its incident', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'heal.verifyMs', '1s');
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  await dashboard.watches.expectState('web', 'Running');
  const [pid] = await cli.pids('web');
  process.kill(pid ?? -1, 'SIGKILL');
  await dashboard.watches.expectRestarts('web', 1);

  await dashboard.watches.openMark('web');

  await dashboard.incidents.expectOutcome('Recovered');
});

test('limits that are typed are tried on the past, with the same result as on the command line', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  await cli.ok('settings', 'set', 'start.graceMs', '0s');
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', '0');
  const readings = async () => (JSON.parse(await cli.ok('history', 'web', '--json')) as unknown[]).length;
  await expect.poll(readings, { timeout: 60_000 }).toBeGreaterThan(8);
  // The past stands still for both trials.
  await cli.ok('stop', 'web');

  const words = await dashboard.watches.tryLimits('web', { 'Memory limit': '2 MB' });

  const args = ['--memory', '2MB', '--json'];
  const result = JSON.parse(await cli.ok('backtest', 'web', ...args)) as { hits: { level: string }[] };
  const acts = result.hits.filter(({ level }) => level === 'act').length;
  expect(acts).toBeGreaterThan(0);
  expect(words).toContain(`The limits would have acted ${acts} time`);
  expect((await cli.watch('web')).watch.overrides).toEqual({});
});

test('the ports of a program are in the details of its watch, as on the command line', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const port = await freePort();
  await cli.ok('add', 'web', '--', 'node', 'demo/server.mjs', String(port));
  await cli.ok('add', 'idle', '--', 'node', 'demo/hang.mjs', '--after', '600000');
  await dashboard.watches.expectState('web', 'Running');
  const [pid] = await cli.pids('web');
  await expect.poll(() => cli.ok('ports', 'web')).toContain(`web    tcp       127.0.0.1  ${port}  ${pid}`);

  expect(await dashboard.watches.ports('web', { refresh: true })).toContain(`127.0.0.1:${port} tcp ${pid}`);
  await dashboard.watches.expectNoPorts('idle');
});
