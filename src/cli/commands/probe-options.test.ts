import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { probesSchema, type Probe } from '../../shared/model/probe';
import { addProbeOptions, changedProbes, remoteWarnings, type ProbeOptions } from './probe-options';

const PLACE = { cwd: '/home/ada' };

/** The probes that a command line leads to; what Commander refuses is thrown. */
function probes(words: readonly string[], before: readonly Probe[] = []): readonly Probe[] | undefined {
  const command = addProbeOptions(new Command('edit')).option('--probe-remove <name>', '', (name: string) => [name]);
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  command.parse([...words], { from: 'user' });
  return changedProbes(command.opts<ProbeOptions>(), PLACE, before);
}

const URL = 'http://127.0.0.1:8080/health';

describe('options of probes', () => {
  it.each([
    [['--probe-http', URL], 'health', { kind: 'http', url: URL, statuses: '200-399' }],
    [['--probe-tcp', '5432'], 'port', { kind: 'tcp', host: '127.0.0.1', port: 5432 }],
    [['--probe-tcp', 'db.example.org:5432'], 'port', { kind: 'tcp', host: 'db.example.org', port: 5432 }],
    [['--probe-tcp', '[::1]:80'], 'port', { kind: 'tcp', host: '::1', port: 80 }],
    [['--probe-tcp', 'run/x.sock'], 'socket', { kind: 'tcp', port: null, socketPath: '/home/ada/run/x.sock' }],
    [['--probe-command', "/bin/check 'a b'"], 'check', { kind: 'command', argv: ['/bin/check', 'a b'] }],
    [['--probe-log', 'listening'], 'log', { kind: 'log', pattern: 'listening', means: 'healthy' }],
    [['--probe-log-bad', 'deadlock'], 'errors', { kind: 'log', pattern: 'deadlock', means: 'unhealthy' }],
    [['--probe-heartbeat', 'a=b=30s'], 'heartbeat', { kind: 'heartbeat', path: '/home/ada/a=b', maxAgeMs: 30_000 }],
    [['--probe-silence', '10min'], 'output', { kind: 'silence', maxAgeMs: 600_000 }],
    [['--probe-notify', '5s'], 'notify', { kind: 'notify', maxAgeMs: 5000 }],
  ])('%j is a probe', (words, name, check) => {
    expect(probes(words)).toMatchObject([{ name, role: 'liveness', intervalMs: 10_000, check }]);
  });

  it('apply to every probe of the command line', () => {
    const common = ['--probe-role', 'readiness', '--probe-interval', '500ms', '--probe-timeout', '300ms'];
    const found = probes(['--probe-http', URL, '--probe-tcp', '80', ...common, '--probe-failures', '2/3']);
    const expected = { role: 'readiness', intervalMs: 500, timeoutMs: 300, failures: 2, of: 3 };
    expect(found).toMatchObject([expected, expected]);
  });

  it('say what an HTTP request sends, and what passes', () => {
    const headers = ['--probe-header', 'Accept: text/plain', '--probe-header', 'Authorization: secret probe.token'];
    const passes = [
      '--probe-status',
      '200,204',
      '--probe-body',
      'ok',
      '--probe-ca',
      'ca.pem',
      '--probe-cert-days',
      '14',
    ];
    expect(probes(['--probe-http', URL, ...headers, ...passes])?.[0]?.check).toMatchObject({
      headers: { Accept: 'text/plain', Authorization: { secret: 'probe.token' } },
      ...{ statuses: '200,204', body: 'ok', caFile: '/home/ada/ca.pem', certificateDays: 14 },
    });
  });

  it('ask by another method, over a unix socket, and for several passed attempts', () => {
    const words = ['--probe-method', 'HEAD', '--probe-socket', 'run/app.sock', '--probe-successes', '3'];
    expect(probes(['--probe-http', URL, ...words])).toMatchObject([
      { successes: 3, check: { method: 'HEAD', socketPath: '/home/ada/run/app.sock' } },
    ]);
    expect(() => probes(['--probe-tcp', '80', '--probe-method', 'HEAD'])).toThrow(
      '--probe-method belongs to --probe-http',
    );
    expect(() => probes(['--probe-successes', '3'])).toThrow('--probe-successes applies to a probe');
    expect(() => probes(['--probe-http', URL, '--probe-successes', '0'])).toThrow('from 1 to 100, got "0"');
    expect(() => probes(['--probe-http', URL, '--probe-method', 'DELETE'])).toThrow('GET, HEAD, POST, OPTIONS');
  });

  it('that ask for several of a kind give each a name', () => {
    const found = probes(['--probe-http', URL, '--probe-http', `${URL}/2`, '--probe-http', `${URL}/3`]);
    expect(found?.map(({ name }) => name)).toEqual(['health', 'health-2', 'health-3']);
  });

  it('change nothing where none is given', () => expect(probes([])).toBeUndefined());

  describe('of a watch that has some', () => {
    const before = probesSchema.parse([
      { name: 'health', check: { kind: 'http', url: URL } },
      { name: 'port', check: { kind: 'tcp', port: 80 } },
    ]);

    it('replace the one that they name, in its place', () => {
      const found = probes(['--probe-name', 'Health', '--probe-tcp', '81'], before);
      expect(found).toMatchObject([{ name: 'Health', check: { kind: 'tcp', port: 81 } }, { name: 'port' }]);
    });

    it('add one beside the others where they name none', () => {
      expect(probes(['--probe-tcp', '81'], before)?.map(({ name }) => name)).toEqual(['health', 'port', 'port-2']);
    });

    it('remove one', () => {
      expect(probes(['--probe-remove', 'HEALTH'], before)).toEqual([before[1]]);
      expect(() => probes(['--probe-remove', 'x'], before)).toThrow(
        'no probe is called "x"; expected one of: health, port',
      );
      expect(() => probes(['--probe-remove', 'x'])).toThrow('the watch has no probes');
    });
  });

  it.each([
    [['--probe-http', 'localhost:80'], '--probe-http: expected an address such as http://'],
    [['--probe-http', 'http://a:b@c/'], 'without user name and password'],
    [['--probe-tcp', 'db'], 'expected [HOST:]PORT'],
    [['--probe-tcp', '0'], 'expected a port from 1 to 65535'],
    [['--probe-command', '"x'], 'expected a closing "'],
    [['--probe-command', ' '], 'expected a command'],
    [['--probe-heartbeat', '/x'], 'expected PATH=AGE'],
    [['--probe-silence', '10'], 'expected a duration such as'],
    [['--probe-silence', '2d'], 'expected a duration from 100ms to 1d'],
    [['--probe-notify', 'ready'], '--probe-notify: expected a longest time'],
    [['--probe-role', 'alive', '--probe-tcp', '1'], 'startup, readiness, liveness'],
    [['--probe-failures', '5/3', '--probe-tcp', '1'], 'expected n/m'],
    [['--probe-interval', '1s'], '--probe-interval applies to a probe of the same command'],
    [['--probe-status', '200', '--probe-tcp', '1'], '--probe-status belongs to --probe-http'],
    [['--probe-status', 'ok', '--probe-http', URL], '--probe-status: expected statuses such as'],
    [['--probe-header', 'X', '--probe-http', URL], '--probe-header: expected a name and a value'],
    [
      ['--probe-header', 'Authorization: abc', '--probe-http', URL],
      '--probe-header: expected the value of Authorization',
    ],
    [['--probe-cert-days', 'x', '--probe-http', URL], 'expected a whole number of days'],
    [['--probe-name', '-x', '--probe-tcp', '1'], 'expected 1 to 63 letters'],
    [['--probe-name', 'x', '--probe-tcp', '1', '--probe-tcp', '2'], 'this command has 2'],
  ])('%j are refused with what was expected', (words, message) => expect(() => probes(words)).toThrow(message));

  it('that are refused repeat no header: it may be a secret', () => {
    for (const header of ['hunter2', 'Authorization: hunter2']) {
      expect(() => probes(['--probe-http', URL, '--probe-header', header])).toThrow(/^(?!.*hunter2)/);
    }
  });
});

