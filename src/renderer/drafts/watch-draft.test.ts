import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEPENDENCY_CONDITIONS } from '../../shared/model/dependency';
import { PROBE_ROLES } from '../../shared/model/probe';
import type { ProcessDetails } from '../../shared/model/process';
import { DEFAULT_SETTINGS, type SettingKey } from '../../shared/model/settings';
import { watchSpecSchema, type WatchSpec } from '../../shared/model/watch';
import { commandLinePattern, escapePattern } from '../format/pattern';
import { newProbeDraft } from './probe-draft';
import {
  draftFromProcess,
  draftFromSpec,
  emptyDraft,
  fieldOfPath,
  readDraft,
  readMatchTarget,
  readTrial,
  suggestName,
} from './watch-draft';

const posix = { windows: false };

const commandArbitrary = fc.record({
  argv: fc
    .tuple(fc.string({ minLength: 1 }), fc.array(fc.string({ unit: 'grapheme' })))
    .map(([first, rest]) => [first, ...rest].map((text) => text.replaceAll('\0', '0'))),
  cwd: fc.constantFrom('/', '/srv/app', '/tmp/with space'),
  env: fc.dictionary(fc.stringMatching(/^[A-Z_]{1,8}$/), fc.stringMatching(/^[ -~]{0,8}$/)),
  user: fc.option(fc.constant('www-data')),
});
const cronArbitrary = fc.record({
  cron: fc.constantFrom('30 2 * * *', '*/5 * * * * *'),
  timeZone: fc.option(fc.constantFrom('Europe/Berlin', 'UTC')),
});
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;
const specArbitrary: fc.Arbitrary<WatchSpec> = fc.record({
  name: fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/),
  groups: fc.uniqueArray(fc.stringMatching(/^[a-z]{1,8}$/), { maxLength: 3 }),
  target: fc.oneof(
    fc.record({ kind: fc.constant('command' as const), command: commandArbitrary }),
    fc.record({
      kind: fc.constant('match' as const),
      by: fc.constantFrom('name' as const, 'cmdline' as const),
      pattern: fc.string({ minLength: 1 }),
      user: fc.option(fc.constant('root')),
      ...{ namespaces: fc.constant('any' as const) },
      start: fc.option(commandArbitrary),
    }),
  ),
  restart: fc.option(fc.constantFrom('always' as const, 'on-failure' as const, 'never' as const)),
  success: fc.record({
    exitCodes: fc.array(fc.integer({ min: 0, max: 255 })),
    signals: fc.array(fc.constantFrom('SIGTERM', 'SIGHUP')),
  }),
  autostart: fc.boolean(),
  instances: fc.option(
    fc
      .tuple(...[1, 2, 3].map(() => fc.integer({ min: 1, max: 64 })))
      .map((counts) => counts.toSorted((one, other) => one - other))
      .map(([min = 1, count = 1, max = 1]) => ({ min, max, count })),
    { nil: undefined },
  ),
  after: fc.uniqueArray(
    fc
      .record({
        watch: fc.stringMatching(/^[a-z]{1,8}$/),
        until: fc.constantFrom(...DEPENDENCY_CONDITIONS),
        restart: fc.boolean(),
      })
      .filter(({ until, restart }) => !restart || until !== 'completed'),
    { selector: ({ watch }) => watch, maxLength: 3 },
  ),
  probes: fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      role: fc.constantFrom(...PROBE_ROLES),
      check: fc.constantFrom(
        { kind: 'tcp' as const, host: '127.0.0.1', port: 8080, socketPath: null },
        { kind: 'silence' as const, maxAgeMs: 60_000 },
      ),
      intervalMs: fc.integer({ min: 100, max: 86_400_000 }),
      timeoutMs: fc.integer({ min: 10, max: 600_000 }),
      failures: fc.integer({ min: 1, max: 5 }),
      of: fc.integer({ min: 5, max: 100 }),
      successes: fc.integer({ min: 1, max: 100 }),
    }),
    { selector: ({ name }) => name, maxLength: 3 },
  ),
  schedule: fc.option(
    fc
      .record({
        start: fc.option(cronArbitrary),
        restart: fc.option(cronArbitrary),
        maxUptimeMs: fc.option(fc.integer({ min: 60_000, max: 31_536_000_000 })),
        restartOnChange: fc.array(fc.constantFrom('/srv/app.conf', '/srv/with space'), { maxLength: 3 }),
      })
      // One that sets nothing is none.
      .filter((schedule) =>
        Object.values(schedule).some((part) => part !== null && part !== undefined && !isEmptyList(part)),
      ),
  ),
  overrides: fc.record(
    {
      observe: fc.boolean(),
      'cpu.limitPercent': fc.option(fc.integer({ min: 1, max: 100_000 })),
      'memory.limitBytes': fc.option(fc.integer({ min: 1_000_000, max: 1e15 })),
      'memory.action': fc.constantFrom('notify' as const, 'lower_priority' as const),
      'stop.graceMs': fc.integer({ min: 0, max: 600_000 }),
      'restart.longLimit': fc.option(fc.integer({ min: 1, max: 10_000 })),
    },
    { requiredKeys: [] },
  ),
});

