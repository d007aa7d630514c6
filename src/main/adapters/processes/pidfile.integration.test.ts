import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readPidfile } from './pidfile';

const isRoot = process.getuid?.() === 0;
/** No account of any machine. */
const STRANGER = 54_321;
const ANOTHER = 54_322;

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

function unusable(problem: string) {
  return { kind: 'unusable', problem: expect.stringContaining(problem) as string };
}

describe('a pidfile', () => {
  it.each(['4711', '4711\n', '  4711 \n', '      4711\n', '4711\r\n'])('that says %j names a process', (content) => {
    const path = written(content);
    utimesSync(path, 1000, 1000);
    expect(readPidfile(path)).toEqual({
      ...{ kind: 'pid', pid: 4711, writerUid: process.getuid!(), writtenAt: 1_000_000 },
      sinceBoot: expect.any(Boolean) as boolean,
    });
  });

  it.each([
    [
      'PostgreSQL',
      '4711\n/var/lib/postgresql/15/main\n1795984267\n5432\n/var/run/postgresql\nlocalhost\n   5432001    131072\nready   \n',
    ],
    ['sendmail', '4711\n/usr/sbin/sendmail -bd -q15m\n'],
    ['HAProxy with several workers', '4711\n4712\n'],
    ['an older X server', '      4711\n'],
    ['sendmail with a long command line', `4711\n${'x'.repeat(3000)}\n`],
  ])('of %s says the pid in its first line', (_, content) => {
    expect(readPidfile(written(content))).toMatchObject({ kind: 'pid', pid: 4711 });
  });

  it('that does not exist is missing', () => {
    expect(readPidfile(join(dir, 'none.pid'))).toEqual({ kind: 'missing' });
    expect(readPidfile(join(dir, 'no', 'directory.pid'))).toEqual({ kind: 'missing' });
    expect(readPidfile(join(written('1'), 'below-a-file'))).toEqual({ kind: 'missing' });
  });

  it.each([
    '0',
    '-5',
    '+5',
    'many',
    '12 13',
    '1.5',
    '0x10',
    '99999999999',
    '4194305',
    '\n12\n',
    '{"pid":12}',
    'host:12',
    '-4711\n/var/lib',
  ])('that says %j is unusable', (content) => {
    expect(readPidfile(written(content))).toMatchObject(unusable('exactly one process id'));
  });

  it.each([
    ['empty', '', 'is empty; its program may not have written it yet'],
    ['large', '1\n'.padEnd(4097, 'x'), 'larger than 4 kB'],
  ])('that is %s is unusable', (_, content, problem) => {
    expect(readPidfile(written(content))).toMatchObject(unusable(problem));
  });

  it('that is a link is refused in words, also one to a good file', () => {
    const link = join(dir, 'link.pid');
    symlinkSync(written('4711'), link);
    expect(readPidfile(link)).toMatchObject(unusable('is a symbolic link; expected the path of the file itself'));
  });

  it('may lie behind a link to its directory, as /var/run is one', () => {
    mkdirSync(join(dir, 'run'));
    writeFileSync(join(dir, 'run', 'x.pid'), '4711');
    symlinkSync('run', join(dir, 'relative'));
    symlinkSync(join(dir, 'run'), join(dir, 'absolute'));
    symlinkSync('circle', join(dir, 'circle'));
    for (const name of ['relative', 'absolute', 'run/../relative']) {
      expect(readPidfile(join(dir, name, 'x.pid'))).toMatchObject({ kind: 'pid', pid: 4711 });
    }
    expect(readPidfile(join(dir, 'circle', 'x.pid'))).toMatchObject(unusable('loop of symbolic links'));
  });

  it('that everybody may write is unusable', () => {
    expect(readPidfile(written('4711', 0o666))).toMatchObject(unusable('every user (the file itself)'));
  });

  it.runIf(isRoot)('that a group may write is unusable, unless its owner is alone in it', () => {
    const path = written('4711', 0o664);
    // The user daemon is in the group 1 of every Linux.
    chownSync(path, STRANGER, 1);
    expect(readPidfile(path)).toMatchObject(unusable('members of group 1'));
    chownSync(path, 1, 1);
    expect(readPidfile(path)).toMatchObject({ kind: 'pid', writerUid: 1 });
  });

  it('in a directory that everybody may write is unusable, unless each may replace only his own there', () => {
    const path = written('4711');
    chmodSync(dir, 0o777);
    expect(readPidfile(path)).toMatchObject(unusable(`every user (the directory ${dir})`));
    chmodSync(dir, 0o1777);
    expect(readPidfile(path)).toMatchObject({ kind: 'pid', pid: 4711 });
  });

  it('with a second name may be the file of somebody else', () => {
    const path = written('4711');
    linkSync(path, join(dir, 'second.pid'));
    expect(readPidfile(path)).toMatchObject(unusable('has 2 names'));
  });

  it.runIf(isRoot)('names the one user who could have written, replaced or led it here', () => {
    const path = written('4711');
    expect(readPidfile(path)).toMatchObject({ writerUid: 0 });
    chownSync(path, STRANGER, STRANGER);
    expect(readPidfile(path)).toMatchObject({ writerUid: STRANGER });
    chownSync(path, 0, 0);
    chownSync(dir, STRANGER, STRANGER);
    expect(readPidfile(path)).toMatchObject({ writerUid: STRANGER });
    chownSync(path, ANOTHER, ANOTHER);
    expect(readPidfile(path)).toMatchObject(unusable(`may be replaced by several users (${STRANGER}, ${ANOTHER})`));
  });

  it.runIf(isRoot)('behind a link of another user counts as his', () => {
    mkdirSync(join(dir, 'run'));
    writeFileSync(join(dir, 'run', 'x.pid'), '4711');
    mkdirSync(join(dir, 'home'));
    chownSync(join(dir, 'home'), STRANGER, STRANGER);
    symlinkSync(join(dir, 'run'), join(dir, 'home', 'run'));
    expect(readPidfile(join(dir, 'home', 'run', 'x.pid'))).toMatchObject({ writerUid: STRANGER });
  });

  it('that is a directory or a pipe without a writer is unusable, and nothing waits', () => {
    mkdirSync(join(dir, 'dir.pid'));
    execFileSync('mkfifo', [join(dir, 'pipe.pid')]);
    for (const name of ['dir.pid', 'pipe.pid']) {
      expect(readPidfile(join(dir, name))).toMatchObject(unusable('not a regular file'));
    }
  });

  it('with control characters in its path is named on one line', () => {
    const path = join(dir, 'a\nb.pid');
    writeFileSync(path, '');
    const reading = readPidfile(path);
    expect(reading.kind === 'unusable' && reading.problem.includes('\n')).toBe(false);
  });
});
