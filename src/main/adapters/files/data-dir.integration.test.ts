import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DataDirError, openDataDir } from './data-dir';
import { EngineRunningError, DataDirLock, readEngineOwner } from './engine-lock';
import { bundleForNode } from '../testing/bundle';
import { startNode, type TestChild } from '../testing/child';

const mode = (path: string): number => statSync(path).mode & 0o777;
const NOBODY = 65_534;
const isRoot = process.geteuid?.() === 0;

let root: string;
let holder: { file: string; dispose: () => void };
const children: TestChild[] = [];

beforeAll(async () => {
  holder = await bundleForNode('src/main/adapters/testing/lock-holder.ts');
});
afterAll(() => holder.dispose());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-dir-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  chmodSync(root, 0o700);
  rmSync(root, { recursive: true, force: true });
});

function start(dir: string, ...args: string[]): TestChild {
  const child = startNode(holder.file, [dir, ...args]);
  children.push(child);
  return child;
}

function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DataDirError) return error.problem;
    throw error;
  }
  return 'none';
}

describe('opening a data directory', () => {
  it('creates it, and its parents, for its owner alone', () => {
    const paths = openDataDir(join(root, 'a', 'b'));
    expect(paths.config).toBe(join(root, 'a', 'b', 'config.json'));
    for (const dir of [paths.dir, paths.logs, join(root, 'a')]) expect(mode(dir)).toBe(0o700);
  });

  it('closes what is open to others', () => {
    mkdirSync(join(root, 'logs'));
    for (const name of ['config.json', 'history.db']) writeFileSync(join(root, name), '{}', { mode: 0o644 });
    chmodSync(root, 0o755);
    openDataDir(root);
    expect([root, join(root, 'logs')].map(mode)).toEqual([0o700, 0o700]);
    expect([join(root, 'config.json'), join(root, 'history.db')].map(mode)).toEqual([0o600, 0o600]);
  });

  it('refuses a file in its place, or above it', () => {
    writeFileSync(join(root, 'file'), '');
    expect(problem(() => openDataDir(join(root, 'file')))).toBe('not_a_directory');
    expect(problem(() => openDataDir(join(root, 'file', 'below')))).toBe('not_a_directory');
  });

  it('refuses where it may not write, in words', async () => {
    if (!isRoot) {
      chmodSync(root, 0o500);
      expect(problem(() => openDataDir(join(root, 'new')))).toBe('cannot_create');
      return;
    }
    // Nothing is forbidden to root: /proc refuses it all the same.
    expect(problem(() => openDataDir('/proc/healdeck'))).toBe('cannot_create');
    expect(() => openDataDir('/proc/healdeck')).toThrow(/can't be created \(.+\)\. Choose another with --data-dir/);
  });

  it("refuses another user's directory and leaves it as it is", () => {
    if (isRoot) chownSync(root, NOBODY, NOBODY);
    const foreign = isRoot ? root : '/etc';
    const before = mode(foreign);
    expect(problem(() => openDataDir(foreign))).toBe('foreign_owner');
    expect(mode(foreign)).toBe(before);
  });
});

describe('the lock of a data directory', () => {
  it('admits one engine, and tells the second who the first is', async () => {
    const first = start(root);
    await first.saysWithin('ready');
    expect(mode(join(root, 'engine.lock'))).toBe(0o600);
    expect(mode(join(root, 'engine.json'))).toBe(0o600);
    const said = await start(root).ended;
    expect(said).toContain('EngineRunningError');
    expect(said).toMatch(
      new RegExp(`Healdeck already runs on ${root} \\(pid ${first.pid} since 20.+Z\\); stop it first`),
    );
    expect(readEngineOwner(openDataDir(root))?.pid).toBe(first.pid);
  });

  it('is free the moment its owner was killed, ten times in a row', async () => {
    for (let round = 0; round < 10; round += 1) {
      const child = start(root);
      await child.saysWithin('ready');
      await child.kill();
    }
    const lock = new DataDirLock(openDataDir(root), { pid: process.pid, startedAt: 'now', shell: 'desktop' });
    expect(readEngineOwner(openDataDir(root))).toMatchObject({ pid: process.pid, shell: 'desktop' });
    lock.release();
  });

  it('is given back when it is released, and not before', async () => {
    const paths = openDataDir(root);
    const owner = { pid: process.pid, startedAt: 'now', shell: 'desktop' as const };
    const lock = new DataDirLock(paths, owner);
    // Opening the directory again in the same process must not drop the lock.
    openDataDir(root);
    expect(() => new DataDirLock(paths, owner)).toThrow(EngineRunningError);
    expect(await start(root).ended).toContain('EngineRunningError');
    lock.release();
    lock.release();
    expect(readEngineOwner(paths)).toBeNull();
    await start(root).saysWithin('ready');
    expect(() => new DataDirLock(paths, owner)).toThrow(EngineRunningError);
  });

  it('admits no second engine after its file was removed, and is made anew by its owner', () => {
    const paths = openDataDir(root);
    const first = new DataDirLock(paths, { pid: process.pid, startedAt: 'first', shell: 'desktop' });
    expect(first.refresh()).toEqual({ kind: 'held' });
    rmSync(paths.owner);
    expect(first.refresh()).toEqual({ kind: 'renewed' });
    rmSync(paths.lock);
    rmSync(paths.owner);
    expect(first.refresh()).toEqual({ kind: 'renewed' });
    expect(readEngineOwner(paths)?.startedAt).toBe('first');
    expect(() => new DataDirLock(paths, { pid: 1, startedAt: 'second', shell: 'desktop' })).toThrow(EngineRunningError);
    first.release();
    expect(readEngineOwner(paths)).toBeNull();
  });

  it('lets an engine see that another one has taken over, and leaves its files alone', () => {
    const paths = openDataDir(root);
    const first = new DataDirLock(paths, { pid: process.pid, startedAt: 'first', shell: 'desktop' });
    rmSync(paths.lock);
    // In the same process nobody is found by a descriptor: so it goes where the kernel shows none.
    const second = new DataDirLock(paths, { pid: 4711, startedAt: 'second', shell: 'headless' });
    expect(first.refresh()).toEqual({ kind: 'taken', owner: { pid: 4711, startedAt: 'second', shell: 'headless' } });
    first.release();
    expect(second.refresh()).toEqual({ kind: 'held' });
    expect(readEngineOwner(paths)?.pid).toBe(4711);
    second.release();
  });

  it.skipIf(process.platform !== 'linux').each(['engine.lock', 'the whole directory'])(
    'admits no second engine right after %s was removed',
    async (what) => {
      const dir = join(root, 'data');
      const first = start(dir);
      await first.saysWithin('ready');
      if (what === 'engine.lock') rmSync(join(dir, 'engine.lock'));
      else rmSync(dir, { recursive: true });
      const said = await start(dir).ended;
      expect(said).toContain('EngineRunningError');
      expect(said).toContain(`pid ${first.pid}`);
    },
  );

  it('survives rubbish in its files', () => {
    const paths = openDataDir(root);
    writeFileSync(paths.lock, 'rubbish'.repeat(1000));
    writeFileSync(paths.owner, '{"pid":');
    const lock = new DataDirLock(paths, { pid: process.pid, startedAt: 'now', shell: 'desktop' });
    expect(JSON.parse(readFileSync(paths.owner, 'utf8'))).toMatchObject({ pid: process.pid });
    lock.release();
  });

  it('removes what an interrupted write has left, and nothing else', () => {
    const paths = openDataDir(root);
    for (const name of [
      'config.json.tmp-1764000000abcdef',
      'state.json.backup.tmp-xyz1',
      'secrets.json.tmp-1a2b',
      'notes.tmp-1',
      'config.json.corrupt-1',
    ]) {
      writeFileSync(join(root, name), '');
    }
    new DataDirLock(paths, { pid: process.pid, startedAt: 'now', shell: 'desktop' }).release();
    expect(readdirSync(root).sort()).toEqual(['config.json.corrupt-1', 'engine.lock', 'logs', 'notes.tmp-1']);
  });
});
