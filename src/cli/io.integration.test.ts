import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleForNode } from '../main/adapters/testing/bundle';
import { workingDirectory } from './io';

let cli: { file: string; dispose: () => void };
beforeAll(async () => {
  cli = await bundleForNode('src/cli/index.ts');
  // For the user without a home directory.
  chmodSync(dirname(cli.file), 0o755);
});
afterAll(() => cli.dispose());

/** What a command says on standard error, in a working directory that is removed before it starts. */
function sayInRemovedDirectory(...args: string[]): string {
  const gone = mkdtempSync(join(tmpdir(), 'healdeck-gone-'));
  const script = 'cd "$0" && rmdir "$0" && exec "$@"';
  try {
    execFileSync('sh', ['-c', script, gone, process.execPath, resolve(cli.file), ...args], { stdio: 'pipe' });
    return '';
  } catch (error) {
    return String((error as { stderr: Buffer }).stderr);
  }
}

describe.skipIf(process.platform === 'win32')('a command in a directory that was removed', () => {
  it('works when it needs none', () => {
    expect(sayInRemovedDirectory('status', '--data-dir', '/tmp/healdeck-nowhere')).toMatch(
      /^healdeck: no engine is running for \/tmp\/healdeck-nowhere.*\n$/,
    );
  });

  it('says so when it needs one', () => {
    expect(sayInRemovedDirectory('status', '--data-dir', 'here')).toBe(
      'healdeck: the working directory was removed; change to another one and repeat\n',
    );
  });
});

describe.skipIf(process.getuid?.() !== 0)('a user without a home directory (only root can become one)', () => {
  const status = (...args: string[]): string => {
    try {
      execFileSync(process.execPath, [resolve(cli.file), 'status', ...args], {
        ...{ stdio: 'pipe', cwd: '/', uid: 54_321, gid: 54_321, env: { PATH: process.env['PATH'] } },
      });
      return '';
    } catch (error) {
      return String((error as { stderr: Buffer }).stderr);
    }
  };
  it('needs one only when nothing else says where the data directory is', () => {
    expect(status()).toMatch(/^healdeck: this user has no home directory .*--data-dir or HEALDECK_DATA_DIR\n$/);
    expect(status('--data-dir', '/tmp/healdeck-nowhere')).toContain('no engine is running for /tmp/healdeck-nowhere');
  });
});

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'healdeck-test-'));
  mkdirSync(join(folder, 'releases/1'), { recursive: true });
  symlinkSync('releases/1', join(folder, 'current'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the working directory of a command', () => {
  it('is called as the shell calls it, so that a link to a release stays one', () => {
    const [named, physical] = [join(folder, 'current'), join(folder, 'releases/1')];
    expect(workingDirectory(named, physical)).toBe(named);
  });

  it.each([undefined, '', 'current', '/', '/no/such/directory', '/tmp/../tmp'])(
    'is where it is when $PWD is %j',
    (pwd) => {
      const physical = join(folder, 'releases/1');
      expect(workingDirectory(pwd, physical)).toBe(physical);
    },
  );
});
