import { describe, expect, it } from 'vitest';
import type { DeadProcess } from '../../engine/ports';
import { isOomVictim, parseKernelRecord, type KernelRecord } from './kernel-log';

const BOOTED_AT = 1_790_000_000_000;
/** It died an hour after the boot. */
const DIED_MS = 3_600_000;
const dead: DeadProcess = { pid: 4711, name: 'server', cwd: null, signal: 'SIGKILL', diedAt: BOOTED_AT + DIED_MS };
const log = (...records: readonly KernelRecord[]) => ({ records, bootedAt: BOOTED_AT, upMs: DIED_MS + 1000 });
const FIRST: KernelRecord = { sequence: 0, atMs: 0, message: 'Linux version 6.18' };
const said = (message: string, atMs = DIED_MS): KernelRecord => ({ sequence: 900, atMs, message });

describe('a record of the kernel log', () => {
  it('is what the kernel says', () => {
    expect(parseKernelRecord('3,812,3599990000,-;Out of memory: Killed process 4711 (server) total-vm:9kB\n')).toEqual({
      sequence: 812,
      atMs: 3_599_990,
      message: 'Out of memory: Killed process 4711 (server) total-vm:9kB',
    });
    expect(parseKernelRecord('6,1,2500,c,caller=T1;eth0: up\n SUBSYSTEM=net\n DEVICE=n2\n')?.message).toBe('eth0: up');
    expect(parseKernelRecord('6,1,0,-;(caf\\xc3\\xa9\\x5c)\n')?.message).toBe('(café\\)');
  });

  it('is nothing that a program has written into it', () => {
    expect(parseKernelRecord('12,813,3599990000,-;Out of memory: Killed process 4711 (server)\n')).toBeNull();
    expect(parseKernelRecord('no record')).toBeNull();
  });
});

describe('a victim of the OOM killer', () => {
  it.each([
    'Out of memory: Killed process 4711 (server) total-vm:1kB, anon-rss:2kB, UID:0 pgtables:80kB oom_score_adj:0',
    'Memory cgroup out of memory: Killed process 4711 (server) total-vm:1kB, anon-rss:2kB',
    'Killed process 4711 (server) total-vm:1kB, anon-rss:2kB',
    'oom_reaper: reaped process 4711 (server), now anon-rss:0kB, file-rss:0kB',
  ])('is named by %j', (message) => {
    expect(isOomVictim(log(FIRST, said(message)), dead)).toBe(true);
  });

  it.each([
    ['another pid', 'Out of memory: Killed process 47110 (server) total-vm:1kB'],
    ['no kill', 'server invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'],
    ['a crash', 'server[4711]: segfault at 0 ip 0 sp 0 error 4 in server[400000+1000]'],
  ])('is not who is not named: %s', (_, message) => {
    expect(isOomVictim(log(FIRST, said(message)), dead)).toBe(false);
  });

  it('may be one of the same pid with a name that it has taken since it was seen', () => {
    const executed = log(FIRST, said('Out of memory: Killed process 4711 (tail) total-vm:1kB'));
    expect(isOomVictim(executed, dead)).toBeNull();
    expect(isOomVictim(executed, { ...dead, name: '' })).toBeNull();
  });

  it('is not who had the same pid and name at another time', () => {
    const message = 'Out of memory: Killed process 4711 (server) total-vm:1kB';
    for (const [atMs, is] of [
      [DIED_MS - 60_000, false],
      [DIED_MS - 9000, true],
      [DIED_MS + 9000, true],
      [DIED_MS + 60_000, false],
    ] as const)
      expect(isOomVictim(log(FIRST, said(message, atMs)), dead)).toBe(is);
  });

  it('is found after months in which the two clocks ran apart', () => {
    const upMs = 90 * 86_400_000;
    const late = { ...dead, diedAt: BOOTED_AT + upMs };
    const message = 'Out of memory: Killed process 4711 (server) total-vm:1kB';
    const drifted = { records: [FIRST, said(message, upMs - 300_000)], bootedAt: BOOTED_AT, upMs };
    expect(isOomVictim(drifted, late)).toBe(true);
  });

  it('is known by a name of which the kernel has the first 15 bytes', () => {
    const name = 'a-very-long-name-of-a-server';
    const message = `Out of memory: Killed process 4711 (${name.slice(0, 15)}) total-vm:1kB`;
    expect(isOomVictim(log(FIRST, said(message)), { ...dead, name })).toBe(true);
    const brackets = 'Out of memory: Killed process 4711 (a) (b) total-vm:1kB';
    expect(isOomVictim(log(FIRST, said(brackets)), { ...dead, name: 'a) (b' })).toBe(true);
  });

  it('may be one where the log does not reach back to its death', () => {
    expect(isOomVictim(log(said('eth0: up', DIED_MS + 500)), dead)).toBeNull();
    expect(isOomVictim(log(said('eth0: up', DIED_MS - 60_000)), dead)).toBe(false);
    expect(isOomVictim(log(), dead)).toBeNull();
  });
});
