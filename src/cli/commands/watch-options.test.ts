import { describe, expect, it } from 'vitest';
import { watchSchema, watchSpecSchema } from '../../shared/model/watch';
import { editedSpec, newSpec } from './watch-options';

const add = (pattern: string | undefined, options: object, tail: string[] | null) =>
  watchSpecSchema.parse(newSpec('web', pattern, options, tail, { cwd: '/home/ada' }));

describe('a new watch', () => {
  it('starts the words after -- in the current directory', () => {
    expect(add(undefined, {}, ['node', 'server.mjs', '--port']).target).toEqual({
      ...{
        kind: 'command',
        command: { argv: ['node', 'server.mjs', '--port'], cwd: '/home/ada', env: {}, user: null },
      },
    });
  });

  it('takes a directory relative to the current one, variables and a policy', () => {
    const options = { cwd: '../bob', env: { A: '1' }, user: 'www', restart: 'never', autostart: false };
    expect(add(undefined, { ...options, successCodes: [0, 2], successSignals: ['SIGTERM'] }, ['x'])).toMatchObject({
      name: 'web',
      target: { kind: 'command', command: { argv: ['x'], cwd: '/home/bob', env: { A: '1' }, user: 'www' } },
      restart: 'never',
      success: { exitCodes: [0, 2], signals: ['SIGTERM'] },
      autostart: false,
      overrides: {},
    });
  });

  it('sets variables that are shown to nobody', () => {
    expect(add(undefined, { env: { A: '1' }, secretEnv: { B: '2' } }, ['x']).target).toMatchObject({
      command: { env: { A: '1', B: '2' }, hiddenEnv: ['B'] },
    });
  });

  it('takes a schedule', () => {
    const restartOnChange = ['app.conf', '/srv/release'];
    const options = { cron: ' 30  2 * * * ', timeZone: 'Europe/Berlin', maxUptime: 86_400_000, restartOnChange };
    expect(add(undefined, options, ['x']).schedule).toEqual({
      start: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' },
      restart: null,
      maxUptimeMs: 86_400_000,
      restartOnChange: ['/home/ada/app.conf', '/srv/release'],
    });
    expect(add(undefined, {}, ['x']).schedule).toBeNull();
    expect(() => add(undefined, { timeZone: 'UTC' }, ['x'])).toThrow('--time-zone belongs to');
  });

  it('finds processes by a pattern, and may start them', () => {
    expect(add('postgres', { match: 'name', matchUser: 'pg' }, null).target).toEqual({
      ...{ kind: 'match', by: 'name', pattern: 'postgres', user: 'pg', start: null },
    });
    expect(add('run/x.pid', { match: 'pidfile' }, null).target).toMatchObject({ pattern: '/home/ada/run/x.pid' });
    expect(add('x', { match: 'cmdline', start: true }, ['x', '-v']).target).toMatchObject({
      start: { argv: ['x', '-v'] },
    });
  });

  it.each([
    ['no command', undefined, {}, null, 'expected a command after --'],
    ['an empty command', undefined, {}, [], 'expected a command after --'],
    ['a forgotten --', 'node', {}, null, 'put -- before the command'],
    ['no pattern', undefined, { match: 'name' }, null, 'expected a pattern'],
    ['a command without --start', 'x', { match: 'name' }, ['x'], '--start'],
    ['--start without a command', 'x', { match: 'name', start: true }, null, 'after --start --'],
    ['--start without --match', undefined, { start: true }, ['x'], 'belong to --match'],
    ['--env that starts nothing', 'x', { match: 'name', env: { A: '1' } }, null, 'give --start'],
  ])('with %s is refused with what was expected', (_what, pattern, options, tail, message) => {
    expect(() => add(pattern, options, tail)).toThrow(message);
  });
});

