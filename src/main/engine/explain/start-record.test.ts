import { describe, expect, it } from 'vitest';
import type { FileState } from '../ports';
import { changedFiles, changedVersions, editedParts, hashesOf, versionOf } from './start-record';

const file = (more: Partial<FileState & { kind: 'present' }> = {}): FileState => ({
  ...{ kind: 'present', inode: 7, bytes: 100, modifiedAt: 5000 },
  ...more,
});

const MISSING: FileState = { kind: 'missing' };

describe('what changed of files', () => {
  it.each<[string, FileState, FileState, readonly unknown[]]>([
    ['nothing', file(), file(), []],
    ['its content', file(), file({ bytes: 101, modifiedAt: 9000 }), [['changed', 9000]]],
    ['its time alone', file(), file({ modifiedAt: 9000 }), [['changed', 9000]]],
    ['replaced by an older one', file(), file({ inode: 8, modifiedAt: 100 }), [['changed', null]]],
    ['it is gone', file(), { kind: 'missing' }, [['gone', null]]],
    ['it is new', { kind: 'missing' }, file(), [['new', 5000]]],
    ['it is as missing as it was', { kind: 'missing' }, { kind: 'missing' }, []],
    ['it could not be looked at now', file(), { kind: 'unknown' }, []],
    ['it could not be looked at then', { kind: 'unknown' }, file(), []],
  ])('%s', (_, before, now, changes) => {
    expect(changedFiles({ '/a': before }, { '/a': now }).map(({ kind, at }) => [kind, at])).toEqual(changes);
  });
});

describe('what changed of packages', () => {
  it('is each whose version both moments know, and another one', () => {
    const before = { '/a/package-lock.json': { express: '1.0.0', gone: '1.0.0', same: '1.0.0' }, '/b': { x: '1' } };
    const now = { '/a/package-lock.json': { express: '2.0.0', new: '1.0.0', same: '1.0.0' } };
    expect(changedVersions(before, now)).toEqual([
      { path: '/a/package-lock.json', name: 'express', before: '1.0.0', after: '2.0.0' },
    ]);
  });
});

describe('the version of a program', () => {
  const files = { '/usr/bin/node': file({ bytes: 9 }), '/srv/a/server.js': file(), '/srv/a/yarn.lock': MISSING };

  it('is the same for the same files, wherever they lie', () => {
    expect(versionOf(files)).toMatch(/^[0-9a-f]{8}$/);
    expect(versionOf({ '/srv/b/server.js': file({ inode: 8 }), '/opt/node': file({ bytes: 9 }) })).toBe(
      versionOf(files),
    );
  });

  it.each<[string, Readonly<Record<string, FileState>>]>([
    ['another size', { '/srv/a/server.js': file({ bytes: 101 }) }],
    ['another time', { '/srv/a/server.js': file({ modifiedAt: 5001 }) }],
    ['a file more', { '/srv/a/yarn.lock': file() }],
  ])('is another one with %s', (_, more) => {
    expect(versionOf({ ...files, ...more })).not.toBe(versionOf(files));
  });

  it('is not known where a file could not be looked at, or none is there', () => {
    expect(versionOf({ ...files, '/srv/a/yarn.lock': { kind: 'unknown' } })).toBeNull();
    expect(versionOf({ '/usr/bin/node': MISSING })).toBeNull();
  });
});

describe('an edited command', () => {
  const launch = { argv: ['server', '--port', '1'], cwd: '/srv', env: { A: '1', B: '2' } };

  it('is known by its parts, whatever the order of its variables', () => {
    const before = hashesOf(launch);
    expect(editedParts(before, hashesOf({ ...launch, env: { B: '2', A: '1' } }))).toEqual([]);
    expect(editedParts(before, hashesOf({ ...launch, argv: ['server', '--port', '2'] }))).toEqual(['arguments']);
    expect(editedParts(before, hashesOf({ ...launch, cwd: '/', env: {} }))).toEqual([
      'working directory',
      'environment',
    ]);
  });

  it('is not guessed where one of the two is not known', () => {
    expect(editedParts(null, hashesOf(launch))).toEqual([]);
    expect(editedParts(hashesOf(launch), null)).toEqual([]);
  });

  it('keeps no value', () => {
    expect(JSON.stringify(hashesOf({ ...launch, env: { PASSWORD: 'hunter2' } }))).not.toContain('hunter2');
  });
});
