import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PROBE_ROLES, probeSchema, type HeaderValue, type Probe } from '../../shared/model/probe';
import { formatHeaderLines, parseHeaderLines } from './header-lines';
import {
  asksElsewhere,
  draftsOfProbes,
  isAnsweredByProgram,
  newProbeDraft,
  PROBE_FIELDS,
  probeFieldOf,
  readProbe,
  readProbeTrial,
  type ProbeDraft,
  type ProbeErrors,
} from './probe-draft';

const posix = { windows: false };

const path = fc.stringMatching(/^\/[ -~]{0,12}$/);
const age = fc.integer({ min: 100, max: 86_400_000 });
const headerValue: fc.Arbitrary<HeaderValue> = fc.oneof(
  fc.stringMatching(/^[\t -~]{0,12}$/),
  fc.constantFrom('probe.token', '"probe.token"', ' probe.token', '""probe.token""', '"', 'a: b'),
  fc.record({ secret: fc.constantFrom('probe.token', 'probe.api-key_2') }),
);
const headers = fc.dictionary(fc.constantFrom('Accept', 'Host', 'X-Probe', 'x-probe', 'If-None-Match'), headerValue);
const check = fc.oneof(
  fc.record({
    kind: fc.constant('http' as const),
    url: fc.constantFrom('http://127.0.0.1:8080/health', 'https://[::1]/a?b#c'),
    socketPath: fc.option(path),
    method: fc.constantFrom('GET' as const, 'HEAD' as const, 'POST' as const, 'OPTIONS' as const),
    headers,
    statuses: fc.constantFrom('200-399', '200,204', ' 200 '),
    body: fc.option(fc.string({ minLength: 1 })),
    certificateDays: fc.option(fc.integer({ min: 0, max: 3650 })),
    caFile: fc.option(path),
  }),
  fc.record({
    kind: fc.constant('tcp' as const),
    host: fc.constantFrom('127.0.0.1', '::1', 'db.example'),
    port: fc.integer({ min: 1, max: 65_535 }),
    socketPath: fc.constant(null),
  }),
  fc.record({
    kind: fc.constant('tcp' as const),
    host: fc.constant('127.0.0.1'),
    port: fc.constant(null),
    socketPath: path,
  }),
  fc.record({
    kind: fc.constant('command' as const),
    argv: fc
      .tuple(fc.string({ minLength: 1 }), fc.array(fc.string({ unit: 'grapheme' })))
      .map(([first, rest]) => [first, ...rest].map((text) => text.replaceAll('\0', '0'))),
  }),
  fc.record({
    kind: fc.constant('log' as const),
    pattern: fc.string({ minLength: 1 }),
    means: fc.constantFrom('healthy' as const, 'unhealthy' as const),
  }),
  fc.record({ kind: fc.constant('heartbeat' as const), path, maxAgeMs: age }),
  fc.record({ kind: fc.constant('silence' as const), maxAgeMs: age }),
);
const probeArbitrary: fc.Arbitrary<Probe> = fc.record({
  name: fc.stringMatching(/^[a-z]{1,8}$/),
  role: fc.constantFrom(...PROBE_ROLES),
  check,
  intervalMs: fc.integer({ min: 100, max: 86_400_000 }),
  timeoutMs: fc.integer({ min: 10, max: 600_000 }),
  failures: fc.integer({ min: 1, max: 5 }),
  of: fc.integer({ min: 5, max: 100 }),
  successes: fc.integer({ min: 1, max: 100 }),
});

function draftOf(change: Partial<ProbeDraft> & Pick<ProbeDraft, 'kind'>): ProbeDraft {
  return { ...newProbeDraft(change.kind, []), ...change };
}

function errorsOf(draft: ProbeDraft): ProbeErrors {
  const errors: ProbeErrors = {};
  const parsed = probeSchema.safeParse(readProbe(draft, posix, errors));
  for (const { path: at, message } of parsed.error?.issues ?? []) errors[probeFieldOf(at.map(String))] ??= message;
  return errors;
}

