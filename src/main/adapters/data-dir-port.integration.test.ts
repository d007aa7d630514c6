import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createDataDirPort } from './data-dir-port';
import { bundleForNode } from './testing/bundle';
import { startNode, type TestChild } from './testing/child';

let root: string;
let original: string;
let copy: string;
let holder: { file: string; dispose: () => void };
let engine: TestChild | null = null;

beforeAll(async () => {
  holder = await bundleForNode('src/main/adapters/testing/lock-holder.ts');
});
afterAll(() => holder.dispose());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-copies-'));
  [original, copy] = [join(root, 'original'), join(root, 'copy')];
});
afterEach(async () => {
  await engine?.kill();
  engine = null;
  rmSync(root, { recursive: true, force: true });
});

describe('the data directory of an engine', () => {
  it('is known from its copies, and whether an engine keeps it can be seen without touching it', async () => {
    engine = startNode(holder.file, [original]);
    await engine.saysWithin('ready');
    const { identity } = createDataDirPort(original);
    cpSync(original, copy, { recursive: true });
    const port = createDataDirPort(copy);
    expect(port.identity.id).not.toBe(identity.id);
    const before = readdirSync(original);
    expect(port.isKeptByAnother(identity)).toBe(true);
    expect(readdirSync(original)).toEqual(before);
    // What lies at the place of the original by now is another one.
    expect(port.isKeptByAnother({ ...identity, id: '0:0' })).toBe(false);
    await engine.kill();
    expect(port.isKeptByAnother(identity)).toBe(false);
  });

  it('stays the same when it is moved, and where nothing is, nobody keeps anything', () => {
    mkdirSync(original);
    const { id } = createDataDirPort(original).identity;
    renameSync(original, copy);
    const port = createDataDirPort(copy);
    expect(port.identity).toEqual({ path: copy, id });
    expect(port.isKeptByAnother({ path: original, id: '0:0' })).toBe(false);
    expect(port.isKeptByAnother({ path: copy, id })).toBe(false);
  });
});
