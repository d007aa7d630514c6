import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { BirthCount } from '../../../engine/ports';
import { Births } from './births';
import { DirectReader } from './procfs-reader';

let proc: string;
let births: Births;
beforeEach(() => {
  proc = mkdtempSync(join(tmpdir(), 'healdeck-births-'));
  count(100, 5000);
  births = new Births(proc, new DirectReader());
});
afterEach(() => {
  births.dispose();
  rmSync(proc, { recursive: true });
});

function count(newestPid: number, forks: number): void {
  writeFileSync(join(proc, 'loadavg'), `0.10 0.20 0.30 2/345 ${newestPid}\n`);
  writeFileSync(join(proc, 'stat'), `cpu  1 2 3\nbtime 17\nprocesses ${forks}\nprocs_running 1\n`);
}

function put(pid: number, environment: string, { session = pid, process = pid } = {}): void {
  mkdirSync(join(proc, String(pid)), { recursive: true });
  writeFileSync(join(proc, String(pid), 'status'), `Name:\tx\nTgid:\t${process}\nNSsid:\t${session}\t1\n`);
  writeFileSync(join(proc, String(pid), 'environ'), environment);
}

function valuesSince(since: BirthCount | null, ...elsewhere: readonly number[]): readonly string[] | null {
  const isElsewhere = (session: number): boolean => elsewhere.includes(session);
  const values = since === null ? null : births.valuesSince(since, 'MARK', isElsewhere);
  return values === null ? null : [...values];
}

describe('what was born since a scan', () => {
  it('is known by its pids, and read once', () => {
    const since = births.count();
    expect(since).toEqual({ newestPid: 100, forks: 5000 });
    expect(valuesSince(since)).toEqual([]);
    // Of a thread there is a pid, too; and some had that number already.
    put(101, 'A=1\0MARK=one\0');
    put(103, 'B=2\0');
    count(104, 5003);
    expect(valuesSince(since)).toEqual(['one']);
    put(101, 'MARK=changed\0');
    count(105, 5004);
    put(105, 'MARK=two\0');
    expect(valuesSince(since)).toEqual(['one', 'two']);
    expect(valuesSince(births.count())).toEqual([]);
  });

  it('is read again as long as it is on its way through fork and exec', () => {
    const since = births.count();
    put(102, '');
    count(102, 5002);
    expect(valuesSince(since)).toEqual([]);
    put(101, 'MARK=one\0');
    put(102, 'MARK=two\0');
    expect(valuesSince(since)).toEqual(['one', 'two']);
  });

  it('is not read in sessions that are known to be elsewhere, as long as they are, nor of threads', () => {
    const since = births.count();
    put(101, 'MARK=one\0', { session: 50 });
    put(102, 'MARK=two\0', { session: 60 });
    put(103, 'MARK=three\0', { process: 99 });
    count(103, 5003);
    expect(valuesSince(since, 50)).toEqual(['two']);
    expect(valuesSince(since, 60)).toEqual(['two', 'one']);
  });

  it.each([
    ['pids have come round', 50, 5010],
    ['more was born than has a pid here, as in a container', 103, 5004],
    ['no pid is handed out any more, as in a /proc that is made up', 100, 5001],
    ['one of the two is not counted', 101, 0],
    ['they are many', 165, 5065],
  ])('is not known where %s', (_, newestPid, forks) => {
    const since = births.count();
    count(newestPid, forks);
    expect(valuesSince(since)).toBeNull();
  });

  it('is answered to the first few that ask, and found by a scan for the others', () => {
    const since = births.count();
    const answers = Array.from({ length: 6 }, () => valuesSince(since));
    expect(answers).toEqual([[], [], [], [], null, null]);
    expect(valuesSince(births.count())).toEqual([]);
  });

  it('is not known without the counters', () => {
    births.dispose();
    expect(births.count()).toBeNull();
    births = new Births(join(proc, 'none'), new DirectReader());
    expect(births.count()).toBeNull();
  });
});
