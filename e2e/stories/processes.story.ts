import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '../fixtures/test';
import { descendants, identify, isAlive, killExactly, type Identity } from '../fixtures/processes';

/** Three generations of a program of its own kind: parent, two children, two grandchildren. */
async function family(outsider: (argv: readonly [string, ...string[]]) => Promise<Identity>) {
  const word = `family-${randomUUID()}`;
  const parent = await outsider(['node', 'demo/forks-children.mjs', '--ignore-sigterm', '--max-seconds', '120', word]);
  await expect.poll(() => descendants(parent.pid).length, { timeout: 60_000 }).toBe(4);
  const below = descendants(parent.pid)
    .map(({ pid }) => identify(pid))
    .filter((found) => found !== null);
  const [child] = below.filter(({ ppid }) => ppid === parent.pid);
  const grandchild = below.find(({ ppid }) => ppid === child?.pid);
  if (child === undefined || grandchild === undefined) throw new Error('expected three generations');
  return { word, parent, child, grandchild, all: [parent, ...below] };
}

test('a tree is shown with its ancestors, folded and unfolded by keys', async ({ healdeck, outsider }) => {
  const { processes } = healdeck.dashboard;
  const { word, parent, child, grandchild } = await family(outsider);
  await processes.arrange('Tree');
  await processes.filter(word);
  await processes.expectRow(grandchild.pid);

  // Only the parent has the word in its command line: the others are there as its family.
  const level = await processes.level(parent.pid);
  expect(await processes.level(child.pid)).toBe(level + 1);
  expect(await processes.level(grandchild.pid)).toBe(level + 2);
  const order = await processes.pids();
  expect(order.indexOf(parent.pid)).toBeLessThan(order.indexOf(child.pid));
  expect(order.slice(0, order.indexOf(parent.pid)).length).toBe(level - 1);

  await processes.press(child.pid, 'ArrowLeft');
  await processes.expectFold(child.pid, 'folded');
  await processes.expectNoRow(grandchild.pid);
  await processes.press(child.pid, 'ArrowRight');
  await processes.expectFold(child.pid, 'open');
  await processes.expectRow(grandchild.pid);
  expect(await healdeck.dashboard.accessibilityViolations()).toEqual([]);
});

test('what the preview lists is ended, and nothing else', async ({ healdeck, outsider }) => {
  const { cli } = healdeck;
  const { processes } = healdeck.dashboard;
  const { word, parent, all } = await family(outsider);
  const bystander = await family(outsider);
  await cli.ok('settings', 'set', 'stop.graceMs', '1000');
  await processes.filter(word);
  await processes.expectDetails(parent.pid, 'Readings');
  await processes.pressInDetails('Kill…');
  await processes.leaveDialog('Kill…');
  await processes.closeDetails();
  await processes.press(parent.pid, 'Delete');

  const pids = all.map(({ pid }) => pid);
  expect((await processes.listed()).toSorted()).toEqual(pids.toSorted());
  await processes.confirmEnd();
  await processes.expectDialogClosed();

  expect(all.filter(isAlive)).toEqual([]);
  expect(bystander.all.every(isAlive)).toBe(true);
  const [killed] = await cli.events({ types: ['killed'] });
  expect(killed?.type === 'killed' && killed.data.pids.toSorted()).toEqual(pids.toSorted());
  expect(healdeck.healingLog()).toContain(`Killed node pid=${parent.pid} by `);
});

test('the engine itself is refused, in the window and on the command line', async ({ healdeck }) => {
  const { cli, dashboard, enginePid } = healdeck;
  const { processes } = dashboard;
  await processes.filter(String(enginePid));
  await processes.press(enginePid, 'Delete');
  await processes.expectInDialog('Protected: nothing can be ended here');
  await processes.expectInDialog(/Healdeck itself/);
  await processes.expectNothingToConfirm();
  expect(await dashboard.accessibilityViolations()).toEqual([]);
  await processes.cancelDialog();

  const refused = await cli.run('kill', String(enginePid), '--yes', '--force', '--tree');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/it is Healdeck itself;.* nothing was done/);
  expect(await cli.watches()).toEqual([]);
});

