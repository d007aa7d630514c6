import { describe, expect, it } from 'vitest';
import type { Readiness, WatchPhase } from '../../shared/model/snapshot';
import { budgetStatus, watchStatus } from '../testing/samples';
import { stateLine } from './state-line';

const inPhase = (id: string, phase: WatchPhase) => watchStatus({ id, phase });
const served = (id: string, readiness: Readiness) => watchStatus({ id, readiness });
const healthy = (count: number) => Array.from({ length: count }, (_, index) => inPhase(`w${index}`, 'running'));

describe('the state line', () => {
  it.each([
    [[], 'Nothing is watched yet', 'idle'],
    [healthy(1), '1 watch healthy', 'ok'],
    [[...healthy(12), inPhase('api', 'backoff')], '12 healthy, 1 restarting: api', 'warn'],
    [[inPhase('api', 'backoff'), inPhase('db', 'failed')], 'None healthy, 1 failed: db, 1 restarting: api', 'bad'],
    [[...healthy(2), inPhase('old', 'stopped')], '2 healthy, 1 stopped', 'ok'],
    [[inPhase('old', 'stopped')], 'None healthy, 1 stopped', 'idle'],
    [[...healthy(1), inPhase('a', 'stopped'), inPhase('b', 'waiting')], '1 healthy, 2 others', 'info'],
    [['a', 'b'].map((id) => inPhase(id, 'failed')), 'None healthy, 2 failed: a and b', 'bad'],
    [['a', 'b', 'c'].map((id) => inPhase(id, 'failed')), 'None healthy, 3 failed: a, b and 1 more', 'bad'],
    [[inPhase('a', 'held'), inPhase('b', 'suspended')], 'None healthy, 1 held: a, 1 suspended: b', 'bad'],
    [
      (['failed', 'held', 'suspended', 'backoff', 'stopped'] as const).map((phase) => inPhase(phase[0] ?? '', phase)),
      'None healthy, 1 failed: f, 1 held: h, 1 suspended: s, 2 others',
      'bad',
    ],
    [[...healthy(1), served('api', 'ready'), served('db', 'lost')], '2 healthy, 1 not ready: db', 'warn'],
    [[...healthy(1), served('db', 'awaited')], '1 healthy, 1 not ready yet', 'info'],
  ] as const)('%#', (watches, text, tone) => expect(stateLine(watches)).toEqual({ text, tone }));
});

describe('cooldowns in the state line', () => {
  const cooling = (id: string, secondsLeft: number) => {
    const cooldown = { startedAt: 0, until: 10_000 + secondsLeft * 1000, restarts: 5, windowMs: 60_000 };
    return watchStatus({ id, phase: 'cooldown', budget: budgetStatus({ used: 5, cooldown }) });
  };
  const line = (watches: readonly ReturnType<typeof cooling>[]) => stateLine(watches, 10_000).text;

  it('run down beside the name', () => {
    expect(line([...healthy(12), cooling('api', 94)])).toBe('12 healthy, 1 in cooldown: api, 1:34 left');
    expect(line([cooling('api', 94), cooling('web', 3)])).toBe(
      'None healthy, 2 in cooldown: api (1:34 left) and web (0:03 left)',
    );
  });

  it('stand still for what is read out', () => {
    expect(stateLine([cooling('api', 94)]).text).toBe('None healthy, 1 in cooldown: api');
  });
});
