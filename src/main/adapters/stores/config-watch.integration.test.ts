import Conf from 'conf';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Config } from '../../../shared/model/config';
import { watchSchema } from '../../../shared/model/watch';
import { ManualClock } from '../../engine/testing/manual-clock';
import { createSystemClock } from '../clock';
import { ConfigFileStore } from './config-store';
import { ConfigWatch } from './config-watch';
import { openDataDir, type DataDirPaths } from '../files/data-dir';
import type { StorageNotice } from '../files/notice';
import { eventually } from '../testing/children';

const NOW = Date.parse('2026-11-22T23:05:10.123Z');
const watch = (name: string, overrides: object = {}) =>
  watchSchema.parse({
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 3, name, overrides },
    target: { kind: 'command', command: { argv: ['true'], cwd: '/' } },
  });

let root: string;
let paths: DataDirPaths;
let notices: StorageNotice[];
let reported: unknown[];
let adopted: number;
let store: ConfigFileStore;
let configWatch: ConfigWatch;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'healdeck-config-watch-'));
  paths = openDataDir(root);
  notices = [];
  reported = [];
  adopted = 0;
  const notify = (notice: StorageNotice): void => void notices.push(notice);
  store = new ConfigFileStore({ paths, open: (options) => new Conf(options), nowMs: () => NOW, notify });
  store.saveWatches([watch('web')]);
  configWatch = new ConfigWatch({
    ...{ file: paths.config, store, clock: createSystemClock(), notify },
    reload: () => (adopted += 1),
    report: (...error) => reported.push(error),
  });
});
afterEach(() => {
  configWatch.dispose();
  rmSync(root, { recursive: true, force: true });
  expect(reported).toEqual([]);
});

