import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageVersions } from './package-versions';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-versions-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function versionsOf(name: string, content: unknown): ReturnType<typeof packageVersions> {
  const path = join(root, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return packageVersions(path);
}

describe('the versions that a file names', () => {
  it('are those of package-lock.json, first what the program uses itself', () => {
    const packages = {
      '': { dependencies: { zod: '^3' }, devDependencies: { '@types/node': '^20' } },
      'node_modules/zod': { version: '3.22.0' },
      'node_modules/@types/node': { version: '20.1.0' },
      'node_modules/zod/node_modules/ms': { version: '9.9.9' },
      ...Object.fromEntries(
        Array.from({ length: 300 }, (_, at) => [`node_modules/a${at}`, { version: `${at}.0.0` }] as const),
      ),
    };
    const versions = versionsOf('package-lock.json', { lockfileVersion: 3, packages });
    expect(Object.keys(versions ?? {})).toHaveLength(100);
    expect(versions).toMatchObject({ zod: '3.22.0', '@types/node': '20.1.0', a0: '0.0.0' });
    expect(versions).not.toHaveProperty('ms');
  });

  it('are those of an older package-lock.json, which has one list', () => {
    const content = { lockfileVersion: 1, dependencies: { express: { version: '4.18.2' }, broken: 7 } };
    expect(versionsOf('package-lock.json', content)).toEqual({ express: '4.18.2' });
  });

  it('are that of the program itself in package.json', () => {
    expect(versionsOf('package.json', { name: 'shop', version: '1.2.0' })).toEqual({ shop: '1.2.0' });
    expect(versionsOf('package.json', { version: '1.2.0' })).toEqual({ 'the program': '1.2.0' });
    expect(versionsOf('package.json', { name: 'shop', version: 7 })).toEqual({});
  });

  it.each([
    ['another file', 'yarn.lock', 'express@^4:\n  version "4.18.2"\n'],
    ['no JSON', 'package-lock.json', '{ broken'],
    ['too long a file', 'package-lock.json', ' '.repeat(8 * 1024 * 1024 + 1)],
  ])('are none of %s', (_, name, content) => {
    expect(versionsOf(name, content)).toBeNull();
  });

  it('are not waited for where a pipe has its name', () => {
    execFileSync('mkfifo', [join(root, 'package.json')]);
    expect(packageVersions(join(root, 'package.json'))).toBeNull();
    expect(packageVersions(join(root, 'package-lock.json'))).toBeNull();
  });
});