describe('a draft of a watch', () => {
  it('loses nothing: what is edited and saved unchanged is the same watch', () => {
    fc.assert(
      fc.property(specArbitrary, fc.boolean(), (generated, windows) => {
        const spec = watchSpecSchema.parse(generated);
        expect(readDraft(draftFromSpec(spec), { windows }, DEFAULT_SETTINGS)).toEqual({ ok: true, spec });
      }),
    );
  });

  it('says at each field what is expected', () => {
    const read = readDraft({ ...emptyDraft(), name: '-x', exitCodes: ['1', 'many'] }, posix, DEFAULT_SETTINGS);
    expect(read.ok ? {} : read.errors).toEqual({
      name: expect.stringContaining('starting with a letter') as string,
      'command.argvText': expect.stringContaining('expected a program') as string,
      'command.cwd': 'expected a directory',
      exitCodes: 'expected whole numbers from 0 to 255',
    });
  });

  it.each([
    [{ command: { argvText: "node 'x", cwd: '/', envText: '', user: '' } }, 'command.argvText', /closing '/],
    [{ command: { argvText: 'node', cwd: 'srv', envText: '', user: '' } }, 'command.cwd', /absolute directory/],
    [{ command: { argvText: 'node', cwd: '/', envText: 'PORT', user: '' } }, 'command.envText', /line 1/],
    [{ kind: 'match' as const }, 'pattern', /expected a pattern/],
    [{ kind: 'match' as const, by: 'pidfile' as const, pattern: 'x.pid' }, 'pattern', /absolute path/],
  ])('refuses %j', (change, field, words) => {
    const read = readDraft({ ...emptyDraft(), name: 'web', ...change }, posix, DEFAULT_SETTINGS);
    expect(read.ok ? {} : read.errors).toMatchObject({ [field]: expect.stringMatching(words) as string });
  });

  it('knows which field an error of the engine belongs to', () => {
    const paths = [
      'spec.name',
      'spec.groups.1',
      'spec.target.start.cwd',
      'spec.target.pattern',
      'spec.overrides.cpu.limitPercent',
    ];
    const ofProbes = ['spec.probes.1.check.url', 'spec.probes'];
    expect([...paths, ...ofProbes, 'spec.overrides.x.y', 'watch'].map(fieldOfPath)).toEqual([
      'name',
      'groups',
      'command.cwd',
      'pattern',
      'overrides.cpu_limitPercent',
      'probes.1.url',
      'form',
      'form',
      'form',
    ]);
  });

  it('has no match to look at while the pattern is empty', () => {
    expect(readMatchTarget(emptyDraft('match'), posix)).toBeNull();
    expect(readMatchTarget({ ...emptyDraft('match'), pattern: 'x' }, posix)).toMatchObject({
      by: 'name',
      pattern: 'x',
      user: null,
    });
  });
});

describe('settings of its own', () => {
  const web = {
    ...emptyDraft(),
    name: 'web',
    command: { argvText: 'node x.mjs', cwd: '/srv', envText: '', user: '' },
  };
  const typed = (overrides: Record<string, string>, ownKeys: readonly SettingKey[] = [], forAll = DEFAULT_SETTINGS) =>
    readDraft({ ...web, overrides: { ...web.overrides, ...overrides }, ownKeys }, posix, forAll);
  const errorsOf = (read: ReturnType<typeof typed>) => (read.ok ? {} : read.errors);

  it('are sent where they differ from those for all', () => {
    const read = typed({
      cpu_limitPercent: '80 %',
      memory_limitBytes: '500 MB',
      memory_action: 'kill',
      stop_graceMs: '10 s',
      restart_longLimit: 'none',
    });
    expect(read.ok && read.spec.overrides).toEqual({
      'cpu.limitPercent': 80,
      'memory.limitBytes': 500_000_000,
      'memory.action': 'kill',
      'restart.longLimit': null,
    });
    const pinned = typed({ stop_graceMs: '10 s' }, ['stop.graceMs']);
    expect(pinned.ok && pinned.spec.overrides).toEqual({ 'stop.graceMs': 10_000 });
  });

  it('may be lists: several words, or none on purpose', () => {
    const read = typed({ alerts_types: 'crash_detected, killed', alerts_maintenance: 'sun 02:00-04:00' });
    expect(read.ok && read.spec.overrides).toEqual({
      'alerts.types': ['crash_detected', 'killed'],
      'alerts.maintenance': ['sun 02:00-04:00'],
    });
    const forAll = { ...DEFAULT_SETTINGS, 'alerts.maintenance': ['sun 02:00-04:00'] };
    const none = typed({ alerts_maintenance: 'none' }, [], forAll);
    expect(none.ok && none.spec.overrides).toEqual({ 'alerts.maintenance': [] });
    const same = typed({ alerts_maintenance: 'sun 02:00-04:00' }, [], forAll);
    expect(same.ok && same.spec.overrides).toEqual({});
  });

  it('are refused with their range', () => {
    const errors = errorsOf(typed({ cpu_limitPercent: '0', memory_limitBytes: '-5', limits_samples: 'many' }));
    expect(errors['overrides.cpu_limitPercent']).toMatch(/from 1 to 100000 \(% of one core\), or none, got "0"/);
    expect(errors['overrides.memory_limitBytes']).toMatch(/from 1MB to 1000TB, or none, got "-5"/);
    expect(errors['overrides.limits_samples']).toMatch(/1 to 100/);
  });

  it('are held against each other, and against those for all', () => {
    expect(errorsOf(typed({ memory_warnBytes: '600 MB', memory_limitBytes: '500 MB' }))).toEqual({
      'overrides.memory_warnBytes': 'expected at most “Memory limit” (500 MB), got 600 MB',
    });
    expect(errorsOf(typed({ limits_violations: '9' }))['overrides.limits_violations']).toContain(
      'expected at most “Readings considered” (5), got 9',
    );
    // What is wrong for all already is reported where it is set.
    const broken = { ...DEFAULT_SETTINGS, 'limits.violations': 9 };
    expect(typed({ cpu_limitPercent: '80' }, [], broken).ok).toBe(true);
  });
});

describe('the probes of a watch', () => {
  const web = { ...emptyDraft(), name: 'web', command: { argvText: 'node x', cwd: '/srv', envText: '', user: '' } };
  const health = newProbeDraft('http', []);

  it('say at the field of which probe what is expected', () => {
    const twins = [
      { ...health, url: 'http://[::1]/' },
      { ...health, interval: 'often' },
    ];
    const read = readDraft({ ...web, probes: twins }, posix, DEFAULT_SETTINGS);
    expect(read.ok ? {} : read.errors).toEqual({
      'probes.1.url': expect.stringContaining('expected an address') as string,
      'probes.1.name': expect.stringContaining('expected another name') as string,
      'probes.1.interval': expect.stringContaining('expected a duration') as string,
    });
  });

  it('are tried with the target as it is typed', () => {
    const whole = { ...health, url: 'http://[::1]/' };
    expect(readTrial(web, whole, posix)).toMatchObject({ ok: true, target: { command: { argv: ['node', 'x'] } } });
    expect(readTrial(web, health, posix)).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^expected an address/) as string,
    });
    expect(readTrial(emptyDraft(), whole, posix)).toMatchObject({
      ok: false,
      problem: expect.stringContaining('in the target of the watch') as string,
    });
  });
});

