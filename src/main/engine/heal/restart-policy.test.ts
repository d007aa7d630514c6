import { describe, expect, it } from 'vitest';
import { commandSpec } from '../testing/test-engine';
import { describeExit } from '../../../shared/lib/format/exit-words';
import { watchSpecSchema } from '../../../shared/model/watch';
import { judgeExit } from './restart-policy';

const exited = (exitCode: number) => ({ exitCode, signal: null });
const killed = (signal: string) => ({ exitCode: null, signal });

describe('the verdict on an end', () => {
  it.each([
    ['always', exited(0), 'clean', true],
    ['always', exited(3), 'crash', true],
    ['on-failure', exited(0), 'clean', false],
    ['on-failure', exited(1), 'crash', true],
    ['on-failure', killed('SIGSEGV'), 'crash', true],
    ['on-failure', killed('SIGTERM'), 'crash', true],
    ['on-failure', killed('SIGRTMIN+1'), 'crash', true],
    ['on-failure', null, 'crash', true],
    ['never', exited(1), 'crash', false],
    ['never', exited(0), 'clean', false],
  ] as const)('under %s for %j is %s, restart %s', (restart, exit, kind, again) => {
    expect(judgeExit(commandSpec({ restart }), exit, false)).toEqual({ kind, restart: again });
  });

  it('is on-failure for a command and always for a match, whose exit code nobody knows', () => {
    expect(judgeExit(commandSpec(), exited(0), false).restart).toBe(false);
    const match = commandSpec({ target: { kind: 'match', by: 'name', pattern: 'x' } });
    expect(judgeExit(match, null, false)).toEqual({ kind: 'crash', restart: true });
  });

  it('follows the exits that the operator calls clean', () => {
    const spec = commandSpec({ success: { exitCodes: [0, 3], signals: ['SIGTERM'] } });
    expect(judgeExit(spec, exited(3), false).kind).toBe('clean');
    expect(judgeExit(spec, killed('SIGTERM'), false).kind).toBe('clean');
    expect(judgeExit(spec, killed('SIGKILL'), false).kind).toBe('crash');
    const graceful = watchSpecSchema.parse({ ...spec, success: { exitCodes: [], signals: ['SIGRTMIN+3'] } });
    expect(judgeExit(graceful, killed('SIGRTMIN+3'), false).kind).toBe('clean');
  });

  it('is a shutdown for everything while the machine goes down', () => {
    expect(judgeExit(commandSpec({ restart: 'always' }), exited(1), true)).toEqual({
      kind: 'shutdown',
      restart: false,
    });
  });
});

describe('an exit in words', () => {
  it.each([
    [killed('SIGSEGV'), 'SIGSEGV'],
    [exited(0), 'exit code 0'],
    [exited(137), 'exit code 137, as a shell reports SIGKILL'],
    [exited(139), 'exit code 139, as a shell reports SIGSEGV'],
    [exited(200), 'exit code 200'],
    [null, 'exit code unknown'],
  ])('%j reads %s', (exit, text) => {
    expect(describeExit(exit)).toBe(text);
  });
});