describe('a draft of a probe', () => {
  it('loses nothing: what is edited and saved unchanged is the same probe', () => {
    fc.assert(
      fc.property(probeArbitrary, fc.boolean(), (probe, windows) => {
        const [draft] = draftsOfProbes([probe]);
        const errors: ProbeErrors = {};
        expect(draft === undefined ? null : readProbe(draft, { windows }, errors)).toEqual(probe);
        expect(errors).toEqual({});
        expect(probeSchema.parse(probe)).toEqual(probe);
      }),
    );
  });

  it.each([
    ['readiness', null],
    ['liveness', 30_000],
  ] as const)('keeps what a %s probe waits for of sd_notify', (role, maxAgeMs) => {
    const probe = probeSchema.parse({ name: 'notify', role, check: { kind: 'notify', maxAgeMs } });
    const [draft] = draftsOfProbes([probe]);
    expect(draft === undefined ? null : readProbe(draft, posix, {})).toEqual(probe);
  });

  it.each([
    [{ kind: 'http' as const }, 'url', /expected an address such as http/],
    [{ kind: 'http' as const, url: 'http://me:pw@127.0.0.1/' }, 'url', /without user name and password/],
    [{ kind: 'http' as const, url: 'http://[::1]/', headersText: 'Accept' }, 'headersText', /^line 1: expected Name/],
    [{ kind: 'http' as const, url: 'http://[::1]/', headersText: 'Authorization: x' }, 'headersText', /a secret/],
    [{ kind: 'http' as const, url: 'http://[::1]/', statuses: 'fine' }, 'statuses', /200-399/],
    [{ kind: 'http' as const, url: 'http://[::1]/', caFile: 'ca.pem' }, 'caFile', /absolute path/],
    [{ kind: 'http' as const, url: 'http://[::1]/', certificateDays: 'x' }, 'certificateDays', /from 0 to 3650/],
    [{ kind: 'tcp' as const }, 'port', /either a port or the path/],
    [{ kind: 'tcp' as const, port: '99999' }, 'port', /whole number from 1 to 65535/],
    [{ kind: 'command' as const, argvText: "check 'x" }, 'argvText', /closing '/],
    [{ kind: 'command' as const }, 'argvText', /expected a program/],
    [{ kind: 'log' as const }, 'pattern', /expected a pattern/],
    [{ kind: 'heartbeat' as const, path: 'beat' }, 'path', /absolute path/],
    [{ kind: 'notify' as const, role: 'liveness' as const }, 'maxAge', /between two WATCHDOG=1/],
    [{ kind: 'silence' as const, maxAge: 'long' }, 'maxAge', /a duration from 100ms to 1d, got "long"/],
    [{ kind: 'silence' as const, interval: '1ms' }, 'interval', /a duration from 100ms to 1d/],
    [{ kind: 'silence' as const, failures: '4', of: '3' }, 'failures', /as in 3 of 5/],
    [{ kind: 'silence' as const, name: '-' }, 'name', /1 to 63 letters/],
  ])('says at its field what is expected: %j', (change, field, words) => {
    expect(errorsOf(draftOf(change))).toEqual({ [field]: expect.stringMatching(words) as string });
  });

  it('is whole from the start but for what only the operator knows', () => {
    const missing = (['http', 'tcp', 'command', 'log', 'heartbeat', 'silence'] as const).map((kind) =>
      Object.keys(errorsOf(draftOf({ kind }))),
    );
    expect(missing).toEqual([['url'], ['port'], ['argvText'], ['pattern'], ['path'], []]);
  });

  it('gets a name and a key that no other has', () => {
    const first = newProbeDraft('http', []);
    const second = newProbeDraft('http', [{ ...first, name: 'Health' }]);
    const third = newProbeDraft('http', [second]);
    expect([first, second, third].map(({ name, key }) => [name, key])).toEqual([
      ['health', '0'],
      ['health-2', '1'],
      ['health', '2'],
    ]);
  });

  it('leads each key of the model to a field of the form', () => {
    const [draft] = draftsOfProbes([probeSchema.parse({ name: 'a', check: { kind: 'http', url: 'http://[::1]/' } })]);
    expect(
      Object.keys(draft ?? {})
        .filter((key) => key !== 'key' && key !== 'kind')
        .sort(),
    ).toEqual([...PROBE_FIELDS].sort());
    expect([['check', 'headers', 'Accept'], ['check'], ['timeoutMs'], ['check', 'maxAgeMs']].map(probeFieldOf)).toEqual(
      ['headersText', 'port', 'timeout', 'maxAge'],
    );
  });

  it('is tried once it can be read', () => {
    expect(readProbeTrial(draftOf({ kind: 'tcp' }), posix)).toMatchObject({ ok: false });
    const tried = readProbeTrial(draftOf({ kind: 'tcp', port: '5432' }), posix);
    expect(tried.ok && tried.probe.check).toEqual({ kind: 'tcp', host: '127.0.0.1', port: 5432, socketPath: null });
    expect((['http', 'tcp', 'command', 'log', 'heartbeat', 'silence'] as const).filter(isAnsweredByProgram)).toEqual([
      'log',
      'heartbeat',
      'silence',
    ]);
  });

  it.each([
    [{ kind: 'http' as const, url: 'http://127.0.0.1:8080/' }, false],
    [{ kind: 'http' as const, url: 'http://127.1.2.3/' }, false],
    [{ kind: 'http' as const, url: 'https://[::1]:80/' }, false],
    [{ kind: 'http' as const, url: 'http://app.localhost/' }, false],
    [{ kind: 'http' as const, url: 'http://Workbench/' }, false],
    [{ kind: 'http' as const, url: 'http://example.org/' }, true],
    [{ kind: 'http' as const, url: 'http://127.0.0.1.example.org/' }, true],
    [{ kind: 'http' as const, url: 'http://example.org/', socketPath: '/run/x.sock' }, false],
    [{ kind: 'http' as const, url: 'http:' }, false],
    [{ kind: 'tcp' as const, host: '10.0.0.7' }, true],
    [{ kind: 'tcp' as const, host: '::1' }, false],
    [{ kind: 'command' as const, host: '10.0.0.7' }, false],
  ])('knows whether it asks another machine: %j', (change, isElsewhere) => {
    expect(asksElsewhere(draftOf(change), 'workbench')).toBe(isElsewhere);
  });
});

describe('headers as lines', () => {
  it('read a name of a secret as the secret, and in quotes as text', () => {
    const text = 'Accept:text/html\n\nAuthorization: probe.token\nX-Text: "probe.token"\r\nX-Url: http://a/';
    expect(parseHeaderLines(text)).toEqual({
      ok: true,
      headers: {
        ...{ Accept: 'text/html', Authorization: { secret: 'probe.token' } },
        ...{ 'X-Text': 'probe.token', 'X-Url': 'http://a/' },
      },
    });
  });

  it('are read back as they were', () => {
    fc.assert(
      fc.property(headers, (values) => {
        expect(parseHeaderLines(formatHeaderLines(values))).toEqual({ ok: true, headers: values });
      }),
    );
  });

  it.each([
    ['Accept', 'line 1: expected Name: value'],
    ['\n: x', 'line 2: expected Name: value'],
    ['A: 1\nA: 2', 'line 2: expected each header once, got A twice'],
  ])('refuse %j', (text, error) => expect(parseHeaderLines(text)).toEqual({ ok: false, error }));
});

describe('a port that is another one for each instance', () => {
  it('is typed as a sum, and shown so again', () => {
    const draft: ProbeDraft = { ...newProbeDraft('tcp', []), port: ' {9000+instance} ' };
    const probe = probeSchema.parse(readProbe(draft, posix, {}));
    expect(probe.check).toMatchObject({ port: 9000, plusInstance: true });
    expect(draftsOfProbes([probe])[0]?.port).toBe('{9000+instance}');
    const errors: ProbeErrors = {};
    readProbe({ ...draft, port: '{90000+instance}' }, posix, errors);
    expect(errors.port).toContain('1 to 65535');
  });
});
