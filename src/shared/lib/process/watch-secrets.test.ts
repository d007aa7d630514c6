import { describe, expect, it } from 'vitest';
import { targetSchema } from '../../model/watch';
import { watchSecrets } from './watch-secrets';

describe('the secrets of watches', () => {
  it('are the values that look so, and passwords alone, of whatever starts a program', () => {
    const start = { argv: ['x'], cwd: '/', env: { PORT: '80', API_KEY: 'one', DB: 'postgres://ada:two@db' } };
    const command = targetSchema.parse({ kind: 'command', command: start });
    const match = targetSchema.parse({
      kind: 'match',
      by: 'name',
      pattern: 'x',
      start: { ...start, env: { PW: 'three' } },
    });
    const found = targetSchema.parse({ kind: 'match', by: 'name', pattern: 'x' });
    expect(watchSecrets([{ target: command }, { target: match }, { target: found }])).toEqual([
      ...['one', 'postgres://ada:two@db', 'two'],
      'three',
    ]);
  });

  it('are what arguments hide and what is said to be secret, too', () => {
    const command = { argv: ['app', '--password=four', '--pin', 'five'], cwd: '/', env: { LOGIN: 'six' } };
    const target = targetSchema.parse({ kind: 'command', command: { ...command, hiddenEnv: ['LOGIN'] } });
    expect(watchSecrets([{ target }])).toEqual(['six', 'four']);
    expect(watchSecrets([{ target }], ['pin'])).toEqual(['six', 'four', 'five']);
  });
});