describe('"Watch this"', () => {
  const node = {
    argv: ['node', '/srv/app (1)/server.mjs', '--port=8080'],
    cwd: '/srv/app',
    name: 'node',
    executable: '/usr/bin/node',
    user: 'me',
  } as unknown as ProcessDetails;

  it('finds the process by its command line and starts it again as it was', () => {
    const draft = draftFromProcess(node, ['Server'], 'me');
    expect(draft).toMatchObject({
      name: 'server-2',
      kind: 'match',
      by: 'cmdline',
      pattern: '^node /srv/app \\(1\\)/server\\.mjs --port=8080$',
      hasStart: true,
    });
    const read = readDraft(draft, posix, DEFAULT_SETTINGS);
    expect(read.ok && read.spec.target).toMatchObject({ start: { argv: node.argv, cwd: '/srv/app' } });
  });

  it('finds and starts one that hides something without saying it', () => {
    const argv = ['node', 'app.mjs', '--password=•••', '--token', '•••'];
    const draft = draftFromProcess({ ...node, argv }, [], null);
    expect(draft.pattern).toBe('^node app\\.mjs --password=.* --token .*$');
    expect(new RegExp(draft.pattern).test('node app.mjs --password=x y --token z')).toBe(true);
    const read = readDraft(draft, posix, DEFAULT_SETTINGS);
    expect(read.ok && read.spec.target).toMatchObject({ start: { argv } });
  });

  it('starts it as the user that it runs as, and not at all where Healdeck may not', () => {
    expect(draftFromProcess(node, [], 'root')).toMatchObject({
      hasStart: true,
      command: { user: 'me' },
      matchUser: '',
    });
    expect(draftFromProcess(node, [], null)).toMatchObject({ hasStart: true, command: { user: 'me' } });
    expect(draftFromProcess(node, [], 'you')).toMatchObject({
      ...{ hasStart: false, matchUser: 'me', command: { argvText: '' } },
      commandNote: "Healdeck runs as you and can't start programs as me.",
    });
    expect(draftFromProcess(node, [], 'me')).toMatchObject({ command: { user: '' }, matchUser: '', commandNote: null });
  });

  it('falls back to the name when there is no command line to read', () => {
    expect(draftFromProcess({ ...node, argv: [], cwd: null }, [], 'me')).toMatchObject({
      by: 'name',
      pattern: 'node',
      hasStart: false,
    });
    expect(commandLinePattern(['x'.repeat(1000)])).toBeNull();
  });

  it('escapes what an expression would read', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(new RegExp(`^${escapePattern(text)}$`).test(text)).toBe(true);
      }),
    );
    expect(escapePattern('a\nb')).toBe('a\\x0ab');
  });

  it.each([
    [['/usr/bin/python3', '-u', 'jobs/worker.py'], 'worker'],
    [['/usr/sbin/nginx', '-g', 'daemon off;'], 'nginx'],
    [['<script>'], 'script-'],
    [[''], 'program'],
    [['sh', '-c', 'cd /srv && exec node "my api.mjs" | tee log'], 'my-api'],
    [['/bin/bash', '-lc', 'PORT=80; ./run.sh > out'], 'run.sh'],
    [['sh', '-c', "node 'x"], 'program'],
  ])('calls %j %s', (argv, name) => expect(suggestName(argv, 'x', [])).toBe(name));
});

