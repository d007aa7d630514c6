import { readFileSync, rmdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { DeadProcess } from '../../engine/ports';
import { createSystemClock } from '../clock';
import { startProgram } from '../testing/child';
import { makeSmallGroup, useUpMemoryIn } from '../testing/small-group';
import { oomVictim } from './oom-victim';
import { SYSTEM_PLACES } from './read-scene';

const options = { ...SYSTEM_PLACES, clock: createSystemClock() };
it('a process that the OOM killer ends is one, and who was killed otherwise is not', async ({ skip }) => {
  const group = makeSmallGroup('oom');
  if (group === null) return skip('no group of processes can be made here');
  try {
    const greedy = startProgram('sh', ['-c', useUpMemoryIn(group)]);
    await greedy.ended;
    const victim: DeadProcess = { pid: greedy.pid, name: 'tail', cwd: '/', signal: 'SIGKILL', diedAt: Date.now() };
    const answer = oomVictim(victim, options);
    if (answer === null) return skip('the log of the kernel may not be read here');
    expect(answer).toBe(true);
    expect(oomVictim({ ...victim, name: 'head' }, options)).toBeNull();
    expect(oomVictim({ ...victim, diedAt: victim.diedAt + 3_600_000 }, options)).toBe(false);

    const killed = startProgram('sh', ['-c', 'echo ready && exec sleep 60']);
    await killed.saysWithin('ready');
    await expect.poll(() => readFileSync(`/proc/${killed.pid}/comm`, 'utf8'), { timeout: 30_000 }).toBe('sleep\n');
    await killed.kill();
    expect(oomVictim({ ...victim, pid: killed.pid, name: 'sleep', diedAt: Date.now() }, options)).toBe(false);
  } finally {
    rmdirSync(group);
  }
});
