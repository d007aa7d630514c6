import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitOfZombie } from './zombie-exit';

let proc: string;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'healdeck-proc-'));
});
afterEach(() => rmSync(proc, { recursive: true, force: true }));

interface Setting {
  state?: string;
  startTime?: number;
  status?: number;
  /** Of the process and of us. */
  uids?: readonly [process: string, own: string];
  capabilities?: string;
  uidMap?: string;
}

/** The exit of process 7, which began at 1000, in a procfs like this. */
function exitIn(setting: Setting) {
  const {
    state = 'Z',
    startTime = 1000,
    status = 0,
    uids = ['5', '5'],
    capabilities = '0',
    uidMap = '0 0 4294967295',
  } = setting;
  const fields = Array.from({ length: 50 }, () => '0');
  [fields[0], fields[19], fields[49]] = [state, String(startTime), String(status)];
  const idLines = (id: string) => `Uid:\t${id}\t${id}\t${id}\t${id}\nGid:\t9\t9\t9\t9\n`;
  for (const name of ['7', 'self']) mkdirSync(join(proc, name), { recursive: true });
  writeFileSync(join(proc, '7/stat'), `7 (a) Z (b) ${fields.join(' ')}\n`);
  writeFileSync(join(proc, '7/status'), idLines(uids[0]));
  writeFileSync(join(proc, 'self/status'), `${idLines(uids[1])}CapEff:\t${capabilities}\n`);
  writeFileSync(join(proc, 'self/uid_map'), `         ${uidMap}\n`);
  return exitOfZombie({ pid: 7, startTime: 1000 }, proc);
}

const CLEAN = { exitCode: 0, signal: null };
const TRACER = '0000000000080000';

describe('the exit of a process that is not reaped', () => {
  it('is its code or signal, whoever it was, where the kernel gives one', () => {
    expect(exitIn({ status: 7 << 8, uids: ['6', '5'] })).toEqual({ exitCode: 7, signal: null });
    expect(exitIn({ status: 11 | 0x80 })).toEqual({ exitCode: null, signal: 'SIGSEGV' });
  });

  it('is a clean one only where we may know, for who may not reads the same', () => {
    expect(exitIn({})).toEqual(CLEAN);
    expect(exitIn({ uids: ['6', '5'] })).toBeNull();
    expect(exitIn({ uids: ['6', '0'] })).toBeNull();
    expect(exitIn({ uids: ['6', '0'], capabilities: TRACER })).toEqual(CLEAN);
    expect(exitIn({ uids: ['6', '0'], capabilities: TRACER, uidMap: '0 1000 1' })).toBeNull();
  });

  it('is not that of a living or of another process', () => {
    expect(exitIn({ state: 'R', status: 7 << 8 })).toBeNull();
    expect(exitIn({ startTime: 2000, status: 7 << 8 })).toBeNull();
    expect(exitOfZombie({ pid: 8, startTime: 1000 }, proc)).toBeNull();
  });
});
