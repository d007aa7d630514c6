import { expect, test } from 'vitest';
import { probeSchema, probesSchema, type ProbeInput } from './probe';

function problemsOf(probe: ProbeInput): readonly string[] {
  return probeSchema.safeParse(probe).error?.issues.map(({ message }) => message) ?? [];
}

function http(url: string, headers?: Record<string, string | { secret: string }>): ProbeInput {
  return { name: 'health', check: { kind: 'http', url, ...(headers && { headers }) } };
}

test.each([
  'http://127.0.0.1:8080/health',
  'https://example.org',
  'http://[::1]:3000/?deep=1',
  'http://localhost:80',
  'http://db/ready',
])('%s can be asked', (url) => {
  expect(problemsOf(http(url))).toEqual([]);
});

test.each(['127.0.0.1:8080/health', 'localhost', 'ftp://example.org', 'http://', 'http://a b/', 'https:///health'])(
  '%s is refused with an example',
  (url) => {
    expect(problemsOf(http(url))).toEqual([
      'expected an address such as http://127.0.0.1:8080/health, beginning with http:// or https://',
    ]);
  },
);

test('an address with a password is refused, with the way that secrets take', () => {
  expect(problemsOf(http('http://ada:lovelace@127.0.0.1/health'))[0]).toContain('healdeck secrets set probe.NAME');
});

test('a header that carries a secret has to come from one', () => {
  expect(problemsOf(http('http://127.0.0.1/', { Authorization: 'Bearer abc' }))).toEqual([
    'expected the value of Authorization to be a secret, as in Authorization: probe.token',
  ]);
  expect(problemsOf(http('http://127.0.0.1/', { 'X-Api-Key': 'abc' }))).toHaveLength(1);
  expect(problemsOf(http('http://127.0.0.1/', { Authorization: { secret: 'probe.token' }, Host: 'a' }))).toEqual([]);
});

test('a header can not smuggle in another one', () => {
  expect(problemsOf(http('http://127.0.0.1/', { Host: 'a\r\nX: b' }))).toHaveLength(1);
  expect(problemsOf(http('http://127.0.0.1/', { 'X: b\r\nY': 'a' }))).toHaveLength(1);
});

test('a connection goes either to a port or to a unix socket', () => {
  const refused = ['expected either a port or the path of a unix socket'];
  expect(problemsOf({ name: 'a', check: { kind: 'tcp' } })).toEqual(refused);
  expect(problemsOf({ name: 'a', check: { kind: 'tcp', port: 80, socketPath: '/run/a.sock' } })).toEqual(refused);
  expect(problemsOf({ name: 'a', check: { kind: 'tcp', socketPath: '/run/a.sock' } })).toEqual([]);
});

test('more failures than attempts are refused', () => {
  const check = { kind: 'tcp', port: 80 } as const;
  expect(problemsOf({ name: 'a', check, failures: 4, of: 3 })).toEqual([
    'expected at most as many failures as attempts, as in 3 of 5',
  ]);
});

test('two probes of one name are refused, whatever its case', () => {
  const probe: ProbeInput = { name: 'health', check: { kind: 'silence', maxAgeMs: 1000 } };
  const parsed = probesSchema.safeParse([probe, { ...probe, name: 'Health' }]);
  expect(parsed.error?.issues.map(({ message }) => message)).toEqual([
    'expected another name: there is a probe Health already',
  ]);
});

test('a probe is a liveness probe every 10 s that fails at 3 of 5', () => {
  expect(probeSchema.parse({ name: 'port', check: { kind: 'tcp', port: 80 } })).toMatchObject({
    ...{ role: 'liveness', intervalMs: 10_000, timeoutMs: 2000, failures: 3, of: 5, successes: 1 },
    check: { host: '127.0.0.1', socketPath: null },
  });
});