test('a process that was replaced before the yes, or whose tree has grown, is left alone', async ({
  healdeck,
  outsider,
}) => {
  const { processes } = healdeck.dashboard;
  const first = await family(outsider);
  await processes.filter(first.word);
  await processes.press(first.parent.pid, 'Delete');
  await processes.listed();
  killExactly(first.parent);
  await expect.poll(() => isAlive(first.parent)).toBe(false);
  await processes.confirmEnd();
  await processes.expectInDialog('Nothing was ended');
  await processes.cancelDialog();
  expect(first.all.slice(1).every(isAlive)).toBe(true);
  first.all.slice(1).forEach(killExactly);

  // It starts a child once a file appears: its tree grows between the look and the yes.
  const word = `grows-${randomUUID()}`;
  const signal = join(healdeck.dataDir, 'grow');
  const script = `
    const timer = setInterval(() => {
      if (!require('fs').existsSync(${JSON.stringify(signal)})) return;
      clearInterval(timer);
      require('child_process').spawn('sleep', ['60']);
    }, 50)`;
  const grower = await outsider(['node', '-e', script, word]);
  await processes.filter(word);
  await processes.press(grower.pid, 'Delete');
  await processes.listed();
  writeFileSync(signal, '');
  await expect.poll(() => descendants(grower.pid).length).toBe(1);
  await processes.confirmEnd();
  await processes.expectInDialog(/has grown since it was shown/);
  expect(isAlive(grower)).toBe(true);
});

test('a watched program that is ended by hand comes back without a crash; its watch can be stopped instead', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  const { processes } = dashboard;
  await cli.ok('add', 'kept', '--', 'node', 'demo/server.mjs', '0');
  const [first] = await cli.pids('kept');
  await processes.filter(String(first));
  await processes.expectDetails(first ?? -1, 'Watched as');
  await processes.pressInDetails('Kill…');
  await processes.expectInDialog('The watch kept starts it again at once; stop the watch to keep it down.');
  await processes.confirmEnd();
  await processes.expectDialogClosed();
  await expect.poll(async () => (await cli.pids('kept')).filter((pid) => pid !== first)).toHaveLength(1);
  expect(await cli.events({ types: ['crash_detected'] })).toEqual([]);
  await processes.closeDetails();

  const [second] = await cli.pids('kept');
  await processes.filter(String(second));
  await processes.press(second ?? -1, 'Delete');
  await processes.pressInDetails('Stop the watch kept instead');
  await expect.poll(async () => (await cli.watch('kept')).phase).toBe('stopped');
});

test('a paused table keeps its rows', async ({ healdeck, outsider }) => {
  const { processes } = healdeck.dashboard;
  const { word, parent, all } = await family(outsider);
  await processes.filter(word);
  await processes.expectRow(parent.pid);
  await processes.pause();
  all.forEach(killExactly);
  await expect.poll(() => all.filter(isAlive).length).toBe(0);
  // Long enough for passes that do not know it any more to have come: the engine's own table says so.
  const listed = async () => healdeck.cli.ok('ps', '--text', word, '--json');
  await expect.poll(async () => (JSON.parse(await listed()) as unknown[]).length).toBe(0);
  await processes.expectRow(parent.pid);
  await processes.resume();
  await processes.expectNoRow(parent.pid);
});

test('the table of the moment of a crash shows the process that is gone, and can only be read', async ({
  healdeck,
}) => {
  const { cli, dashboard } = healdeck;
  const { processes } = dashboard;
  await cli.ok('add', 'mortal', '--', 'node', 'demo/server.mjs', '0');
  const [first] = await cli.pids('mortal');
  const victim = identify(first ?? -1);
  if (victim === null) throw new Error('expected a living process');
  // A pass that has seen it.
  const seen = async () => JSON.parse(await cli.ok('ps', '--json')) as { pid: number }[];
  await expect.poll(async () => (await seen()).some(({ pid }) => pid === victim.pid)).toBe(true);
  killExactly(victim);
  await expect.poll(async () => (await cli.events({ types: ['restarted'] })).length).toBe(1);

  await processes.goToLastIncident();
  await processes.filter(String(victim.pid));
  await processes.expectRow(victim.pid);
  await processes.expectAround(/mortal .*crashed/);
  expect(await dashboard.accessibilityViolations()).toEqual([]);
  await processes.press(victim.pid, 'Delete');
  await processes.expectDialogClosed();
  await processes.expectDetails(victim.pid, 'As it was at');
  await processes.closeDetails();

  await processes.backToLive();
  await processes.expectNoRow(victim.pid);
});
