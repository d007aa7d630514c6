import Conf from 'conf';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchSchema, type Watch } from '../../../shared/model/watch';
import { ConfigSaveError, ConfigFileStore } from './config-store';
import { ConfigVersionError, parseConfig } from './config-text';
import { openDataDir, type DataDirPaths } from '../files/data-dir';
import type { StorageNotice } from '../files/notice';
import { bundleForNode } from '../testing/bundle';
import { startNode, startProgram } from '../testing/child';

const NOW = Date.parse('2026-11-22T23:05:10.123Z');
const watch = (name: string): Watch =>
  watchSchema.parse({
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 1, name },
    target: { kind: 'command', command: { argv: ['true'], cwd: '/' } },
  });

let root: string;
let paths: DataDirPaths;
let reported: StorageNotice[];
let saver: { file: string; dispose: () => void };

beforeAll(async () => {
  saver = await bundleForNode('src/main/adapters/testing/config-saver.ts');
});
afterAll(() => saver.dispose());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-config-'));
  paths = openDataDir(root);
  reported = [];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = () =>
  new ConfigFileStore({
    paths,
    open: (options) => new Conf(options),
    nowMs: () => NOW,
    notify: (notice) => reported.push(notice),
  });
const content = (): unknown => JSON.parse(readFileSync(paths.config, 'utf8'));

