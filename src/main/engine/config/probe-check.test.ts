import { expect, test } from 'vitest';
import type { ProbeInput } from '../../../shared/model/probe';
import { watchSpecSchema, type WatchSpecInput } from '../../../shared/model/watch';
import { checkProbes } from './probe-check';

const START = { argv: ['server'], cwd: '/srv' };
const COMMAND: WatchSpecInput['target'] = { kind: 'command', command: START };
const MATCH = { kind: 'match' as const, by: 'name' as const, pattern: 'nginx' };

function check(probe: ProbeInput['check'], target: WatchSpecInput['target'] = COMMAND): void {
  checkProbes(watchSpecSchema.parse({ name: 'web', target, probes: [{ name: 'p', check: probe }] }), []);
}

test.each<ProbeInput['check']>([
  { kind: 'command', argv: ['pg_isready'] },
  { kind: 'log', pattern: 'ready', means: 'healthy' },
  { kind: 'silence', maxAgeMs: 1000 },
])('a $kind probe needs a start command', (probe) => {
  expect(() => check(probe, MATCH)).toThrow(`a ${probe.kind} probe needs one`);
  expect(() => check(probe)).not.toThrow();
  expect(() => check(probe, { ...MATCH, start: START })).not.toThrow();
});

test('a found program can be asked over the network, and by a file that it touches', () => {
  check({ kind: 'tcp', port: 80 }, MATCH);
  check({ kind: 'heartbeat', path: '/run/beat', maxAgeMs: 1000 }, MATCH);
});

test.each<ProbeInput['check']>([
  { kind: 'log', pattern: '(?=a)', means: 'healthy' },
  { kind: 'http', url: 'http://127.0.0.1/', body: '(' },
])('an expression that RE2 does not know is refused: %o', (probe) => {
  expect(() => check(probe)).toThrow('Expected a regular expression in RE2 syntax');
});

test('a secret in an address or an argument is refused with the way that secrets take', () => {
  expect(() => check({ kind: 'http', url: 'http://127.0.0.1/health?token=hunter2hunter2' })).toThrow('as a header');
  expect(() => check({ kind: 'command', argv: ['redis-cli', '--password', 'hunter2', 'ping'] })).toThrow(
    'as a variable',
  );
});