describe('an edited watch', () => {
  const watch = watchSchema.parse({
    ...add(undefined, { env: { A: '1', B: '2' }, restart: 'always', successCodes: [3] }, ['node', 'x']),
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 4 },
  });
  const edit = (options: object, tail: string[] | null = null, pattern?: string) =>
    watchSpecSchema.parse(editedSpec(watch, pattern, options, tail, { cwd: '/tmp' }));
  const { id: _id, revision: _revision, ...unchanged } = watch;

  it('keeps everything that was not given', () => {
    expect(edit({})).toEqual(unchanged);
    expect(edit({ rename: 'site' })).toEqual({ ...unchanged, name: 'site' });
    expect(edit({ successSignals: ['SIGINT'] }).success).toEqual({ exitCodes: [3], signals: ['SIGINT'] });
  });

  it('changes the command and keeps its directory; variables are added, replaced and removed one by one', () => {
    expect(edit({ env: { B: '3', C: '4' }, unsetEnv: ['A'] }, ['python3', 'y']).target).toEqual({
      ...{
        kind: 'command',
        command: { argv: ['python3', 'y'], cwd: '/home/ada', env: { B: '3', C: '4' }, user: null },
      },
    });
  });

  it('waits for other watches, each in one state', () => {
    const own = { ...watch, after: [{ watch: 'db', until: 'ready' as const, restart: false }] };
    const after = (options: object) => editedSpec(own, undefined, options, null, { cwd: '/tmp' }).after;
    expect(after({})).toEqual(own.after);
    expect(after({ after: ['DB:started', 'cache'] })).toEqual([
      { watch: 'DB', until: 'started', restart: false },
      { watch: 'cache', until: 'ready', restart: false },
    ]);
    expect(after({ unsetAfter: ['Db'] })).toEqual([]);
    expect(() => after({ unsetAfter: ['cache'] })).toThrow('does not start after "cache"; it waits for db');
    expect(() => after({ after: ['db:healthy'] })).toThrow(
      'as in db, db:started, migrate:completed or db:ready:restart; got "db:healthy"',
    );
    expect(add(undefined, { after: ['db'] }, ['x']).after).toEqual([{ watch: 'db', until: 'ready', restart: false }]);
    expect(after({ after: ['db:restart'] })).toEqual([{ watch: 'db', until: 'ready', restart: true }]);
  });

  it('joins and leaves groups one by one, whatever their case', () => {
    const own = { ...watch, groups: ['Shop', 'nightly'] };
    const groups = (options: object) => editedSpec(own, undefined, options, null, { cwd: '/tmp' }).groups;
    expect(groups({})).toEqual(['Shop', 'nightly']);
    expect(groups({ group: ['shop', 'eu', 'EU'], unsetGroup: ['NIGHTLY'] })).toEqual(['Shop', 'eu']);
    expect(() => groups({ unsetGroup: ['us'] })).toThrow('not in the group "us"; its groups: Shop, nightly');
    expect(() => edit({ unsetGroup: ['us'] })).toThrow('in no group');
    expect(add(undefined, { group: ['shop', 'Shop'] }, ['x']).groups).toEqual(['shop']);
  });

  it('changes the part of its schedule that is named, and takes parts back', () => {
    const schedule = add(undefined, { cron: '30 2 * * *', timeZone: 'Europe/Berlin' }, ['x']).schedule;
    const edited = (options: object): unknown =>
      editedSpec({ ...watch, schedule }, undefined, options, null, { cwd: '/tmp' }).schedule;
    expect(edited({})).toEqual(schedule);
    expect(edited({ maxUptime: 3_600_000 })).toEqual({ ...schedule, maxUptimeMs: 3_600_000 });
    expect(edited({ timeZone: '' })).toEqual({ ...schedule, start: { cron: '30 2 * * *', timeZone: null } });
    expect(edited({ cron: '' })).toBeNull();
    expect(edited({ cron: '0 3 * * *' })).toMatchObject({ start: { cron: '0 3 * * *', timeZone: 'Europe/Berlin' } });
  });

  it('goes back to defaults', () => {
    expect(edit({ restart: 'default' })).toMatchObject({ restart: null });
    const own = { ...watch, overrides: { 'stop.graceMs': 500, 'cpu.limitPercent': 80, observe: true } };
    const options = { stopGrace: { 'stop.graceMs': undefined }, cpu: { 'cpu.limitPercent': 90 } };
    expect(editedSpec(own, undefined, options, null, { cwd: '/tmp' }).overrides).toEqual({
      observe: true,
      'cpu.limitPercent': 90,
    });
    expect(editedSpec(own, undefined, {}, null, { cwd: '/tmp' }).overrides).toEqual(own.overrides);
  });

  it('stays what it is: a command becomes no match', () => {
    expect(() => edit({ match: 'name' }, null, 'x')).toThrow('remove it and add another');
  });

  it('that is a match changes its pattern and its start command', () => {
    const match = { ...watch, target: add('old', { match: 'name' }, null).target };
    const edited = editedSpec(match, 'new', { match: 'cmdline', start: true }, ['x'], { cwd: '/tmp' });
    expect(edited.target).toMatchObject({ by: 'cmdline', pattern: 'new', start: { argv: ['x'], cwd: '/tmp' } });
    expect(() => editedSpec(match, undefined, {}, ['x'], { cwd: '/tmp' })).toThrow('--start');
  });
});

describe('the probes of a watch', () => {
  const http = [{ suggested: 'health', check: () => ({ kind: 'http' as const, url: 'http://[::1]/' }) }];
  const added = watchSchema.parse({
    ...add(undefined, { probeHttp: http }, ['x']),
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 1 },
  });
  const edited = (options: object) => editedSpec(added, undefined, options, null, { cwd: '/' }).probes;

  it('are those of its options', () => expect(added.probes).toMatchObject([{ name: 'health' }]));

  it('stay as they are, are joined by others, and are removed', () => {
    expect(edited({})).toEqual(added.probes);
    expect(edited({ probeHttp: http })).toMatchObject([{ name: 'health' }, { name: 'health-2' }]);
    expect(edited({ probeRemove: ['health'] })).toEqual([]);
  });
});

describe('an edit of a watch with hidden variables', () => {
  const shown = watchSchema.parse({
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 1, name: 'web' },
    target: { kind: 'command', command: { argv: ['x'], cwd: '/', env: { A: '1' }, hiddenEnv: ['KEY', 'PASSWORD'] } },
  });
  const edited = (options: object): unknown => editedSpec(shown, undefined, options, null, { cwd: '/' }).target;

  it('keeps those that it does not touch', () => {
    expect(edited({ env: { A: '2' } })).toMatchObject({
      command: { env: { A: '2' }, hiddenEnv: ['KEY', 'PASSWORD'] },
    });
  });

  it('sets and removes those that it names', () => {
    expect(edited({ env: { KEY: 'new' }, unsetEnv: ['PASSWORD'] })).toMatchObject({
      command: { env: { A: '1', KEY: 'new' } },
    });
    expect(edited({ secretEnv: { A: '3' } })).toMatchObject({
      command: { env: { A: '3' }, hiddenEnv: ['KEY', 'PASSWORD', 'A'] },
    });
  });
});
