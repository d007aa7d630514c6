import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { temporaryFolder } from '../testing/children';
import { PriorityBoost } from './priority-boost';

/** Only root may go before others; anybody else stays where they are. */
const may = process.getuid?.() === 0;
const usual = getPriority();
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => folder.remove());

/** Our folder in procfs as it is in a session of this leader. */
function sessionOf(leader: number): { sessionNice: () => string } {
  writeFileSync(join(folder.path, 'stat'), `${process.pid} (a (b) c) S 1 ${leader} ${leader} 0 -1 4194560 1 2`);
  writeFileSync(join(folder.path, 'autogroup'), '/autogroup-42 nice 3\n');
  return { sessionNice: () => readFileSync(join(folder.path, 'autogroup'), 'utf8') };
}

describe('urgency', () => {
  it('goes first where it may, children do not, and it ends with the last emergency', () => {
    const priority = new PriorityBoost(new ManualClock());
    const relax = [priority.boost(), priority.boost()];
    const child = spawn('sleep', ['60'], { stdio: 'ignore' });
    try {
      priority.resetPriority(child.pid ?? 0);
      expect(getPriority(child.pid ?? 0)).toBe(usual);
      relax[0]?.();
      relax[0]?.();
      if (may) expect(getPriority()).toBeLessThan(usual);
    } finally {
      relax[1]?.();
      child.kill('SIGKILL');
    }
    expect(getPriority()).toBe(usual);
  });

  it('takes the session along, but only one of its own', () => {
    const own = sessionOf(process.pid);
    const end = new PriorityBoost(new ManualClock(), folder.path).boost();
    // Whoever may not go before others leaves it as it is.
    expect(own.sessionNice()).toBe(may ? '-19' : '/autogroup-42 nice 3\n');
    end();
    if (may) expect(own.sessionNice()).toBe('3');
    // As it is after `echo 5 > /proc/PID/autogroup`.
    writeFileSync(join(folder.path, 'autogroup'), '/autogroup-42 nice 5\n');
    const again = new PriorityBoost(new ManualClock(), folder.path);
    again.boost()();
    if (may) expect(own.sessionNice()).toBe('5');

    const shell = sessionOf(process.ppid);
    new PriorityBoost(new ManualClock(), folder.path).boost()();
    expect(shell.sessionNice()).toBe('/autogroup-42 nice 3\n');
  });

  it.runIf(may)('tries again where the kernel does not take the usual place of the session yet', async () => {
    const clock = new ManualClock();
    const { sessionNice } = sessionOf(process.pid);
    const file = join(folder.path, 'autogroup');
    const end = new PriorityBoost(clock, folder.path).boost();
    expect(sessionNice()).toBe('-19');
    rmSync(file);
    mkdirSync(file);
    end();
    rmdirSync(file);
    await clock.advance(200);
    expect(sessionNice()).toBe('3');
    expect(clock.pending).toBe(0);
  });

  it.runIf(may)('lasts until the processor was not waited for in 5 s, or the engine ends', async () => {
    const clock = new ManualClock();
    const { sessionNice } = sessionOf(process.pid);
    const priority = new PriorityBoost(clock, folder.path);
    priority.onStarved();
    await clock.advance(4000);
    priority.onStarved();
    await clock.advance(4000);
    expect(sessionNice()).toBe('-19');
    await clock.advance(1000);
    expect(sessionNice()).toBe('3');
    priority.onStarved();
    priority.dispose();
    expect(sessionNice()).toBe('3');
    expect(getPriority()).toBe(usual);
    expect(clock.pending).toBe(0);
  });
});
