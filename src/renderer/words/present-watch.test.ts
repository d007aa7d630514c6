import { describe, expect, it } from 'vitest';
import type { WatchPhase } from '../../shared/model/snapshot';
import { watchOf, watchStatus } from '../testing/samples';
import { byUrgency } from '../../shared/lib/format/standing';
import { byName, possibleActions, presentPolicy, presentTarget } from './present-watch';

const inPhase = (id: string, phase: WatchPhase) => watchStatus({ id, phase });

describe('the order of watches', () => {
  it('puts trouble first, then names with numbers by value', () => {
    const watches = [
      inPhase('web10', 'running'),
      inPhase('web9', 'running'),
      inPhase('z', 'failed'),
      inPhase('a', 'stopped'),
    ];
    expect(byUrgency(watches).map((status) => status.watch.id)).toEqual(['z', 'web9', 'web10', 'a']);
    expect(byName(watches).map((status) => status.watch.id)).toEqual(['a', 'web9', 'web10', 'z']);
  });
});

describe('a running watch that is not ready', () => {
  it('comes before those that are, and after what is down', () => {
    const watches = [
      watchStatus({ id: 'a', readiness: 'ready' }),
      watchStatus({ id: 'b', readiness: 'awaited' }),
      watchStatus({ id: 'c', readiness: 'lost' }),
      inPhase('d', 'backoff'),
    ];
    expect(byUrgency(watches).map((status) => status.watch.id)).toEqual(['d', 'c', 'b', 'a']);
  });
});

describe('a watch in words', () => {
  it('shows its target and policy', () => {
    expect(presentTarget(watchOf('a').target)).toEqual({ kind: 'Command', text: 'node server.mjs' });
    expect(presentPolicy(watchOf('a'))).toBe('On failure (default)');
    expect(presentPolicy(watchOf('a', { restart: 'always' }))).toBe('Always');
  });

  it('offers no start of what it only looks at', () => {
    const target = { kind: 'match', by: 'name', pattern: 'x', user: null, start: null } as const;
    expect(possibleActions({ ...inPhase('a', 'running'), watch: watchOf('a', { target }) })).toEqual({
      start: false,
      stop: true,
      restart: false,
    });
    expect(possibleActions(inPhase('a', 'suspended'))).toEqual({ start: true, stop: true, restart: true });
    expect(possibleActions(inPhase('a', 'stopped'))).toEqual({ start: true, stop: false, restart: false });
  });
});
