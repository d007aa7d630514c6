import { describe, expect, it } from 'vitest';
import type { BudgetStatus } from '../../model/snapshot';
import { restartWords } from './restart-words';

const words = (used: readonly [number, number], cooldown: BudgetStatus['cooldown'] = null): string =>
  restartWords({
    budget: {
      windows: [
        { restarts: 5, used: used[0], windowMs: 60_000 },
        { restarts: 10, used: used[1], windowMs: 600_000 },
      ],
      cooldown,
      trips: 0,
    },
  });

describe('restarts in a word', () => {
  it('are those of the shortest window that has any', () => {
    expect(words([0, 0])).toBe('calm');
    expect(words([0, 2])).toBe('2 in 10 min');
    expect(words([1, 3])).toBe('1 in 1 min');
  });

  it('are used up where a window is full, or a cooldown is on', () => {
    expect(words([5, 5])).toBe('no retries left');
    expect(words([0, 10])).toBe('no retries left');
    expect(words([0, 0], { startedAt: 0, until: 1, restarts: 5, windowMs: 60_000 })).toBe('no retries left');
  });
});
