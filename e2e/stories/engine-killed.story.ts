import { expect, test } from '../fixtures/test';

const NAMES = ['one', 'two', 'three'];

test('an engine that was killed finds its programs again, and heals on', async ({ healdeck }) => {
  const { cli } = healdeck;
  for (const name of NAMES) await cli.ok('add', name, '--restart', 'always', '--', 'node', 'demo/server.mjs', '0');
  const pids = async () => (await Promise.all(NAMES.map((name) => cli.pids(name)))).flat();
  await expect.poll(pids).toHaveLength(3);
  const before = await pids();

  await healdeck.killEngine();
  expect((await cli.run('status')).status).toBe(3);
  await healdeck.start();

  await healdeck.dashboard.expectLive();
  expect(await pids()).toEqual(before);
  expect((await cli.watches()).map(({ restarts }) => restarts)).toEqual([0, 0, 0]);
  for (const name of NAMES) await healdeck.dashboard.watches.expectState(name, 'Running');

  process.kill(before[1] ?? -1, 'SIGKILL');
  await expect.poll(async () => (await cli.pids('two')).filter((pid) => pid !== before[1])).toHaveLength(1);
  expect(await cli.events({ watch: 'two', types: ['crash_detected'] })).toHaveLength(1);
  expect((await cli.watches()).map(({ restarts }) => restarts)).toEqual([0, 1, 0]);
  expect([...(await cli.pids('one')), ...(await cli.pids('three'))]).toEqual([before[0], before[2]]);
});