describe('a watch with hidden parts', () => {
  it('is sent back as it was shown, and with what was typed in their place', () => {
    const command = {
      argv: ['app', '--token', '•••'],
      cwd: '/srv',
      env: { PORT: '80' },
      hiddenEnv: ['API_KEY'],
      user: null,
    };
    const spec = watchSpecSchema.parse({ name: 'web', target: { kind: 'command', command } });
    const draft = draftFromSpec(spec);
    expect(draft.command.envText).toBe('PORT=80\nAPI_KEY=•••');
    expect(readDraft(draft, posix, DEFAULT_SETTINGS)).toEqual({ ok: true, spec });
    const typed = { ...draft, command: { ...draft.command, argvText: 'app --token new', envText: 'API_KEY=new' } };
    const read = readDraft(typed, posix, DEFAULT_SETTINGS);
    expect(read.ok && read.spec.target).toEqual({
      kind: 'command',
      command: { argv: ['app', '--token', 'new'], cwd: '/srv', env: { API_KEY: 'new' }, user: null },
    });
  });
});

describe('instances as they are typed', () => {
  const read = (instances: string, instanceCount: number | null = null) =>
    readDraft(
      {
        ...emptyDraft(),
        ...{ name: 'web', instances, instanceCount },
        command: { ...emptyDraft().command, argvText: 'x', cwd: '/' },
      },
      posix,
      DEFAULT_SETTINGS,
    );

  it('keep as many as run, as far as that is still allowed', () => {
    expect(read('2..4', 3)).toMatchObject({ spec: { instances: { min: 2, max: 4, count: 3 } } });
    expect(read('1..2', 3)).toMatchObject({ spec: { instances: { count: 2 } } });
    expect(read('2..4')).toMatchObject({ spec: { instances: { count: 2 } } });
  });

  it('are refused in words, with the maximum', () => {
    expect(read('1000')).toMatchObject({ errors: { instances: 'expected at most 64 instances, got 1000' } });
  });
});
