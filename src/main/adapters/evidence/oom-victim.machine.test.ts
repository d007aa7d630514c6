import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DeadProcess } from '../../engine/ports';
import { createSystemClock } from '../clock';
import { startProgram } from '../testing/child';
import { oomVictim } from './oom-victim';
import { SYSTEM_PLACES } from './read-scene';

const options = { ...SYSTEM_PLACES, clock: createSystemClock() };
const LIMIT_BYTES = String(32 << 20);

/** A group of processes with so little memory; null: none can be made here. */
function smallGroup(): string | null {
  const root = '/sys/fs/cgroup';
  const isUnified = existsSync(join(root, 'cgroup.controllers'));
  const dir = join(root, isUnified ? '' : 'memory', `healdeck-oom-${process.pid}`);
  try {
    mkdirSync(dir);
    writeFileSync(join(dir, isUnified ? 'memory.max' : 'memory.limit_in_bytes'), LIMIT_BYTES);
    return dir;
  } catch {
    if (existsSync(dir)) rmdirSync(dir);
    return null;
  }
}

it('a process that the OOM killer ends is one, and who was killed otherwise is not', async ({ skip }) => {
  const group = smallGroup();
  if (group === null) return skip('no group of processes can be made here');
  try {
    // It reads a line without an end; the limit of its addresses ends it should the group not.
    const script = `ulimit -v 1000000 && echo $$ > ${group}/cgroup.procs && exec tail -n 1 /dev/zero`;
    const greedy = startProgram('sh', ['-c', script]);
    await greedy.ended;
    const victim: DeadProcess = { pid: greedy.pid, name: 'tail', cwd: '/', signal: 'SIGKILL', diedAt: Date.now() };
    const answer = oomVictim(victim, options);
    if (answer === null) return skip('the log of the kernel may not be read here');
    expect(answer).toBe(true);
    expect(oomVictim({ ...victim, name: 'head' }, options)).toBe(false);
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
