import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataDir } from './files/data-dir';

const mode = (path: string): number => statSync(path).mode & 0o7777;
const NOBODY = 65_534;
/** Only root can give files away. */
const asRoot = it.skipIf(process.geteuid?.() !== 0);

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-safety-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A directory in the test's folder. */
function directory(name: string, bits = 0o755): string {
  const path = join(root, name);
  mkdirSync(path);
  chmodSync(path, bits);
  return path;
}

describe('a data directory that is not ours to take', () => {
  it.each(['work', 'set-gid'])('is refused and stays as it is: %s', (name) => {
    const project = directory(name, name === 'work' ? 0o755 : 0o2755);
    writeFileSync(join(project, 'run.sh'), '#!/bin/sh\n');
    chmodSync(join(project, 'run.sh'), 0o755);
    const before = mode(project);
    expect(() => openDataDir(project)).toThrow(/contains other files \(run\.sh\).*empty or new directory/);
    expect([mode(project), mode(join(project, 'run.sh'))]).toEqual([before, 0o755]);
    expect(readdirSync(project)).toEqual(['run.sh']);
  });

  it('is refused when its config.json belongs to another program', () => {
    const project = directory('other');
    writeFileSync(join(project, 'config.json'), '{"port": 80}', { mode: 0o644 });
    expect(() => openDataDir(project)).toThrow('its config.json belongs to another program');
    expect([mode(project), mode(join(project, 'config.json'))]).toEqual([0o755, 0o644]);
  });
});

describe('a data directory that is ours to take', () => {
  it.each<[string, Record<string, string>]>([
    ['is empty', {}],
    ['has only what a new file system has', { 'lost+found': '' }],
    ['has a configuration that was put there first', { 'config.json': '{"version":1,"settings":{},"watches":[]}' }],
    ['has one with a byte order mark', { 'config.json': '\ufeff{"version":1,"settings":{},"watches":[]}' }],
    ['has a damaged configuration and nothing foreign', { 'config.json': '{"version":1,', 'state.json': '' }],
    ['has only the socket that a killed engine has left', { 'notify.sock': '' }],
    ['is of an earlier version, and somebody keeps notes in it', { 'engine.lock': '', 'notes.txt': 'x' }],
    ['has a configuration of ours, and somebody keeps notes in it', { 'config.json': '{"version":1}', 'n.txt': 'x' }],
  ])('%s', (_what, files) => {
    const dir = directory('data');
    for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text, { mode: 0o644 });
    openDataDir(dir);
    expect(mode(dir)).toBe(0o700);
    // Nothing but our own files is closed to others.
    for (const name of Object.keys(files)) {
      expect([name, mode(join(dir, name))]).toEqual([name, /\.txt$|lost|sock/.test(name) ? 0o644 : 0o600]);
    }
  });

  it('is empty and open to everybody, as container volumes are: it is closed', () => {
    openDataDir(directory('volume', 0o777));
    expect(mode(join(root, 'volume'))).toBe(0o700);
  });

  it('lies behind a link of our own', () => {
    mkdirSync(join(root, 'real'));
    symlinkSync('real', join(root, 'link'));
    expect(openDataDir(join(root, 'link')).dir).toBe(join(root, 'link'));
    expect(mode(join(root, 'real'))).toBe(0o700);
  });
});

describe('a data directory that others could exchange', () => {
  it('is refused below a directory that its group can write, with what to do', () => {
    const parent = directory('shared', 0o775);
    expect(() => openDataDir(join(parent, 'data'))).toThrow(
      `${parent} can be written by its group (uid ${process.geteuid?.()}, mode 0775). Run: chmod g-w ${parent}`,
    );
    expect(readdirSync(parent)).toEqual([]);
  });

  it('is refused when it is not empty and others could have put files there', () => {
    const dir = directory('data');
    writeFileSync(join(dir, 'engine.lock'), '');
    chmodSync(dir, 0o777);
    expect(() => openDataDir(dir)).toThrow(/can be written by its group and everybody.*chmod go-w/);
    expect(mode(dir)).toBe(0o777);
  });

  it('is refused when one of its files is a link', () => {
    const dir = directory('data', 0o700);
    writeFileSync(join(root, 'target.txt'), 'keep');
    writeFileSync(join(dir, 'engine.lock'), '');
    symlinkSync('../target.txt', join(dir, 'healing.log'));
    expect(() => openDataDir(dir)).toThrow(`${join(dir, 'healing.log')} is a symbolic link`);
    expect(readFileSync(join(root, 'target.txt'), 'utf8')).toBe('keep');
  });

  asRoot('is refused below a directory of another user', () => {
    const parent = directory('home');
    mkdirSync(join(parent, 'data'), { mode: 0o700 });
    chownSync(parent, NOBODY, NOBODY);
    expect(() => openDataDir(join(parent, 'data'))).toThrow(
      `${parent} belongs to another user (uid ${NOBODY}, mode 0755), who could replace what lies in it`,
    );
    expect(readdirSync(join(parent, 'data'))).toEqual([]);
  });

  asRoot('is refused through a link of another user, and what it points to stays as it is', () => {
    const target = directory('etc-like');
    writeFileSync(join(target, 'passwd'), 'a', { mode: 0o644 });
    const link = join(root, 'link');
    symlinkSync(target, link);
    // lchown(2): the link, not what it points to.
    lchownSync(link, NOBODY, NOBODY);
    expect(() => openDataDir(link)).toThrow(`${link} is a symbolic link of another user (uid ${NOBODY})`);
    expect([mode(target), mode(join(target, 'passwd'))]).toEqual([0o755, 0o644]);
  });

  asRoot('is refused when one of its files belongs to another user', () => {
    const dir = directory('data', 0o700);
    writeFileSync(join(dir, 'engine.lock'), '');
    writeFileSync(join(dir, 'config.json'), '{"version":1,"settings":{},"watches":[]}');
    chownSync(join(dir, 'config.json'), NOBODY, NOBODY);
    expect(() => openDataDir(dir)).toThrow(`${join(dir, 'config.json')} belongs to another user (uid ${NOBODY})`);
  });
});
