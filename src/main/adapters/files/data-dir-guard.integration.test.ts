import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { openDataDir, type DataDirPaths } from './data-dir';
import { DataDirGuard } from './data-dir-guard';
import { identifyDataDir, type DataDirIdentity } from './data-dir-identity';
import { DataDirLock, readEngineOwner } from './engine-lock';
import type { StorageNotice } from './notice';

let root: string;
let paths: DataDirPaths;
let lock: DataDirLock;
let identity: DataDirIdentity;
let clock: ManualClock;
let reported: StorageNotice[];
let taken: string[];
let refilled: number;
let socketIsGone: boolean;
let guard: DataDirGuard;
/** Questions that a hanging file system has not answered; null: it answers at once. */
let answers: (() => void)[] | null;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-guard-'));
  paths = openDataDir(join(root, 'data'));
  lock = new DataDirLock(paths, { pid: process.pid, startedAt: 'first', shell: 'headless' });
  identity = identifyDataDir(paths.dir);
  clock = new ManualClock();
  reported = [];
  taken = [];
  refilled = 0;
  socketIsGone = false;
  answers = null;
  guard = new DataDirGuard({
    ...{ paths, lock, identity, clock },
    answers: () => new Promise((resolve) => (answers === null ? resolve() : answers.push(resolve))),
    rebindSocket: () => Promise.resolve(socketIsGone && !(socketIsGone = false)),
    refill: () => (refilled += 1),
    onTaken: (reason) => taken.push(reason),
    notify: (notice) => reported.push(notice),
  });
});
afterEach(() => {
  guard.dispose();
  lock.release();
  rmSync(root, { recursive: true, force: true });
});

const topics = (): readonly string[] => reported.map(({ topic, severity }) => `${topic} ${severity}`);

describe('the guard of a data directory', () => {
  it('is silent as long as all is there', async () => {
    await clock.advance(10_000);
    expect(reported).toEqual([]);
  });

  it('asks nothing in the thread of the engine as long as the file system does not answer', async () => {
    answers = [];
    rmSync(paths.lock);
    await clock.advance(60_000);
    expect([answers.length, existsSync(paths.lock)]).toEqual([1, false]);
    const [answer] = answers.splice(0);
    answers = null;
    answer?.();
    await clock.advance(2000);
    expect(existsSync(paths.lock)).toBe(true);
  });

  it('makes the lock and the name of its owner anew, and says so once', async () => {
    rmSync(paths.lock);
    await clock.advance(2000);
    expect(existsSync(paths.lock)).toBe(true);
    rmSync(paths.owner);
    await clock.advance(2000);
    expect(readEngineOwner(paths)?.startedAt).toBe('first');
    await clock.advance(10_000);
    expect(topics()).toEqual(['engine.lock high', 'engine.lock high']);
  });

  it('binds the socket anew, and says so', async () => {
    socketIsGone = true;
    await clock.advance(4000);
    expect(topics()).toEqual(['engine.sock high']);
  });

  it('makes a removed directory anew with the configuration in force, and says what is lost', async () => {
    rmSync(paths.dir, { recursive: true });
    await clock.advance(2000);
    expect(statSync(paths.dir).mode & 0o777).toBe(0o700);
    expect(refilled).toBe(1);
    expect(readdirSync(paths.dir).sort()).toEqual(['engine.json', 'engine.lock', 'logs']);
    expect(topics()).toEqual(['data directory critical', 'engine.lock high']);
    expect(() => identity.assertOwned()).not.toThrow();
  });

  it('writes nothing into another directory that was put in its place, and notices when the old one is back', async () => {
    renameSync(paths.dir, join(root, 'old'));
    mkdirSync(paths.dir, { mode: 0o700 });
    await clock.advance(10_000);
    expect(topics()).toEqual(['data directory critical']);
    expect(readdirSync(paths.dir)).toEqual([]);
    for (const assertion of ['assertSame', 'assertOwned', 'assertSafe'] as const)
      expect(() => identity[assertion]()).toThrow('was replaced by another directory');
    rmSync(paths.dir, { recursive: true });
    renameSync(join(root, 'old'), paths.dir);
    await clock.advance(2000);
    expect(topics()).toEqual(['data directory critical', 'data directory info']);
    expect(taken).toEqual([]);
  });

  it('stops healing when another engine has the directory that was put in its place', async () => {
    renameSync(paths.dir, join(root, 'old'));
    mkdirSync(paths.dir, { mode: 0o700 });
    writeFileSync(paths.owner, JSON.stringify({ pid: process.ppid, startedAt: 'second', shell: 'headless' }));
    await clock.advance(2000);
    expect(taken).toEqual([`another engine (pid ${process.ppid} since second) has taken over ${paths.dir}`]);
  });

  it('stops healing when another engine has taken the lock, and leaves that one its files', async () => {
    rmSync(paths.lock);
    const other = new DataDirLock(paths, { pid: 4711, startedAt: 'second', shell: 'headless' });
    await clock.advance(10_000);
    expect(taken).toEqual([`another engine (pid 4711 since second) has taken over ${paths.dir}`]);
    expect(topics()).toEqual(['engine.lock critical']);
    expect(() => identity.assertOwned()).toThrow('another engine has taken over');
    expect(() => identity.assertSame()).not.toThrow();
    other.release();
  });

  it('waits while somebody has the lock without a name: an engine that only tries to start', async () => {
    rmSync(paths.lock);
    const other = new DataDirLock(paths, { pid: 4711, startedAt: 'second', shell: 'headless' });
    rmSync(paths.owner);
    await clock.advance(10_000);
    expect(taken).toEqual([]);
    other.release();
    await clock.advance(2000);
    expect(readEngineOwner(paths)?.startedAt).toBe('first');
  });

  it('obeys nothing while others could exchange the directory', () => {
    expect(() => identity.assertSafe()).not.toThrow();
    chmodSync(root, 0o777);
    expect(() => identity.assertSafe()).toThrow(`chmod go-w ${root}`);
    // A line may still be appended: it is the same directory.
    expect(() => identity.assertSame()).not.toThrow();
  });
});
