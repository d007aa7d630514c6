import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { portableConfigSchema, type ImportConflict, type PortableConfig } from '../../../shared/model/portable';
import { settingsOverridesSchema, type Settings } from '../../../shared/model/settings';
import { startCommandOf, type Watch, type WatchSpec } from '../../../shared/model/watch';
import { exportConfig, planImport } from './portable-config';
import { commandSpec, TestBench } from '../testing/test-engine';

const withEnv = (env: Record<string, string>, name = 'web'): WatchSpec =>
  commandSpec({ name, target: { kind: 'command', command: { argv: ['server'], cwd: '/srv', env } } });
const kept = (spec: WatchSpec, number = 1): Watch => ({
  ...spec,
  id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  revision: 7,
});
const written = (file: PortableConfig): string => JSON.stringify(file, null, 2);
/** As a client reads it. */
const read = (text: string): PortableConfig => portableConfigSchema.parse(JSON.parse(text));

function plan(file: PortableConfig, watches: readonly Watch[], conflict: ImportConflict = 'refuse', overrides = {}) {
  let ids = 100;
  return planImport({ present: { overrides, watches }, file, conflict, newId: () => kept(withEnv({}), ids++).id });
}

describe('an exported configuration', () => {
  it('holds settings and watches, and nothing that only this engine knows', () => {
    const file = exportConfig({ overrides: { 'cpu.limitPercent': 80 }, watches: [kept(withEnv({ PORT: '80' }))] });
    expect(file.settings).toEqual({ 'cpu.limitPercent': 80 });
    expect(file.watches).toEqual([withEnv({ PORT: '80' })]);
    expect(written(file)).not.toContain('revision');
  });

  it('holds the groups of each watch, and an import compares them', () => {
    const here = kept({ ...withEnv({}), groups: ['shop', 'nightly'] });
    const file = read(written(exportConfig({ overrides: {}, watches: [here] })));
    expect(plan(file, []).added[0]?.groups).toEqual(['shop', 'nightly']);
    expect(plan(file, [here]).report.unchanged).toEqual(['web']);
    expect(plan(file, [{ ...here, groups: ['shop'] }], 'replace').replaced[0]?.groups).toEqual(['shop', 'nightly']);
  });

  it('names variables that look secret and leaves their values out', () => {
    const spec = withEnv({ API_KEY: 'canary', PORT: '80', DB: 'postgres://ada:canary@db/app', EMPTY: '' });
    const start = commandSpec({
      name: 'db',
      target: {
        ...{ kind: 'match', by: 'name', pattern: 'postgres' },
        start: { argv: ['pg'], cwd: '/', env: { PGPASSWORD: 'canary' } },
      },
    });
    const file = exportConfig({ overrides: {}, watches: [kept(spec), kept(start, 2)] });
    expect(written(file)).not.toContain('canary');
    expect(file.watches[0]).toEqual(withEnv({ PORT: '80' }));
    expect(file.leftOut).toEqual([
      ...['API_KEY', 'DB', 'EMPTY'].map((variable) => ({ watch: 'web', variable })),
      { watch: 'db', variable: 'PGPASSWORD' },
    ]);
  });

  it('is the same byte for byte after an import into an empty engine, and into itself', () => {
    const env = fc.dictionary(
      fc.constantFrom('PORT', 'API_KEY', 'URL', 'TOKEN', 'A', '1'),
      fc.constantFrom('', 'x', 'postgres://a:b@c', 'grüße\n'),
    );
    const overrides = fc.constantFrom<Partial<Settings>>(
      {},
      { 'stop.graceMs': 5000, 'cpu.limitPercent': 80, profile: 'classic' },
      // The standard, written by hand: it stays written.
      { 'mail.to': ['ada@example.org'], 'stop.graceMs': 10_000 },
    );
    fc.assert(
      fc.property(fc.array(env, { maxLength: 4 }), overrides, (environments, settings) => {
        const watches = environments.map((each, index) => kept(withEnv(each, `watch-${index}`), index));
        const text = written(exportConfig({ overrides: settings, watches }));
        const fresh = plan(read(text), []);
        expect(written(exportConfig(fresh))).toBe(text);
        const again = plan(read(text), watches, 'refuse', settings);
        expect(again.report).toMatchObject({ added: [], replaced: [], kept: [], settings: [], keptSettings: [] });
        expect(written(exportConfig(again))).toBe(text);
        // Nothing was lost here of what the file does not have.
        expect(again.watches).toEqual(watches);
      }),
    );
  });

  it('does not depend on the order in which things were set', () => {
    const one = settingsOverridesSchema.parse({ 'stop.graceMs': 5000, 'cpu.limitPercent': 80 });
    const other: Partial<Settings> = { 'cpu.limitPercent': 80, 'stop.graceMs': 5000 };
    expect(written(exportConfig({ overrides: other, watches: [] }))).toBe(
      written(exportConfig({ overrides: one, watches: [] })),
    );
  });
});

