import { processesWith } from '../fixtures/processes';
import { drillFolders, expect, MARK, test } from '../fixtures/test';

test('a scenario is detected, healed and mailed before the eyes of the operator', async ({ healdeck }) => {
  test.setTimeout(180_000);
  const { cli, dashboard } = healdeck;
  await cli.ok('add', 'mine', '--', 'node', 'demo/server.mjs', '0');
  const before = await cli.pids('mine');
  await dashboard.expectLive();
  await dashboard.keyboard.command('run drill', 'Run the drill');
  await dashboard.drill.run('crash');
  await dashboard.drill.expectState('crash', 'Passed');
  expect((await dashboard.drill.times('crash')).join(' ')).toMatch(/^\d.* (?:ms|s) \d.* s \d.* s$/);
  await dashboard.drill.expectVerdict(/^All 2 passed/);
  await dashboard.drill.close();
  // It ran in an engine of its own.
  expect(await cli.pids('mine')).toEqual(before);
  expect((await cli.watches()).map(({ watch }) => watch.name)).toEqual(['mine']);
});

/** Sooner than the drill of `surge` can be over by itself. */
const CLEAN_UP_MS = 10_000;

test('a drill ends with its dialog, and leaves nothing', async ({ healdeck, mark }) => {
  test.setTimeout(180_000);
  const { dashboard } = healdeck;
  const marked = () => processesWith(MARK, mark).length;
  await expect.poll(marked).toBeGreaterThan(0);
  const alone = marked();
  await dashboard.expectLive();
  await dashboard.keyboard.command('run drill', 'Run the drill');
  await dashboard.drill.run('surge');
  await dashboard.drill.expectState('surge', 'Running');
  expect(marked()).toBeGreaterThan(alone);
  await dashboard.drill.close();
  await expect.poll(() => drillFolders(mark), { timeout: CLEAN_UP_MS }).toEqual([]);
  await expect.poll(marked, { timeout: CLEAN_UP_MS }).toBeLessThanOrEqual(alone);
});

test('a drill ends with an engine that is killed', async ({ healdeck, mark }) => {
  test.setTimeout(180_000);
  const { dashboard } = healdeck;
  await dashboard.expectLive();
  await dashboard.keyboard.command('run drill', 'Run the drill');
  await dashboard.drill.run('surge');
  await dashboard.drill.expectState('surge', 'Running');
  await healdeck.killEngine();
  await expect.poll(() => drillFolders(mark), { timeout: CLEAN_UP_MS }).toEqual([]);
  await healdeck.start();
});
