import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOutputFiles, type RotatedOutputFiles } from './output-files';
import { rotateFile } from './rotate-file';
import { command, eventually, temporaryFolder, watchOf } from './testing/children';

const watch = watchOf('web', command(['true']));
const limits = { maxBytes: 1000, files: 3 };
/** A disk can be filled only where a small one can be mounted: as root, outside most containers. */
const canMount = process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0;
let folder: ReturnType<typeof temporaryFolder>;
let files: RotatedOutputFiles;
let reported: string[];

const at = (name: string): string => join(folder.path, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');

beforeEach(() => {
  folder = temporaryFolder();
  reported = [];
  files = createOutputFiles({
    logsDir: folder.path,
    limits: () => limits,
    report: (where, error) => reported.push(`${where}: ${String(error)}`),
  });
});

afterEach(() => {
  files.dispose();
  folder.remove();
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
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', folder.path]);
    try {
      writeFileSync(at('web.out.log'), `${'x'.repeat(299_990)}the end\n`);
      writeFileSync(at('web.out.log.1'), 'older');
      await files.checkAll();
      expect(statSync(at('web.out.log')).size).toBe(0);
      expect(text('web.out.log.1')).toMatch(/^x{65528}the end\n$/);
      expect(text('web.out.log.2')).toBe('older');
      expect(readdirSync(folder.path)).toHaveLength(3);
      expect(reported).toEqual([expect.stringMatching(/bytes of .* were given up: ENOSPC/)]);
    } finally {
      execFileSync('umount', [folder.path]);
    }
  });

  it('keeps every line of a fast writer whole, and loses at most what fell into the window of each rotation', async () => {
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
    expect(lines - numbers.length).toBeLessThanOrEqual(rotations * 200);
  });
});

describe('the end of an output', () => {
  it('is the last lines, oldest first, with control characters as they are', () => {
    writeFileSync(at('web.err.log'), 'one\ntwo\r\n\x1b[31mthree\x07\n');
    expect(files.tail(watch, 'err', 2)).toEqual(['two', '\x1b[31mthree\x07']);
    expect(files.tail(watch, 'err', 0)).toEqual([]);
  });

  it('has a line that was not ended', () => {
    writeFileSync(at('web.err.log'), 'one\nhalf');
    expect(files.tail(watch, 'err', 5)).toEqual(['one', 'half']);
  });

  it('is empty when there is no file, or nothing in it', () => {
    expect(files.tail(watch, 'err', 5)).toEqual([]);
    writeFileSync(at('web.err.log'), '');
    expect(files.tail(watch, 'err', 5)).toEqual([]);
  });

  it('replaces what is not UTF-8', () => {
    writeFileSync(at('web.err.log'), Buffer.from([0x61, 0xff, 0x62, 0x0a]));
    expect(files.tail(watch, 'err', 5)).toEqual(['a\ufffdb']);
  });

  it('goes back over a rotation that has just been', async () => {
    writeFileSync(at('web.err.log'), Array.from({ length: 200 }, (_, index) => `before ${index}`).join('\n') + '\n');
    await files.checkAll();
    writeFileSync(at('web.err.log'), 'after\n', { flag: 'a' });
    expect(files.tail(watch, 'err', 3)).toEqual(['before 198', 'before 199', 'after']);
  });

  it('reads only the end of a large file, and no half line', () => {
    writeFileSync(at('web.err.log'), `${'y'.repeat(200_000)}\n${'€'.repeat(30_000)}\nlast\n`);
    expect(files.tail(watch, 'err', 10)).toEqual(['last']);
  });

  it('is what fits when the last line alone is larger', () => {
    writeFileSync(at('web.err.log'), 'z'.repeat(200_000));
    expect(files.tail(watch, 'err', 10)).toEqual(['z'.repeat(64 * 1024)]);
  });
});

describe('renaming a watch', () => {
  it('takes its files along, older ones too, and no one else’s', () => {
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
