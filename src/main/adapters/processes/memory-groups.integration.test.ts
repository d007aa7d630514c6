import { rmdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { startProgram } from '../testing/child';
import { eventually } from '../testing/children';
import { makeSmallGroup, useUpMemoryIn } from '../testing/small-group';
import { createMemoryGroups } from './memory-groups';

it('a group has its members and counts the processes that the OOM killer ends', async ({ skip }) => {
  const dir = makeSmallGroup('counted');
  if (dir === null) return skip('no group of processes can be made here');
  onTestFinished(() => rmdirSync(dir));
  const groups = createMemoryGroups();
  const quiet = startProgram('sh', ['-c', `echo $$ > ${dir}/cgroup.procs; echo ready; exec sleep 60`]);
  onTestFinished(() => quiet.kill());
  await quiet.saysWithin('ready');
  const group = groups.of(quiet.pid) ?? '';
  expect(group.startsWith(`${dir}/memory.`)).toBe(true);
  expect(groups.read(group)).toEqual({ pids: [quiet.pid], oomKills: 0 });
  const greedy = startProgram('sh', ['-c', useUpMemoryIn(dir)]);
  await greedy.ended;
  // The larger one is the victim.
  await eventually('its end', () => groups.read(group)?.pids.length === 1);
  expect(groups.read(group)).toEqual({ pids: [quiet.pid], oomKills: 1 });
});

it('the group of this engine is of no program alone, nor is there one of a process that is gone', async () => {
  const groups = createMemoryGroups();
  const child = startProgram('sh', ['-c', 'exec sleep 60']);
  onTestFinished(() => child.kill());
  expect(groups.of(process.pid)).toBeNull();
  expect(groups.of(child.pid)).toBeNull();
  await child.kill();
  expect(groups.of(child.pid)).toBeNull();
  expect(groups.read('/sys/fs/cgroup/no-such-group/memory.oom_control')).toBeNull();
});