const content = (): Config => JSON.parse(readFileSync(paths.config, 'utf8')) as Config;
const write = (config: unknown): void => writeFileSync(paths.config, JSON.stringify(config, null, 2));
describe('config.json edited by hand', () => {
  it('comes into force, with a new revision for what changed', async () => {
    write({ ...content(), settings: { 'stop.graceMs': 500 }, watches: [watch('web', { 'cpu.limitPercent': 80 })] });
    await eventually('the change is in force', () => adopted === 1);
    expect(store.overrides()).toEqual({ 'stop.graceMs': 500 });
    expect(store.watches()).toEqual([{ ...watch('web', { 'cpu.limitPercent': 80 }), revision: 4 }]);
    expect(notices).toEqual([
      { topic: 'config.json', severity: 'info', detail: 'config.json was changed by hand; it is in force now.' },
    ]);
    store.saveOverrides({});
    expect(content().watches[0]?.revision).toBe(4);
  });

  it('is noticed when another file is put in its place, as editors do', async () => {
    writeFileSync(join(root, 'new'), JSON.stringify({ ...content(), watches: [] }));
    renameSync(join(root, 'new'), paths.config);
    await eventually('the change is in force', () => adopted === 1);
    expect(store.watches()).toEqual([]);
  });

  it('is found by the time of the file where the kernel has no watch to give', async () => {
    const clock = new ManualClock();
    const file = join(root, 'not-yet', 'config.json');
    let reloads = 0;
    const watched = new ConfigWatch({
      ...{ file, clock, answers: () => Promise.resolve(), reload: () => undefined },
      store: { reload: () => ((reloads += 1), { kind: 'in_force' }) },
      ...{ notify: (notice) => notices.push(notice), report: (...error) => reported.push(error) },
    });
    await clock.advance(10_000);
    expect(reloads).toBe(1);
    mkdirSync(join(root, 'not-yet'));
    writeFileSync(file, '{}');
    await clock.advance(2250);
    expect(reloads).toBe(2);
    watched.dispose();
    expect(clock.pending).toBe(0);
  });

  it('with a mistake changes nothing and says line and reason, once; mended it says so', async () => {
    const good = readFileSync(paths.config, 'utf8');
    writeFileSync(paths.config, '{\n  "version": 1,\n  "settings": {},,\n}');
    await eventually('it is reported', () => notices.length === 1);
    expect(notices[0]).toEqual({
      ...{ topic: 'config.json', severity: 'high' },
      detail:
        "config.json can't be used (line 3, column 18: not valid JSON); the configuration in force stays in force.",
    });
    expect(store.watches()).toEqual([watch('web')]);
    writeFileSync(paths.config, good);
    await eventually('it is reported', () => notices.length === 2);
    expect(notices[1]?.detail).toBe('config.json is valid again and matches the configuration in force.');
    expect(adopted).toBe(0);
  });

  it.each<[string, Partial<Config> | object, string]>([
    [
      'a wrong value',
      { settings: { 'stop.graceMs': 'many' } },
      'line 4, settings["stop.graceMs"]: expected a whole number',
    ],
    [
      'an unknown key',
      { settings: { 'cpuSpik.rule': 'off' } },
      'line 4, settings["cpuSpik.rule"]: no setting is called',
    ],
    [
      'a setting that is no matter of one watch',
      { settings: {}, watches: [{ ...watch('web'), overrides: { 'sampling.intervalMs': 500 } }] },
      'watches[0].overrides["sampling.intervalMs"]: sampling.intervalMs applies to all watches',
    ],
    ['a name twice', { watches: [watch('web'), watch('WEB')] }, 'expected each name once, "WEB" is used twice'],
    ['another version', { version: 9 }, 'config.json has version 9'],
    [
      'a warning above the limit',
      { settings: { 'cpu.limitPercent': 50 }, watches: [watch('web', { 'cpu.warnPercent': 90 })] },
      'watch "web": cpu.warnPercent: expected at most cpu.limitPercent (50%), got 90%',
    ],
    [
      'a window that can never fill',
      { settings: { 'limits.violations': 9 } },
      'limits.violations: expected at most limits.samples (5), got 9',
    ],
    [
      'a template that names what does not exist',
      { settings: { 'mail.subjectTemplate': '{{machin}}' } },
      'mail.subjectTemplate: line 1: no variable is called {{machin}}; did you mean: {{machine}}',
    ],
  ])('with %s is refused', async (_what, mistake, problem) => {
    write({ version: 1, settings: {}, watches: [], ...mistake });
    await eventually('it is reported', () => notices.length === 1);
    expect(notices[0]?.severity).toBe('high');
    expect(notices[0]?.detail).toContain(problem);
    expect(store.watches()).toEqual([watch('web')]);
    expect(store.overrides()).toEqual({});
  });

  it('and broken is set aside by the next save, never lost', async () => {
    writeFileSync(paths.config, '{ my work');
    await eventually('it is reported', () => notices.length === 1);
    store.saveOverrides({ 'stop.graceMs': 500 });
    expect(content().settings).toEqual({ 'stop.graceMs': 500 });
    expect(readFileSync(`${paths.config}.rejected-20261122T230510Z`, 'utf8')).toBe('{ my work');
    expect(notices[1]?.detail).toContain('it is kept as config.json.rejected-20261122T230510Z');
    await eventually('it is reported', () => notices.some(({ detail }) => detail.includes('valid again')));
    expect(adopted).toBe(0);
  });

  it('and good comes before a save that did not know of it', async () => {
    write({ ...content(), watches: [watch('site')] });
    expect(() => store.saveWatches([])).toThrow('config.json was edited a moment ago');
    expect(store.watches()).toEqual([watch('web')]);
    await eventually('the change is in force', () => adopted === 1);
    expect(store.watches()[0]?.name).toBe('site');
    store.saveWatches([]);
    expect(content().watches).toEqual([]);
    expect(readdirSync(root).filter((name) => name.includes('rejected'))).toEqual([]);
  });

  it('is not what own saves are taken for', async () => {
    for (let round = 0; round < 5; round += 1) store.saveOverrides({ 'stop.graceMs': 1000 + round });
    // An edit of ours that must be reported makes sure that the saves before it were looked at.
    await new Promise((resolve) => setImmediate(resolve));
    write({ ...content(), watches: [] });
    await eventually('the change is in force', () => adopted > 0);
    expect(adopted).toBe(1);
    expect(notices).toHaveLength(1);
  });

  it('is not refused for what contradicted itself before', async () => {
    store.saveOverrides({ 'limits.violations': 9 });
    write({ ...content(), settings: { 'limits.violations': 9, 'stop.graceMs': 500 } });
    await eventually('the change is in force', () => adopted === 1);
    expect(store.overrides()['stop.graceMs']).toBe(500);
  });

  it('before anybody looked is taken over, too', async () => {
    configWatch.dispose();
    write({ ...content(), watches: [] });
    configWatch = new ConfigWatch({
      ...{ file: paths.config, store, clock: createSystemClock(), notify: (notice) => notices.push(notice) },
      reload: () => (adopted += 1),
      report: (...error) => reported.push(error),
    });
    await eventually('the change is in force', () => adopted === 1);
    expect(store.watches()).toEqual([]);
  });

  it('that is gone is reported, and the next save writes it again', async () => {
    rmSync(paths.config);
    await eventually('it is reported', () => notices.length === 1);
    expect(notices[0]?.detail).toContain('it was removed');
    store.saveOverrides({ 'stop.graceMs': 500 });
    expect(content().settings).toEqual({ 'stop.graceMs': 500 });
  });
});