describe('an import', () => {
  const file = exportConfig({
    overrides: { 'cpu.limitPercent': 80, 'stop.graceMs': 5000 },
    watches: [kept(withEnv({ PORT: '80', API_KEY: 'canary' })), kept(withEnv({}, 'new'), 2)],
  });
  const here = kept(withEnv({ PORT: '90', API_KEY: 'mine' }), 3);
  const other = kept(withEnv({}, 'other'), 4);
  const set: Partial<Settings> = { 'cpu.limitPercent': 50, 'memory.limitBytes': 1e9 };

  it('says all at once what is here otherwise, and changes nothing', () => {
    expect(() => plan(file, [here, other], 'refuse', set)).toThrow(
      /^Nothing was imported.*another definition: web; set already to another value: cpu\.limitPercent.*--keep.*--replace/,
    );
  });

  it('keeps what is here when that is wished, and adds the rest', () => {
    const { report, watches, overrides } = plan(file, [here, other], 'keep', set);
    expect(report).toEqual({
      ...{ added: ['new'], replaced: [], kept: ['web'], unchanged: [], toFill: [] },
      ...{ settings: [{ key: 'stop.graceMs', before: 10_000, after: 5000 }], keptSettings: ['cpu.limitPercent'] },
    });
    expect(watches.slice(0, 2)).toEqual([here, other]);
    expect(overrides).toEqual({ ...set, 'stop.graceMs': 5000 });
  });

  it('takes what the file has when that is wished, with secrets that are here, and removes nothing', () => {
    const { report, watches, overrides } = plan(file, [here, other], 'replace', set);
    expect(report).toMatchObject({ added: ['new'], replaced: ['web'], kept: [], toFill: [] });
    expect(watches[0]).toEqual({ ...withEnv({ PORT: '80', API_KEY: 'mine' }), id: here.id, revision: 8 });
    expect(watches[1]).toEqual(other);
    expect(overrides).toEqual({ ...set, ...file.settings });
  });

  it('names variables that have no value now', () => {
    const { report, added } = plan(file, []);
    expect(added[0]).toMatchObject(withEnv({ PORT: '80', API_KEY: '' }));
    expect(report.toFill).toEqual([{ watch: 'web', variable: 'API_KEY' }]);
  });

  it('takes a name in another case for the same watch', () => {
    const shouting = { ...file, watches: [withEnv({ PORT: '90', API_KEY: 'mine' }, 'WEB')], leftOut: [] };
    expect(plan(shouting, [here], 'keep', set).report.kept).toEqual(['web']);
  });
});

describe('what arguments hide', () => {
  const argv = ['app', '--password=canary', '--token', 'canary2', '--port', '80'];
  const spec = commandSpec({
    target: { kind: 'command', command: { argv, cwd: '/srv', env: { LOGIN: 'canary3' }, hiddenEnv: ['LOGIN'] } },
  });
  const overrides = { 'command.argv': ['/bin/page', '--api-key', 'canary4'] };
  const file = exportConfig({ overrides, watches: [kept(spec)] });
  const argvOf = (watch: Watch | undefined): unknown => watch && startCommandOf(watch.target)?.argv;

  it('is in no exported file', () => {
    expect(written(file)).not.toContain('canary');
    expect(file.leftOut).toEqual([
      ...[{ watch: 'web', variable: 'LOGIN' }],
      ...[2, 4].map((argument) => ({ watch: 'web', argument })),
    ]);
    expect(read(written(file))).toEqual(file);
  });

  it('is empty where nobody knows it, and that is said', () => {
    const { added, report } = plan(file, []);
    expect(argvOf(added[0])).toEqual(['app', '--password=', '--token', '', '--port', '80']);
    expect(report.toFill).toEqual(file.leftOut);
    expect(added[0]?.target).toMatchObject({ command: { env: { LOGIN: '' }, hiddenEnv: ['LOGIN'] } });
  });

  it('stays as it is here', () => {
    expect(plan(file, [kept(spec)], 'refuse', overrides).report.unchanged).toEqual(['web']);
    const other = { ...spec, restart: 'never' as const };
    const { replaced, report, overrides: after } = plan(file, [kept(other)], 'replace', overrides);
    expect(argvOf(replaced[0])).toEqual(argv);
    expect(replaced[0]?.target).toEqual(spec.target);
    expect(report.toFill).toEqual([]);
    expect(after).toEqual(overrides);
  });

  it('was in no file of an earlier Healdeck, whose files are read as before', () => {
    const old = { ...file, watches: [spec], leftOut: [{ watch: 'web', variable: 'LOGIN' }] };
    expect(argvOf(plan(read(written(old)), []).added[0])).toEqual(argv);
  });
});

