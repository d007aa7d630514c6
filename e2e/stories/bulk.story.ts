import { expect, test } from '../fixtures/test';
import { identify } from '../fixtures/processes';

test('several watches are stopped at once, and the others left alone', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { watches } = dashboard;
  for (const name of ['one', 'two', 'three']) await cli.ok('add', name, '--', 'node', 'demo/server.mjs', '0');
  const [three] = await cli.pids('three');

  await watches.choose('one', 'two');
  await watches.pressForChosen('Stop 2');
  await watches.confirmEnds('Stop', '2 watches');

  await watches.expectState('one', 'Stopped');
  await watches.expectState('two', 'Stopped');
  await watches.expectState('three', 'Running');
  expect(identify(three ?? -1)).not.toBeNull();
  // The command line does the same.
  await cli.ok('start', 'one', 'two');
  await watches.expectState('one', 'Running');
});

test('watches that are removed come back with the processes they had', async ({ healdeck }) => {
  const { cli, dashboard } = healdeck;
  const { watches } = dashboard;
  for (const name of ['one', 'two']) await cli.ok('add', name, '--', 'node', 'demo/server.mjs', '0');
  const before = await cli.watches();

  await watches.choose('one', 'two');
  await watches.pressForChosen('Remove 2');
  expect(await watches.confirmRemoval(2)).toEqual(['one', 'two']);
  await expect.poll(() => cli.watches()).toEqual([]);
  await watches.undo();

  await watches.expectState('one', 'Running');
  await watches.expectState('two', 'Running');
  const pidsOf = (list: typeof before) =>
    list.map(({ watch, processes }) => [watch.id, processes.map(({ pid }) => pid)]);
  expect(pidsOf(await cli.watches()).sort()).toEqual(pidsOf(before).sort());
  expect(await cli.events({ types: ['started'] })).toHaveLength(2);
  expect((await cli.watch('one')).restarts).toBe(0);
});
