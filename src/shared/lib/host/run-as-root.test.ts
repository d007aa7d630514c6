import { describe, expect, it } from 'vitest';
import { targetSchema } from '../../model/watch';
import { programsOfRoot, rootFinding } from './run-as-root';

const command = (user: string | null) =>
  targetSchema.parse({ kind: 'command', command: { argv: ['x'], cwd: '/', user } });

describe('what an engine of root starts as root', () => {
  it('is every program that has no other user', () => {
    const watches = [
      { name: 'api', target: command(null) },
      { name: 'web', target: command('www-data') },
      { name: 'sync', target: command('root') },
      { name: 'found', target: targetSchema.parse({ kind: 'match', by: 'name', pattern: 'x' }) },
    ];
    expect(programsOfRoot(watches)).toEqual(['api', 'sync']);
  });

  it('is named, and only counted where there is much of it', () => {
    expect(rootFinding([])).toBe('no watch starts its program as root');
    expect(rootFinding(['api'])).toBe('1 watch starts its program as root: api');
    expect(rootFinding(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe(
      '7 watches start their programs as root: a, b, c, d, e and 2 more',
    );
  });
});
