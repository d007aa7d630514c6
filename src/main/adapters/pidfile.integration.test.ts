import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPidfile } from './pidfile';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'healdeck-pidfile-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function written(content: string, mode = 0o644): string {
  const path = join(dir, 'x.pid');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

describe('a pidfile', () => {
  it.each(['4711', '4711\n', '  4711 \n'])('that says %j names a process, and its owner', (content) => {
    expect(readPidfile(written(content))).toEqual({ kind: 'pid', pid: 4711, ownerUid: process.getuid!() });
  });

  it('may be reached by a link', () => {
    const link = join(dir, 'link.pid');
    symlinkSync(written('4711'), link);
    expect(readPidfile(link)).toMatchObject({ kind: 'pid', pid: 4711 });
  });

  it('that does not exist is missing', () => {
    expect(readPidfile(join(dir, 'none.pid'))).toEqual({ kind: 'missing' });
    expect(readPidfile(join(written('1'), 'below-a-file'))).toEqual({ kind: 'missing' });
  });

  it.each(['0', '-5', '+5', 'many', '12 13', '1.5', '0x10', '99999999999', '4194305', '12\n13\n'])(
    'that says %j is unusable',
    (content) => {
      expect(readPidfile(written(content))).toMatchObject({
        kind: 'unusable',
        problem: expect.stringContaining('something else than one process id') as string,
      });
    },
  );

  it.each([
    ['empty', '', /is empty/],
    ['large', '1'.padEnd(1025, '\n'), /larger than 1 kB/],
  ])('that is %s is unusable', (_, content, problem) => {
    expect(readPidfile(written(content))).toMatchObject({
      kind: 'unusable',
      problem: expect.stringMatching(problem) as string,
    });
  });

  it('that everybody may write is unusable', () => {
    expect(readPidfile(written('4711', 0o666))).toMatchObject({
      kind: 'unusable',
      problem: expect.stringContaining('every user') as string,
    });
  });

  it('that is a directory or a pipe without a writer is unusable, and nothing waits', () => {
    mkdirSync(join(dir, 'dir.pid'));
    execFileSync('mkfifo', [join(dir, 'pipe.pid')]);
    for (const name of ['dir.pid', 'pipe.pid']) {
      expect(readPidfile(join(dir, name))).toMatchObject({
        kind: 'unusable',
        problem: expect.stringContaining('not a regular file') as string,
      });
    }
  });

  it('with control characters in its path is named on one line', () => {
    const path = join(dir, 'a\nb.pid');
    writeFileSync(path, '');
    const reading = readPidfile(path);
    expect(reading.kind === 'unusable' && reading.problem.includes('\n')).toBe(false);
  });
});
