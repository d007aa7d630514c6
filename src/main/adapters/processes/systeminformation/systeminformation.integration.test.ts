import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { cpus, totalmem, tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ProcessSample } from '../../../../shared/model/process';
import type { Clock } from '../../../engine/ports';
import { createSystemClock } from '../../clock';
import { createMachine, createSystemInformationTable, type SystemInformationTable } from './index';
import { ShutdownSigns } from './shutdown';
import { eventually } from '../../testing/children';

const DEADLINE_MS = 30_000;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(command: string, args: readonly string[]): ChildProcess & { pid: number } {
  const child = spawn(command, args, { stdio: 'ignore' });
  children.push(child);
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return child as ChildProcess & { pid: number };
}

function seen(table: SystemInformationTable, wanted: (sample: ProcessSample) => boolean): Promise<ProcessSample> {
  return eventually('it is seen', async () => (await table.scan()).samples.find(wanted), DEADLINE_MS);
}

describe.runIf(process.platform !== 'win32')(
  'the process table of systeminformation',
  { timeout: 3 * DEADLINE_MS },
  () => {
    it('shows a busy process in % of one core, and 0 in its first reading', async () => {
      const child = start(process.execPath, ['-e', 'for(;;){}']);
      const table = createSystemInformationTable({ clock: createSystemClock() });
      const first = await seen(table, ({ pid }) => pid === child.pid);
      expect(first).toMatchObject({ cpuPercent: 0, ppid: process.pid, uid: process.getuid!(), kernel: false });
      expect(first.rssBytes).toBeGreaterThan(1024 * 1024);
      expect(Math.abs(first.startedAt - Date.now())).toBeLessThan(DEADLINE_MS);
      // A machine with much to do gives it a small part of a core; one that waits would have none.
      const busy = await seen(table, ({ pid, cpuPercent }) => pid === child.pid && cpuPercent > 5);
      expect(busy.cpuPercent).toBeLessThan(130);
      expect(busy.startTime).toBe(first.startTime);
    });

    it('knows the same identity by single questions, and the end without another scan', async () => {
      const child = start('sleep', ['60']);
      const table = createSystemInformationTable({ clock: createSystemClock() });
      const sample = await seen(table, ({ pid, name }) => pid === child.pid && name === 'sleep');
      expect(sample.argv).toEqual(['sleep', '60']);
      expect(table.identify(child.pid)).toEqual({ pid: child.pid, startTime: sample.startTime });
      expect(table.isAlive(sample)).toBe(true);
      expect(table.isAlive({ pid: child.pid, startTime: sample.startTime - 60_000 })).toBe(false);
      child.kill('SIGKILL');
      await eventually('it has ended', () => !table.isAlive(sample));
      expect(table.identify(child.pid)).toBeNull();
    });

    it('ends with its disposal', async () => {
      const table = createSystemInformationTable({ clock: createSystemClock() });
      table.dispose();
      await expect(table.scan()).rejects.toThrow('closed');
    });
  },
);

describe('the machine', () => {
  it('says what it has and what of it is in use', async () => {
    const machine = createMachine({ clock: createSystemClock() });
    const totals = await machine.totals();
    expect(totals.corePercents).toHaveLength(cpus().length);
    for (const percent of totals.corePercents) {
      expect(percent).toBeGreaterThanOrEqual(0);
      expect(percent).toBeLessThanOrEqual(100);
    }
    expect(totals.memoryTotalBytes).toBe(totalmem());
    expect(totals.memoryUsedBytes).toBeGreaterThan(0);
    expect(totals.memoryUsedBytes).toBeLessThan(totals.memoryTotalBytes);
    expect(totals.swapUsedBytes).toBeLessThanOrEqual(totals.swapTotalBytes);
    expect(Math.abs(totals.uptimeSeconds - uptime())).toBeLessThan(60);
    expect(machine.ownUsage().cpuMs).toBeGreaterThan(0);
    expect(machine.ownUsage().rssBytes).toBeGreaterThan(1024 * 1024);
    expect(machine.newId()).not.toBe(machine.newId());
    expect(machine.isShuttingDown()).toBe(false);
    machine.noteShutdown();
    expect(machine.isShuttingDown()).toBe(true);
  });

  it.runIf(process.platform === 'linux')('counts its threads and names the newest pid', () => {
    const machine = createMachine({ clock: createSystemClock() });
    const before = machine.activity();
    const { pid } = start('sleep', ['60']);
    const after = machine.activity();
    // Elsewhere others may come and go meanwhile; pids may come round.
    expect(after?.threads).toBeGreaterThan(1);
    expect(after?.newestPid).toBeGreaterThanOrEqual(Math.min(pid, before?.newestPid ?? 0));
  });

  it.runIf(process.platform === 'linux')('counts what the OOM killer has ended, as the kernel does', () => {
    const machine = createMachine({ clock: createSystemClock() });
    const counted = (): number => {
      const line = readFileSync('/proc/vmstat', 'utf8')
        .split('\n')
        .find((text) => text.startsWith('oom_kill '));
      return Number(line?.split(' ')[1]);
    };
    const before = counted();
    const kills = machine.oomKills();
    expect(kills).toBeGreaterThanOrEqual(before);
    expect(kills).toBeLessThanOrEqual(counted());
  });

  it.runIf(process.platform === 'linux')('has the same boot id as long as it runs', () => {
    const options = { clock: createSystemClock() };
    expect(createMachine(options).bootId).toBe(createMachine(options).bootId);
    expect(createMachine(options).bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  });
});

describe('a shutdown', () => {
  let dir: string;
  let nowMs: number;
  const clock: Clock = { monotonicMs: () => nowMs, wallMs: () => nowMs, after: () => () => undefined };
  const paths = () => ({ nologin: join(dir, 'nologin'), scheduled: join(dir, 'scheduled') });

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'healdeck-shutdown-'));
    nowMs = 1_800_000_000_000;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it('shows in a file that logins are refused by', () => {
    const signs = new ShutdownSigns(clock, paths());
    expect(signs.isShuttingDown()).toBe(false);
    writeFileSync(paths().nologin, '');
    expect(signs.isShuttingDown()).toBe(true);
    rmSync(paths().nologin);
    expect(signs.isShuttingDown()).toBe(false);
  });

  it('does not show in such a file that was there before', () => {
    writeFileSync(paths().nologin, '');
    const signs = new ShutdownSigns(clock, paths());
    expect(signs.isShuttingDown()).toBe(false);
    utimesSync(paths().nologin, 1, 1);
    expect(signs.isShuttingDown()).toBe(true);
  });

  it('that is planned begins at its time', () => {
    const signs = new ShutdownSigns(clock, paths());
    writeFileSync(paths().nologin, '');
    writeFileSync(paths().scheduled, `USEC=${(nowMs + 60_000) * 1000}\nWARN_WALL=1\nMODE=poweroff\n`);
    expect(signs.isShuttingDown()).toBe(false);
    nowMs += 60_000;
    expect(signs.isShuttingDown()).toBe(true);
  });

  it('that a shell was told of counts for five minutes', () => {
    const signs = new ShutdownSigns(clock, paths());
    signs.noteShutdown();
    nowMs += 299_000;
    expect(signs.isShuttingDown()).toBe(true);
    nowMs += 2000;
    expect(signs.isShuttingDown()).toBe(false);
  });
});