describe('a probe of another machine', () => {
  const warnings = (words: readonly string[]) => remoteWarnings(probes(words) ?? [], 'here').join('');

  it('is allowed, with a word about what it means', () => {
    expect(warnings(['--probe-http', 'http://db.example.org:80/health'])).toBe(
      'warning: probe health asks another machine (db.example.org): it also fails when the network or that machine does, and restarts this program; with --probe-role readiness it only reports\n',
    );
    expect(warnings(['--probe-tcp', 'db:5432', '--probe-role', 'readiness'])).toMatch(/that machine does\n$/);
  });

  it.each([
    [['--probe-http', URL]],
    [['--probe-http', 'http://here/']],
    [['--probe-http', 'http://db.example.org/', '--probe-socket', '/run/x.sock']],
    [['--probe-tcp', '5432']],
    [['--probe-tcp', '/run/x.sock']],
    [['--probe-log', 'x']],
  ])('is none of %j', (words) => {
    expect(warnings(words)).toBe('');
  });

  it.each([
    ['127.0.0.1:8080/health', 'expected an address such as http://127.0.0.1:8080/health'],
    ['ftp://127.0.0.1/', 'beginning with http:// or https://'],
    ['http://ada:hunter2@127.0.0.1/', 'expected an address without user name and password'],
  ])('has an address: %s', (url, words) => {
    expect(() => probes(['--probe-http', url])).toThrow(words);
  });
});
