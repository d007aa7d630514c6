import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RotatedOutputFiles } from './output-files';
import type { OutputEnd } from '../../engine/ports';
import type { StorageNotice } from '../files/notice';
import { OutputSinks } from './output-sinks';
import { rotateFile } from './rotate-file';
import { command, eventually, temporaryFolder, watchOf } from '../testing/children';

const watch = watchOf('web', command(['true']));
let limits = { maxBytes: 1000, files: 3 };
/** A disk can be filled only where a small one can be mounted: as root, outside most containers. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0;
let folder: ReturnType<typeof temporaryFolder>;
let files: RotatedOutputFiles;
let reported: string[];
let notices: StorageNotice[];
let sinks: OutputSinks;
let writer: ChildProcess | null = null;

const at = (name: string): string => join(folder.path, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = temporaryFolder();
  [reported, notices] = [[], []];
  limits = { maxBytes: 1000, files: 3 };
  sinks = new OutputSinks({
    ...{ logsDir: folder.path, files: () => 3, maxKept: 10 },
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
  files = new RotatedOutputFiles({
    logsDir: folder.path,
    limits: () => limits,
    sinks,
    notify: (notice) => notices.push(notice),
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
});

afterEach(() => {
  files.dispose();
  sinks.dispose();
  writer?.kill('SIGKILL');
  writer = null;
  folder.remove();
});

describe('a folder that is no folder any more', () => {
  it('keeps no death from being reported and no program from being started', async () => {
    writeFileSync(at('web.err.log'), 'last words\n');
    const end = files.end(watch, 'err');
    expect(await sinks.prepare('web', null)).toEqual({
      out: expect.any(Number) as number,
      err: expect.any(Number) as number,
    });
    renameSync(folder.path, `${folder.path}-away`);
    writeFileSync(folder.path, '');
    expect(files.tail(watch, 'err', 10, end)).toEqual([]);
    expect(files.end(watch, 'err')).toEqual({ offset: 0, olderInode: null });
    expect(sinks.ready('web', null)).toBeNull();
    expect(await sinks.prepare('web', null)).toEqual({ out: null, err: null });
    files.checkSoon('web');
    await expect
      .poll(() => reported.join())
      .toMatch(/output of web \(out\) is not kept.*ENOTDIR.*output rotation.*ENOTDIR/s);

    rmSync(folder.path);
    renameSync(`${folder.path}-away`, folder.path);
    expect(await sinks.prepare('web', null)).not.toMatchObject({ out: null });
    expect(files.tail(watch, 'err', 10, null)).toEqual(['last words']);
  });
});

describe('rotation', () => {
  it('moves a large file to .1 and older ones on, and keeps as many as the setting says', async () => {
    for (const letter of ['a', 'b', 'c', 'd']) {
      writeFileSync(at('web.out.log'), letter.repeat(1001), { flag: 'a' });
      await files.checkAll();
    }
    expect(readdirSync(folder.path).sort()).toEqual(['web.out.log', 'web.out.log.1', 'web.out.log.2']);
    expect(text('web.out.log')).toBe('');
    expect(text('web.out.log.1')).toBe('d'.repeat(1001));
    expect(text('web.out.log.2')).toBe('c'.repeat(1001));
    expect(statSync(at('web.out.log.1')).mode & 0o777).toBe(0o600);
    expect(reported).toEqual([]);
  });

  it('leaves small files and files of others alone', async () => {
    writeFileSync(at('web.out.log'), 'x'.repeat(1000));
    writeFileSync(at('notes.txt'), 'x'.repeat(5000));
    await files.checkAll();
    expect(readdirSync(folder.path).sort()).toEqual(['notes.txt', 'web.out.log']);
    expect(statSync(at('notes.txt')).size).toBe(5000);
  });

  it('removes what a lowered setting no longer allows', async () => {
    for (const number of [1, 2, 3, 4, 5]) writeFileSync(at(`web.out.log.${number}`), String(number));
    writeFileSync(at('web.out.log'), 'new');
    await rotateFile(at('web.out.log'), 3);
    expect(readdirSync(folder.path).sort()).toEqual(['web.out.log', 'web.out.log.1', 'web.out.log.2']);
    expect(text('web.out.log.2')).toBe('1');
  });

  it('empties the file when only one is to be kept', async () => {
    writeFileSync(at('web.out.log'), 'x'.repeat(2000));
    expect(await rotateFile(at('web.out.log'), 1)).toMatchObject({ keptBytes: 0, droppedBytes: 2000 });
    expect(readdirSync(folder.path)).toEqual(['web.out.log']);
  });

  it('is not stopped by what an engine that was killed has left', async () => {
    writeFileSync(at('web.out.log.part'), 'half a copy');
    writeFileSync(at('web.out.log'), 'whole'.repeat(300));
    await files.checkAll();
    expect(text('web.out.log.1')).toBe('whole'.repeat(300));
    expect(existsSync(at('web.out.log.part'))).toBe(false);
  });

  it('reports a file that it can not rotate once, keeps it, and goes on with the others', async () => {
    writeFileSync(at('bad.out.log'), 'b'.repeat(2000));
    writeFileSync(at('web.out.log'), 'w'.repeat(2000));
    // A folder where the copy is to go fails for root too.
    mkdirSync(at('bad.out.log.part'));
    await files.checkAll();
    await files.checkAll();
    expect(reported).toHaveLength(1);
    expect(reported[0]).toContain('output rotation');
    expect(statSync(at('bad.out.log')).size).toBe(2000);
    expect(statSync(at('web.out.log.1')).size).toBe(2000);
  });

  it.runIf(canMount)('empties the file even on a full disk, keeps its end, and reports what was lost', async () => {
    limits = { maxBytes: 200_000, files: 3 };
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder.path]);
    try {
      writeFileSync(at('web.out.log'), `${'x'.repeat(299_990)}the end\n`);
      writeFileSync(at('web.out.log.1'), 'older');
      await files.checkAll();
      expect(statSync(at('web.out.log')).size).toBe(0);
      expect(text('web.out.log.1')).toMatch(/^x{65528}the end\n$/);
      expect(text('web.out.log.2')).toBe('older');
      expect(readdirSync(folder.path)).toHaveLength(3);
      expect(reported).toEqual([expect.stringMatching(/kB of .* were lost: ENOSPC/)]);
    } finally {
      execFileSync('umount', [folder.path]);
    }
  });

  it('keeps the lines of a fast writer whole and in order, but for what fell into the window of each rotation', async () => {
    // Nobody else rotates it meanwhile.
    limits = { maxBytes: 1_000_000_000, files: 500 };
    const lines = 150_000;
    const fd = openSync(at('fast.out.log'), 'a', 0o600);
    const program = `const fs = require('fs');
      for (let i = 1; i <= ${lines}; i++) fs.writeSync(1, 'line ' + String(i).padStart(8, '0') + ' ' + 'x'.repeat(40) + '\\n');`;
    const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', fd, 'inherit'] });
    closeSync(fd);
    let running = true;
    child.once('exit', () => (running = false));
    let rotations = 0;
    while (running) {
      if (statSync(at('fast.out.log')).size > 100_000) {
        await rotateFile(at('fast.out.log'), 500);
        rotations += 1;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(rotations).toBeGreaterThan(2);

    const parts = Array.from({ length: rotations }, (_, index) => text(`fast.out.log.${rotations - index}`));
    parts.push(text('fast.out.log'));
    const seen = parts
      .join('')
      .split('\n')
      .filter((line) => line !== '');
    const whole = seen.filter((line) => /^line \d{8} x{40}$/.test(line));
    const numbers = whole.map((line) => Number(line.slice(5, 13)));
    // In order and never twice.
    expect(numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? 0))).toBe(true);
    expect(numbers.at(-1)).toBe(lines);
    // The documented window: where a rotation happened, and nowhere else, a line or a few may be missing or torn.
    const breaks = numbers.filter((number, index) => number !== (numbers[index - 1] ?? 0) + 1).length;
    expect(breaks).toBeLessThanOrEqual(rotations);
    expect(seen.length - whole.length).toBeLessThanOrEqual(rotations);
    // How many depends on how long the machine keeps the rotation from running; most are there in any case.
    expect(numbers.length).toBeGreaterThan(0.8 * lines);
  });
});

/** Starts a shell that writes to the output of `web`, as a spawner would. */
async function write(script: string): Promise<ChildProcess> {
  const { out } = await sinks.prepare('web', null);
  writer = spawn('/bin/sh', ['-c', script], { stdio: ['pipe', out ?? 'ignore', 'inherit'] });
  files.checkSoon('web');
  return writer;
}