describe('config.json', () => {
  it('starts empty, for its owner alone', () => {
    const store = open();
    expect(store.watches()).toEqual([]);
    expect(store.overrides()).toEqual({});
    expect(content()).toEqual({ version: 1, settings: {}, watches: [] });
    expect(statSync(paths.config).mode & 0o777).toBe(0o600);
    expect(statSync(`${paths.config}.backup`).mode & 0o777).toBe(0o600);
    expect(store.notices).toEqual([]);
  });

  it('may begin with a byte order mark', () => {
    writeFileSync(paths.config, `\ufeff{"version":1,"settings":{"stop.graceMs":500},"watches":[]}`);
    const store = open();
    expect(store.overrides()).toEqual({ 'stop.graceMs': 500 });
    store.saveOverrides({ 'stop.graceMs': 700 });
    expect(content()).toMatchObject({ settings: { 'stop.graceMs': 700 } });
    expect([reported, store.notices]).toEqual([[], []]);
  });

  it('may be a symbolic link of the operator, which a save keeps', () => {
    const elsewhere = join(root, 'dotfiles');
    mkdirSync(elsewhere, { mode: 0o755 });
    writeFileSync(join(elsewhere, 'config.json'), '{"version":1,"settings":{},"watches":[]}', { mode: 0o644 });
    symlinkSync('dotfiles/config.json', paths.config);
    open().saveOverrides({ 'stop.graceMs': 700 });
    expect(lstatSync(paths.config).isSymbolicLink()).toBe(true);
    expect(readFileSync(join(elsewhere, 'config.json'), 'utf8')).toContain('700');
  });

  it('is not obeyed when others can write what the link points to, and nothing is changed', () => {
    const elsewhere = join(root, 'dotfiles');
    mkdirSync(elsewhere);
    chmodSync(elsewhere, 0o775);
    writeFileSync(join(elsewhere, 'config.json'), '{"version":1,"settings":{},"watches":[]}');
    symlinkSync('dotfiles/config.json', paths.config);
    expect(open).toThrow(`${elsewhere} can be written by its group`);
    expect(open).toThrow(`Run: chmod g-w ${elsewhere}`);
    expect(readdirSync(root).sort()).toEqual(['config.json', 'dotfiles', 'logs']);
  });

  it.skipIf(process.geteuid?.() !== 0)('of another user is not obeyed, at the start and while it runs', () => {
    const store = open();
    const evil = join(root, 'evil');
    writeFileSync(evil, '{"version":1,"settings":{"stop.graceMs":1},"watches":[]}');
    chownSync(evil, 65_534, 65_534);
    renameSync(evil, paths.config);
    expect(store.reload()).toEqual({
      kind: 'refused',
      problem: `${paths.config} belongs to another user (uid 65534); it is not used`,
    });
    expect(store.overrides()).toEqual({});
    expect(open).toThrow('belongs to another user (uid 65534)');
  });

  it('keeps watches, and of the settings only those that were set', () => {
    const store = open();
    store.saveWatches([watch('web')]);
    store.saveOverrides({ 'stop.graceMs': 500, 'cpu.limitPercent': null });
    expect(content()).toEqual({
      version: 1,
      settings: { 'stop.graceMs': 500, 'cpu.limitPercent': null },
      watches: [watch('web')],
    });
    const again = open();
    expect(again.watches()).toEqual([watch('web')]);
    expect(again.overrides()).toEqual({ 'stop.graceMs': 500, 'cpu.limitPercent': null });
    again.saveOverrides({});
    expect(content()).toMatchObject({ settings: {} });
    again.saveAll({ watches: [watch('db')], overrides: { 'stop.graceMs': 700 } });
    expect(content()).toEqual({ version: 1, settings: { 'stop.graceMs': 700 }, watches: [watch('db')] });
    expect(() => again.saveAll({ watches: [watch('x')], overrides: { 'stop.graceMs': -5 } })).toThrow(/not saved/);
    expect(open().watches()).toEqual([watch('db')]);
  });

  it('refuses what is invalid, and stays as it was', () => {
    const store = open();
    store.saveWatches([watch('web')]);
    const before = content();
    expect(() => store.saveWatches([watch('web'), watch('WEB')])).toThrow(
      /watches\[1\]\.name: expected each name once/,
    );
    expect(() => store.saveOverrides({ 'stop.graceMs': -5 })).toThrow(
      /settings\["stop\.graceMs"\]: expected a whole number from 0 to 600000/,
    );
    expect(store.watches()).toEqual([watch('web')]);
    expect(content()).toEqual(before);
  });

  it('that is broken is set aside, and the last good one is used', () => {
    open().saveWatches([watch('web')]);
    const broken = '{\n  "version": 1,\n  "settings": {},,\n}';
    writeFileSync(paths.config, broken);
    const store = open();
    expect(store.watches()).toEqual([watch('web')]);
    expect(content()).toMatchObject({ watches: [{ name: 'web' }] });
    expect(readFileSync(`${paths.config}.corrupt-20261122T230510Z`, 'utf8')).toBe(broken);
    expect(store.notices).toEqual([
      {
        topic: 'config.json',
        severity: 'high',
        detail:
          "config.json can't be used (line 3, column 18: not valid JSON); it is kept as config.json.corrupt-20261122T230510Z. " +
          'The last good copy, config.json.backup, is used instead.',
      },
    ]);
    expect(open().notices).toEqual([]);
  });

  it('with a wrong value is set aside and says where', () => {
    open().saveWatches([watch('web')]);
    writeFileSync(paths.config, JSON.stringify({ version: 1, settings: { 'stop.graceMs': 'many' }, watches: [] }));
    expect(open().notices[0]?.detail).toContain(
      'settings["stop.graceMs"]: expected a whole number from 0 to 600000 (ms)',
    );
  });

  it('of an earlier version keeps the stop grace of its watches', () => {
    open();
    const old = (name: string, stopGraceMs: number | null, id: number) => {
      const { overrides: _, ...others } = watch(name);
      return { ...others, id: `00000000-0000-4000-8000-00000000000${id}`, stopGraceMs };
    };
    const watches = [old('web', 500, 1), old('api', null, 2)];
    writeFileSync(paths.config, JSON.stringify({ version: 1, settings: {}, watches }));
    const store = open();
    expect(store.notices).toEqual([]);
    expect(store.watches().map(({ overrides }) => overrides)).toEqual([{ 'stop.graceMs': 500 }, {}]);
  });

  it('that contradicts itself is used, and reported', () => {
    open();
    writeFileSync(
      paths.config,
      JSON.stringify({ version: 1, settings: { 'cpu.warnPercent': 90, 'cpu.limitPercent': 50 }, watches: [] }),
    );
    const store = open();
    expect(store.overrides()).toEqual({ 'cpu.warnPercent': 90, 'cpu.limitPercent': 50 });
    expect(store.notices).toMatchObject([
      { severity: 'high', detail: expect.stringContaining('cpu.warnPercent: expected at most cpu.limitPercent') },
    ]);
  });

  it('and its backup broken: both are kept aside, and watching starts empty', () => {
    writeFileSync(paths.config, 'no');
    writeFileSync(`${paths.config}.backup`, '');
    const store = open();
    expect(store.watches()).toEqual([]);
    expect(store.notices[0]).toMatchObject({ severity: 'critical' });
    const kept = readdirSync(root).filter((name) => name.includes('.corrupt-'));
    expect(kept.sort()).toEqual([
      'config.json.backup.corrupt-20261122T230510Z',
      'config.json.corrupt-20261122T230510Z',
    ]);
  });

  it('that is gone comes back from its backup', () => {
    open().saveWatches([watch('web')]);
    rmSync(paths.config);
    const store = open();
    expect(store.watches()).toEqual([watch('web')]);
    expect(store.notices[0]?.detail).toContain('config.json was missing.');
  });

  it.each([0, 7])('of version %i stops the start and is not touched', (version) => {
    open();
    const other = JSON.stringify({ version, anything: true });
    writeFileSync(paths.config, other);
    expect(open).toThrow(ConfigVersionError);
    expect(open).toThrow(`config.json has version ${version}, this Healdeck reads version 1`);
    expect(readFileSync(paths.config, 'utf8')).toBe(other);
    expect(readdirSync(root).filter((name) => name.includes('corrupt'))).toEqual([]);
  });

  it('that can not be saved leaves memory and file as they were', () => {
    const store = open();
    store.saveWatches([watch('web')]);
    const before = readFileSync(paths.config, 'utf8');
    // A directory in the file's place: not even root can rename a file over it.
    rmSync(paths.config);
    mkdirSync(paths.config);
    expect(() => store.saveWatches([])).toThrow(ConfigSaveError);
    expect(store.watches()).toEqual([watch('web')]);
    rmSync(paths.config, { recursive: true });
    writeFileSync(paths.config, before);
    store.saveWatches([watch('api')]);
    expect(open().watches()).toEqual([watch('api')]);
  });

  it.skipIf(process.platform === 'win32')('is not cut short by a full disk', async () => {
    // ulimit -f bounds the size of a file: write(2) takes what fits and then fails, as on a full disk.
    const said = await startProgram('sh', [
      '-c',
      'ulimit -f 20; exec "$0" "$@"',
      process.execPath,
      saver.file,
      root,
      '40',
      '1000',
    ]).ended;
    expect(said).toContain('Refusal: config.json could not be saved');
    const kept = Number(/watches: (\d+)/.exec(said)?.[1]);
    expect(kept).toBeGreaterThan(1);
    expect(open().notices).toEqual([]);
    expect(open().watches()).toHaveLength(kept);
  });

  it('is whole after any kill -9 while it is being saved', async () => {
    for (let round = 0; round < 30; round += 1) {
      const child = startNode(saver.file, [root]);
      await child.saysWithin('saving');
      // Kills land all over the save: the time is uneven on purpose, and nothing is waited for.
      for (let turn = 0; turn < round * 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      await child.kill();
      const config = parseConfig(readFileSync(paths.config, 'utf8'), paths.config);
      expect(config.watches.length).toBeGreaterThan(0);
      expect(config.watches.at(-1)?.name).toBe(`watch-${config.watches.length - 1}`);
    }
    expect(open().notices).toEqual([]);
  }, 60_000);
});
