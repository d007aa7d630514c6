import { randomUUID } from 'node:crypto';
import { expect, test } from '../fixtures/test';
import { freePort } from '../fixtures/free-port';
import { isAlive } from '../fixtures/processes';

test('a program that must not run is ended when the watch is added, and each time it comes back', async ({
  healdeck,
  outsider,
}) => {
  const { cli, dashboard } = healdeck;
  const { incidents, watches } = dashboard;
  const word = `miner-${randomUUID()}`;
  const start = async () => outsider(['node', 'demo/server.mjs', String(await freePort()), word]);

  const first = await start();
  await watches.forbid('no-miner', word, first.pid);
  await expect.poll(() => isAlive(first)).toBe(false);
  await watches.expectState('no-miner', 'Absent');

  const second = await start();
  await expect.poll(() => isAlive(second)).toBe(false);
  await watches.expectState('no-miner', 'Absent');
  expect(await dashboard.accessibilityViolations()).toEqual([]);

  await incidents.openNewest('no-miner');
  await incidents.expectReported(new RegExp(`no-miner must not run: found .* \\(pid ${second.pid}\\)`));
  await incidents.expectReported(/ended by Healdeck/);
  await incidents.closeStory();
  const { watch } = await cli.watch('no-miner');
  expect(watch.target).toMatchObject({ kind: 'forbidden', by: 'cmdline', pattern: word });
});