describe('an engine', () => {
  const file = (...watches: WatchSpec[]): PortableConfig => ({
    ...{ healdeck: 'configuration', version: 1, leftOut: [], watches },
    settings: { 'stop.graceMs': 5000 },
  });
  const request = { conflict: 'replace', dryRun: false, actor: 'cli' } as const;

  it('starts what an import adds, and edits what it replaces', async () => {
    const bench = await TestBench.started();
    await bench.through(bench.add());
    const pid = bench.pid();
    const edited = commandSpec({ restart: 'never' });
    const done = bench.engine.config.import({ ...request, file: file(edited, commandSpec({ name: 'db' })) });
    expect(await bench.through(done)).toMatchObject({ applied: true, added: ['db'], replaced: ['web'] });
    expect(bench.status().watch).toMatchObject({ restart: 'never', revision: 2 });
    expect(bench.pid()).toBe(pid);
    expect(bench.status('db').phase).toBe('running');
    expect(bench.engine.settings.inForce()['stop.graceMs']).toBe(5000);
    expect(bench.reported('config_imported')).toMatchObject([
      {
        message: 'Configuration imported: 1 watch added, 1 watch replaced, 1 setting changed',
        data: { actor: 'cli', added: ['db'], replaced: ['web'], kept: [], settings: ['stop.graceMs'] },
      },
    ]);
    expect(bench.engine.config.export().watches.map(({ name }) => name)).toEqual(['web', 'db']);
  });

  it('reports programs that another engine keeps, of an import and of a watch that is added', async () => {
    const bench = await TestBench.started();
    const db = bench.world.add({ name: 'postgres', argv: ['postgres', '-D', '/srv/db'] });
    await bench.clock.advance(5000);
    bench.dataDir.elsewhere = [
      { pid: db.pid, startTime: db.startTime, dataDir: '/home/ada/other', command: null },
      {
        pid: 4711,
        startTime: 1,
        dataDir: '/home/ada/other',
        command: { argv: ['server', '--port', '80'], cwd: '/srv' },
      },
      {
        pid: 4712,
        startTime: 1,
        dataDir: '/home/ada/other',
        command: { argv: ['server', '--port', '80'], cwd: '/tmp' },
      },
    ];
    const match = { kind: 'match', by: 'name', pattern: 'postgres' } as const;
    const both = file(commandSpec({ name: 'db', target: match }), commandSpec());
    const shared = [
      { watch: 'db', same: 'process', pid: db.pid, dataDir: '/home/ada/other' },
      { watch: 'web', same: 'command', pid: 4711, dataDir: '/home/ada/other' },
    ];
    const dry = bench.engine.config.import({ ...request, dryRun: true, file: both });
    expect(await bench.through(dry)).toMatchObject({ applied: false, keptElsewhere: shared });
    expect(bench.reported('notice')).toEqual([]);

    const done = bench.engine.config.import({ ...request, file: both });
    expect(await bench.through(done)).toMatchObject({ applied: true, keptElsewhere: shared });
    bench.engine.watches.remove({ watch: 'db', actor: 'cli' });
    await bench.through(bench.add({ name: 'again', target: match }));
    expect(bench.reported('notice').map(({ severity, message }) => [severity, message])).toEqual(
      ['db', 'again'].map((name) => [
        'high',
        `${name}: the engine of /home/ada/other also watches pid ${db.pid}, and each restarts what the other stops; remove the watch from one of the two`,
      ]),
    );
  });

  it('only tells what would change in a dry run', async () => {
    const bench = await TestBench.started();
    const reported = bench.engine.config.import({ ...request, dryRun: true, file: file(commandSpec()) });
    expect(await bench.through(reported)).toMatchObject({ applied: false, added: ['web'] });
    expect(bench.engine.watches.list()).toEqual([]);
    expect(bench.config.overrides()).toEqual({});
  });

  it('imports nothing when one watch can not be, or the disk is full', async () => {
    const bench = await TestBench.started();
    const wrong = commandSpec({ name: 'db', target: { kind: 'command', command: { argv: ['pg'], cwd: 'here' } } });
    await expect(
      bench.through(bench.engine.config.import({ ...request, file: file(commandSpec(), wrong) })),
    ).rejects.toThrow(/^Nothing was imported: "db": Expected an absolute directory/);
    bench.config.full = true;
    await expect(bench.through(bench.engine.config.import({ ...request, file: file(commandSpec()) }))).rejects.toThrow(
      'ENOSPC',
    );
    const contradiction = { ...file(), settings: { 'limits.violations': 9, 'limits.samples': 5 } };
    await expect(bench.through(bench.engine.config.import({ ...request, file: contradiction }))).rejects.toThrow(
      /limits\.violations/,
    );
    expect(bench.engine.watches.list()).toEqual([]);
    expect(bench.engine.settings.inForce()['stop.graceMs']).toBe(10_000);
  });
});