const used = (): number => readdirSync(folder.path).reduce((sum, name) => sum + (sizeOf(name) ?? 0), 0);
const sizeOf = (name: string): number | undefined => statSync(at(name), { throwIfNoEntry: false })?.size;

describe('a flood of output', () => {
  it('never takes much more than the limits allow, keeps its end, and is reported', async () => {
    limits = { maxBytes: 2_000_000, files: 5 };
    writeFileSync(at('web.out.log.1'), 'before the flood\n');
    await write("exec yes 'a line that is written for ever'");
    let most = 0;
    const end = performance.now() + 2000;
    while (performance.now() < end) {
      most = Math.max(most, used());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    writer?.kill('SIGKILL');
    expect(notices).toEqual([expect.objectContaining({ topic: 'web.out.log', severity: 'warning' })]);
    // On a machine that has time for us it is less than twice the limits; one that has not lets nobody look for a while, in which
    // more than a gigabyte is written each second.
    expect(most).toBeLessThan(1_000_000_000);
    await eventually('an end within the limits', () => used() < limits.maxBytes * limits.files);
    await files.checkAll();
    // What was there before is not washed away by the flood.
    const older = ['web.out.log.2', 'web.out.log.3'].filter((name) => existsSync(at(name)));
    expect(older.map((name) => text(name).slice(0, 17))).toContain('before the flood\n');
    // A rotation that was under way as the flood began can't keep up, either.
    expect(reported.filter((what) => !what.includes('writes faster than the disk can copy'))).toEqual([]);
  });

  it('that begins during a rotation does not make the copy grow with it', async () => {
    const path = at('web.out.log');
    const chunk = Buffer.alloc(1_000_000, 'a line that is written for ever\n');
    writeFileSync(path, chunk);
    let isOver = false;
    let written = 1;
    const flood = (): void => {
      if (isOver || (written += 1) > 100) return;
      appendFileSync(path, chunk);
      setImmediate(flood);
    };
    flood();
    expect(await rotateFile(path, 5, 3_000_000)).toBeNull();
    isOver = true;
    expect(sizeOf('web.out.log')).toBeGreaterThan(3_000_000);
    expect(readdirSync(folder.path).filter((name) => name !== 'web.out.log')).toEqual([]);
  });

  it('is cut to whole lines', async () => {
    writeFileSync(at('web.out.log'), Array.from({ length: 1000 }, (_, index) => `line ${index}\n`).join(''));
    await files.checkAll();
    expect(text('web.out.log')).toBe('');
    expect(text('web.out.log.1')).toMatch(/^line \d+\n[^]*line 999\n$/);
    expect(sizeOf('web.out.log.1')).toBeLessThanOrEqual(limits.maxBytes);
  });
});

describe('an output file that was removed while its program writes', () => {
  it('is made anew, holds what is written from then on, and is reported once', async () => {
    await write('echo before; read go; echo after; read go; echo last words; read go');
    await eventually('the first line', () => sizeOf('web.out.log') === 7);
    rmSync(at('web.out.log'));
    writer?.stdin?.write('go\n');
    await eventually('the second line', () => existsSync(at('web.out.log')) && text('web.out.log').includes('after\n'));
    const [sink] = sinks.list();
    await eventually('an empty removed file', () => statSync(`/proc/self/fd/${sink?.fd}`).size === 0);
    expect(notices).toEqual([
      {
        topic: 'web.out.log',
        severity: 'warning',
        detail: expect.stringContaining('was removed while web writes') as string,
      },
    ]);
    writer?.stdin?.write('go\n');
    await eventually('the last words', () => files.tail(watch, 'out', 1, null)[0] === 'last words');
    expect(notices).toHaveLength(1);
  });

  it('comes back with its folder', async () => {
    const logs = at('logs');
    mkdirSync(logs);
    sinks.dispose();
    files.dispose();
    sinks = new OutputSinks({ logsDir: logs, files: () => 3, maxKept: 10, report: () => undefined });
    files = new RotatedOutputFiles({
      ...{ logsDir: logs, limits: () => limits, sinks, notify: (notice) => notices.push(notice) },
      report: (where, error) => reported.push(`${where}: ${String(error)}`),
    });
    await write('read go; echo after; read go');
    rmSync(logs, { recursive: true });
    writer?.stdin?.write('go\n');
    await eventually(
      'the line',
      () => existsSync(join(logs, 'web.out.log')) && readFileSync(join(logs, 'web.out.log'), 'utf8') === 'after\n',
    );
    expect(reported).toEqual([]);
  });

  it('is left to whoever moved it', async () => {
    await write('echo before; read go; echo after; read go');
    await eventually('the first line', () => sizeOf('web.out.log') === 7);
    renameSync(at('web.out.log'), at('mine.txt'));
    writer?.stdin?.write('go\n');
    await eventually('a notice', () => notices.length === 1);
    expect(notices[0]?.detail).toContain('was moved while web writes to it');
    expect(text('mine.txt')).toBe('before\nafter\n');
    files.rename('web', 'site');
  });
});

describe('the end of an output', () => {
  it('is the last lines, oldest first, with control characters as they are', () => {
    writeFileSync(at('web.err.log'), 'one\ntwo\r\n\x1b[31mthree\x07\n');
    expect(files.tail(watch, 'err', 2, null)).toEqual(['two', '\x1b[31mthree\x07']);
    expect(files.tail(watch, 'err', 0, null)).toEqual([]);
  });

  it('has a line that was not ended', () => {
    writeFileSync(at('web.err.log'), 'one\nhalf');
    expect(files.tail(watch, 'err', 5, null)).toEqual(['one', 'half']);
  });

  it('is empty when there is no file, or nothing in it', () => {
    expect(files.tail(watch, 'err', 5, null)).toEqual([]);
    writeFileSync(at('web.err.log'), '');
    expect(files.tail(watch, 'err', 5, null)).toEqual([]);
  });

  it('replaces what is not UTF-8', () => {
    writeFileSync(at('web.err.log'), Buffer.from([0x61, 0xff, 0x62, 0x0a]));
    expect(files.tail(watch, 'err', 5, null)).toEqual(['a\ufffdb']);
  });

  it('goes back over a rotation that has just been', async () => {
    writeFileSync(at('web.err.log'), Array.from({ length: 200 }, (_, index) => `before ${index}`).join('\n') + '\n');
    await files.checkAll();
    writeFileSync(at('web.err.log'), 'after\n', { flag: 'a' });
    expect(files.tail(watch, 'err', 3, null)).toEqual(['before 198', 'before 199', 'after']);
  });

  it('reads only the end of a large file, and no half line', () => {
    writeFileSync(at('web.err.log'), `${'y'.repeat(200_000)}\n${'€'.repeat(30_000)}\nlast\n`);
    expect(files.tail(watch, 'err', 10, null)).toEqual(['last']);
  });

  it('is what fits when the last line alone is larger', () => {
    writeFileSync(at('web.err.log'), 'z'.repeat(200_000));
    expect(files.tail(watch, 'err', 10, null)).toEqual(['z'.repeat(64 * 1024)]);
  });
});

describe('the end of the output of one run', () => {
  const err = (text: string): void => writeFileSync(at('web.err.log'), text, { flag: 'a' });

  it('begins where the output ended at its start, also for another engine', () => {
    err('of an earlier run\n');
    const from = files.end(watch, 'err');
    expect(files.tail(watch, 'err', 5, from)).toEqual([]);
    err('mine\n');
    expect(files.tail(watch, 'err', 5, JSON.parse(JSON.stringify(from)) as typeof from)).toEqual(['mine']);
  });

  it('is found over one rotation and over several', async () => {
    err(`${'x'.repeat(990)}\n`);
    const from = files.end(watch, 'err');
    err('first of mine\n');
    await files.checkAll();
    err('second\n');
    expect(files.tail(watch, 'err', 5, from)).toEqual(['first of mine', 'second']);
    err(`${'y'.repeat(1000)}\n`);
    await files.checkAll();
    expect(files.tail(watch, 'err', 1, from)).toEqual(['y'.repeat(1000)]);
    expect(files.tail(watch, 'err', 5, from)).not.toContain('x'.repeat(990));
  });

  it('never has lines of an earlier run where only one older file is kept', async () => {
    limits = { maxBytes: 1000, files: 2 };
    err(`${'w'.repeat(1000)}\n`);
    await files.checkAll();
    err(`${'x'.repeat(990)}\n`);
    const from = files.end(watch, 'err');
    err('first of mine\n');
    await files.checkAll();
    expect(files.tail(watch, 'err', 5, from)).toEqual(['first of mine']);
  });

  it('is all there is after somebody else has emptied the file', () => {
    err('of an earlier run\n');
    const from = files.end(watch, 'err');
    writeFileSync(at('web.err.log'), 'mine\n');
    expect(files.tail(watch, 'err', 5, from)).toEqual(['mine']);
  });
});

describe('what was written since a moment', () => {
  const err = (text: string): void => writeFileSync(at('web.err.log'), text, { flag: 'a' });
  const since = (from: OutputEnd, maxBytes = 1000) => files.since(watch, 'err', from, maxBytes);

  it('is all of it, and nothing of before', () => {
    err('before\n');
    const from = files.end(watch, 'err');
    expect(since(from)).toEqual({ text: '', truncated: false });
    err('one\ntwo\nhalf');
    expect(since(from)).toEqual({ text: 'one\ntwo\nhalf', truncated: false });
  });

  it('is its beginning in whole lines where it is too much', () => {
    const from = files.end(watch, 'err');
    err('one\ntwo\nthree\n');
    expect(since(from, 10)).toEqual({ text: 'one\ntwo\n', truncated: true });
    expect(since(from, 14)).toEqual({ text: 'one\ntwo\nthree\n', truncated: false });
  });

  it('has no end of a line that is cut off, where a secret may begin', () => {
    const from = files.end(watch, 'err');
    err('x'.repeat(20_000));
    expect(since(from, 10_000)).toEqual({ text: 'x'.repeat(10_000 - 4096), truncated: true });
  });

  it('is found over a rotation', async () => {
    err(`${'x'.repeat(990)}\n`);
    const from = files.end(watch, 'err');
    err('one\ntwo\n');
    await files.checkAll();
    err('three\n');
    expect(since(from)).toEqual({ text: 'one\ntwo\nthree\n', truncated: false });
    expect(since(from, 9)).toEqual({ text: 'one\ntwo\n', truncated: true });
  });

  it('is all there is after somebody else has emptied the file', () => {
    err('before, and longer\n');
    const from = files.end(watch, 'err');
    writeFileSync(at('web.err.log'), 'mine\n');
    expect(since(from)).toEqual({ text: 'mine\n', truncated: false });
  });

  it('is nothing where there is no file', () => {
    expect(since({ offset: 0, olderInode: null })).toEqual({ text: '', truncated: false });
  });
});

describe('renaming a watch', () => {
  it("takes its files along, older ones too, and no one else's", () => {
    for (const name of ['web.out.log', 'web.err.log', 'web.out.log.1', 'web.b.out.log']) writeFileSync(at(name), name);
    files.rename('web', 'site');
    expect(readdirSync(folder.path).sort()).toEqual([
      'site.err.log',
      'site.out.log',
      'site.out.log.1',
      'web.b.out.log',
    ]);
    expect(text('site.out.log.1')).toBe('web.out.log.1');
  });

  it('keeps what an earlier watch of that name has left', () => {
    writeFileSync(at('web.out.log'), 'web');
    writeFileSync(at('site.out.log'), 'old site');
    files.rename('web', 'site');
    expect(text('site.out.log')).toBe('web');
    expect(text('site~1.out.log')).toBe('old site');
  });

  it('lets a running program go on writing', async () => {
    const fd = openSync(at('web.out.log'), 'a');
    const child = spawn('/bin/sh', ['-c', 'echo before; read go; echo after'], { stdio: ['pipe', fd, 'inherit'] });
    closeSync(fd);
    await eventually('the first line', () => text('web.out.log') === 'before\n');
    files.rename('web', 'site');
    child.stdin?.end('go\n');
    await eventually('the second line', () => text('site.out.log') === 'before\nafter\n');
  });
});

describe('a check at a start', () => {
  it('rotates the files of that watch without being waited for', async () => {
    writeFileSync(at('web.out.log'), 'x'.repeat(2000));
    files.checkSoon('web');
    await eventually('a rotated file', () => existsSync(at('web.out.log.1')) && statSync(at('web.out.log')).size === 0);
  });
});
