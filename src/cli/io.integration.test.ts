import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workingDirectory } from './io';

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
