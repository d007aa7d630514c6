import { describe, expect, it } from 'vitest';
import type { WatchPhase } from '../../shared/model/snapshot';
import { budgetStatus, watchOf, watchStatus } from '../testing/samples';
import { byName, byUrgency, possibleActions, presentPolicy, presentTarget, stateLine } from './present-watch';

const inPhase = (id: string, phase: WatchPhase) => watchStatus({ id, phase });
const healthy = (count: number) => Array.from({ length: count }, (_, index) => inPhase(`w${index}`, 'running'));

describe('the state line', () => {
  it.each([
    [[], 'Nothing is watched yet', 'idle'],
    [healthy(1), '1 watch healthy', 'ok'],
    [[...healthy(12), inPhase('api', 'backoff')], '12 watches healthy, 1 restarting: api', 'warn'],
    [[inPhase('api', 'backoff'), inPhase('db', 'failed')], 'No watch healthy, 1 failed: db, 1 restarting: api', 'bad'],
    [[...healthy(2), inPhase('old', 'stopped')], '2 watches healthy, 1 stopped: old', 'ok'],
    [[inPhase('old', 'stopped')], 'No watch healthy, 1 stopped: old', 'idle'],
    [['a', 'b'].map((id) => inPhase(id, 'failed')), 'No watch healthy, 2 failed: a and b', 'bad'],
    [
      ['a', 'b', 'c', 'd', 'e'].map((id) => inPhase(id, 'failed')),
      'No watch healthy, 5 failed: a, b, c and 2 more',
      'bad',
    ],
  ] as const)('%#', (watches, text, tone) => expect(stateLine(watches)).toEqual({ text, tone }));
});

describe('cooldowns in the state line', () => {
  const cooling = (id: string, secondsLeft: number) => {
    const cooldown = { startedAt: 0, until: 10_000 + secondsLeft * 1000, restarts: 5, windowMs: 60_000 };
    return watchStatus({ id, phase: 'cooldown', budget: budgetStatus({ used: 5, cooldown }) });
  };
  const line = (watches: readonly ReturnType<typeof cooling>[]) => stateLine(watches, 10_000).text;

  it('run down beside the name', () => {
    expect(line([...healthy(12), cooling('api', 94)])).toBe('12 watches healthy, 1 in cooldown: api, 1:34 left');
    expect(line([cooling('api', 94), cooling('web', 3)])).toBe(
      'No watch healthy, 2 in cooldown: api (1:34 left) and web (0:03 left)',
    );
  });

  it('stand still for what is read out', () => {
    expect(stateLine([cooling('api', 94)]).text).toBe('No watch healthy, 1 in cooldown: api');
  });

  it('stand beside what is held and suspended', () => {
    expect(stateLine([inPhase('a', 'held'), inPhase('b', 'suspended')])).toEqual({
      text: 'No watch healthy, 1 held: a, 1 suspended: b',
      tone: 'bad',
    });
  });
});

describe('the order of watches', () => {
  it('puts trouble first, then names with numbers by value', () => {
    const watches = [
      inPhase('web10', 'running'),
      inPhase('web9', 'running'),
      inPhase('z', 'failed'),
      inPhase('a', 'stopped'),
    ];
    expect(byUrgency(watches).map((status) => status.watch.id)).toEqual(['z', 'a', 'web9', 'web10']);
    expect(byName(watches).map((status) => status.watch.id)).toEqual(['a', 'web9', 'web10', 'z']);
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
