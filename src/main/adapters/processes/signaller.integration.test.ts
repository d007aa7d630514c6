import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { getPriority } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../../../shared/model/process';
import { openPidfds } from './pidfd/pidfds';
import { createSignaller } from './signaller';
import { eventually, identifyByProc, procStat } from '../testing/children';

let child: ChildProcess | null = null;

afterEach(() => {
  child?.kill('SIGKILL');
  child = null;
});

async function start(): Promise<ProcessIdentity> {
  child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 60000)'], { stdio: 'ignore' });
  const identity = identifyByProc(child.pid ?? 0);
  if (identity === null) throw new Error('it did not start');
  // Node starts threads of its own; before that there is but one.
  await eventually('several threads', () => readdirSync(`/proc/${identity.pid}/task`).length > 4);
  return identity;
}

const support = openPidfds();

describe
  .runIf(process.platform === 'linux')
  .each([
    { by: 'by pid', pidfds: null },
    ...(support.available ? [{ by: 'by a descriptor', pidfds: support.pidfds }] : []),
  ])('the signaller and a real process, $by', ({ pidfds }) => {
  const signaller = createSignaller({ identify: identifyByProc, pidfds });

  it('lets all its threads run after others', async () => {
    const identity = await start();
    expect(signaller.lowerPriority({ ...identity, startTime: identity.startTime + 1 })).toBeNull();
    expect(getPriority(identity.pid)).toBeLessThan(10);
    expect(signaller.lowerPriority(identity)).toBe(10);
    const threads = readdirSync(`/proc/${identity.pid}/task`).map(Number);
    // A thread inherits the niceness of the one that starts it.
    expect(new Set(threads.map((thread) => getPriority(thread)))).toEqual(new Set([10]));
    child?.kill('SIGKILL');
    await eventually('its end', () => procStat(identity.pid) === null);
    expect(signaller.lowerPriority(identity)).toBeNull();
  });

  it('stops it and lets it go on', async () => {
    const identity = await start();
    expect(signaller.send({ ...identity, startTime: identity.startTime + 1 }, 'SIGKILL')).toBe('reused');
    expect(signaller.send(identity, 'SIGSTOP')).toBe('sent');
    await eventually('a standstill', () => procStat(identity.pid)?.state === 'T');
    expect(signaller.send(identity, 'SIGCONT')).toBe('sent');
    await eventually('going on', () => procStat(identity.pid)?.state !== 'T');
  });
});
