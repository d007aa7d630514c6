import { expect, test, type Daemon } from '../fixtures/daemons';
import { identify, isAlive, killExactly, processesNaming } from '../fixtures/processes';
import type { Healdeck } from '../fixtures/test';

/** The types of the events of each watch so far. */
async function stories({ cli }: Healdeck): Promise<Record<string, string[]>> {
  const types: Record<string, string[]> = {};
  for (const { watch, type } of await cli.events()) if (watch !== null) (types[watch] ??= []).push(type);
  return types;
}

/** The processes that each watch holds, without workers of theirs: those show the title of their master until they have one. */
async function held({ cli }: Healdeck): Promise<Record<string, number[]>> {
  const mains = (pids: readonly number[]) => pids.filter((pid) => !pids.includes(identify(pid)?.ppid ?? 0));
  const watches = await cli.watches();
  return Object.fromEntries(
    watches.map(({ watch, processes }) => [watch.name, mains(processes.map(({ pid }) => pid))]),
  );
}

test('nginx and redis are adopted, killed, back and recognised, and others of their kind are left alone', async ({
  healdeck,
  daemon,
}) => {
  const { dashboard } = healdeck;
  const nginx = await daemon('nginx');
  const redis = await daemon('redis-server');
  // By their names alone these are the same programs.
  const bystanders = [await daemon('nginx'), await daemon('redis-server')].map(mainOf);
  // A pattern is proposed by what the window has seen.
  for (const { pid } of bystanders) {
    await dashboard.processes.filter(String(pid));
    await dashboard.processes.expectRow(pid);
  }

  const proposal = await dashboard.processes.watchThis(mainOf(nginx).pid);
  expect(proposal.name).toBe('nginx');
  expect(proposal.command).toMatch(new RegExp(`^/\\S+/nginx -c ${nginx.configuration}$`));
  expect(proposal.note).toContain('this command is taken from the title. Check it.');
  expect(await dashboard.colourViolations()).toEqual([]);
  await dashboard.processes.acceptProposal();

  // Its title does not say with which configuration it was started, and nothing is guessed.
  const honest = await dashboard.processes.watchThis(mainOf(redis).pid);
  expect([honest.name, honest.command]).toEqual(['redis-server', null]);
  expect(honest.note).toContain('how it was started is not known');
  await dashboard.processes.acceptProposal(`redis-server ${redis.configuration}`);

  const watched = [nginx, redis];
  const mains = () => ({ nginx: [mainOf(nginx).pid], 'redis-server': [mainOf(redis).pid] });
  await expect.poll(() => held(healdeck)).toEqual(mains());
  const adopted = ['watch_added', 'adopted'];
  expect(await stories(healdeck)).toEqual({ nginx: adopted, 'redis-server': adopted });

  const killed = watched.map(mainOf);
  killed.forEach(killExactly);

  for (const [at, one] of watched.entries()) {
    await expect.poll(() => one.main()?.pid ?? killed[at]?.pid).not.toBe(killed[at]?.pid);
    await expect.poll(() => one.answers()).toBe(true);
  }
  await expect.poll(() => held(healdeck)).toEqual(mains());
  const back = watched.map(mainOf);
  expect(processesNaming(nginx.configuration)).toEqual([mainOf(nginx)]);
  await dashboard.watches.expectState('nginx', 'Running');
  await dashboard.watches.expectState('redis-server', 'Running');
  await dashboard.log.expectEvent('Restarted', 'redis-server');

  await healdeck.killEngine();
  await healdeck.start();
  await healdeck.dashboard.watches.expectState('nginx', 'Running');
  expect(await held(healdeck)).toEqual(mains());
  expect(watched.map(mainOf)).toEqual(back);
  // One death and one start of each: nothing was taken for a second copy, nor for another end, also not by the next engine.
  const once = /crash|exited|killed|restart/;
  const ends = Object.entries(await stories(healdeck)).map(([name, types]) => [
    name,
    types.filter((type) => once.test(type)),
  ]);
  expect(Object.fromEntries(ends)).toEqual({
    nginx: ['crash_detected', 'killed', 'restarted'],
    'redis-server': ['crash_detected', 'restarted'],
  });
  expect(bystanders.every(isAlive)).toBe(true);
});

function mainOf(daemon: Daemon) {
  const main = daemon.main();
  if (main === null) throw new Error(`nothing runs by ${daemon.configuration}`);
  const { pid, startTicks } = main;
  return { pid, startTicks };
}
