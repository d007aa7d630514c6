import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  askBudget,
  countWithin,
  endCooldown,
  extendCooldown,
  forgetTrips,
  FULL_BUDGET,
  recordRestart,
  type BudgetPolicy,
} from './restart-budget';
import type { RestartBudget } from '../ports';

const policy: BudgetPolicy = {
  windows: [
    { restarts: 5, windowMs: 60_000 },
    { restarts: 20, windowMs: 3_600_000 },
  ],
  cooldownMs: 120_000,
  growth: true,
  maxCooldownMs: 3_600_000,
  jitter: 1,
};

/** A watch that crashes at these moments and is restarted at once while it may be; returns the moments of its restarts. */
function live(
  crashesAtMs: readonly number[],
  rules = policy,
): { restarts: number[]; stretches: number[][]; budget: RestartBudget; cooldowns: number[] } {
  let budget = FULL_BUDGET;
  const restarts: number[] = [];
  const cooldowns: number[] = [];
  const stretches: number[][] = [[]];
  for (const now of crashesAtMs) {
    if (budget.cooldown !== null && now >= budget.cooldown.untilMs) {
      budget = endCooldown(budget);
      stretches.push([]);
    }
    const asked = askBudget(budget, now, rules);
    if (asked.granted) {
      restarts.push(now);
      stretches.at(-1)?.push(now);
      budget = recordRestart(budget, now, rules);
    } else {
      if (budget.cooldown === null) cooldowns.push(asked.cooldown.untilMs - asked.cooldown.startedAtMs);
      budget = asked.budget;
    }
  }
  return { restarts, stretches, budget, cooldowns };
}

describe('a restart budget', () => {
  it('grants 5 restarts in 60 s; the next one starts a cooldown of 120 s', () => {
    const { restarts, budget } = live([0, 10, 20, 30, 40, 50].map((s) => s * 1000));
    expect(restarts).toHaveLength(5);
    expect(budget.cooldown).toEqual({ startedAtMs: 50_000, untilMs: 170_000, restarts: 5, windowMs: 60_000 });
  });

  it('is exact at the boundary', () => {
    expect(live([0, 1000, 2000, 3000, 4000, 59_900]).restarts).toHaveLength(5);
    expect(live([0, 1000, 2000, 3000, 4000, 60_100]).restarts).toHaveLength(6);
    expect(live([0, 1000, 2000, 3000, 4000, 60_000]).restarts).toHaveLength(6);
  });

  it('catches a slow loop by its long window, and lets a rare crash be', () => {
    const every = (ms: number, count: number) => Array.from({ length: count }, (_, n) => (n + 1) * ms);
    expect(live(every(100_000, 21)).restarts).toHaveLength(20);
    expect(live(every(2 * 3_600_000, 50)).restarts).toHaveLength(50);
  });

  it('counts from zero after a cooldown', () => {
    const { budget } = live([0, 1, 2, 3, 4, 5]);
    const after = endCooldown(budget);
    expect(countWithin(after, 120_006, 3_600_000)).toBe(0);
    expect(askBudget(after, 120_006, policy).granted).toBe(true);
  });

  it('doubles the cooldown at each trip up to the cap, until the program was stable', () => {
    let budget = FULL_BUDGET;
    const lengths: number[] = [];
    for (let trip = 0; trip < 7; trip += 1) {
      for (let i = 0; i < 5; i += 1) budget = recordRestart(budget, trip * 1e7, policy);
      const asked = askBudget(budget, trip * 1e7, policy);
      if (asked.granted) throw new Error('expected a cooldown');
      lengths.push((asked.cooldown.untilMs - asked.cooldown.startedAtMs) / 1000);
      budget = endCooldown(asked.budget);
      if (trip === 5) budget = forgetTrips(budget);
    }
    expect(lengths).toEqual([120, 240, 480, 960, 1920, 3600, 120]);
  });

  it('does not grow when it is told not to, and can be extended only while it cools down', () => {
    const fixed = { ...policy, growth: false };
    const once = live([0, 1, 2, 3, 4, 5], fixed);
    expect(once.cooldowns).toEqual([120_000]);
    expect(extendCooldown(once.budget, 60_000).cooldown?.untilMs).toBe(180_005);
    expect(extendCooldown(FULL_BUDGET, 60_000)).toEqual(FULL_BUDGET);
  });

  it('never grants more restarts in any window than the window allows, whatever the crashes', () => {
    const gaps = fc.array(fc.oneof(fc.integer({ min: 0, max: 30_000 }), fc.integer({ min: 0, max: 400_000 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(gaps, (between) => {
        let now = 0;
        const { stretches } = live(between.map((gap) => (now += gap)));
        // A cooldown sets the count to zero: between two of them the windows hold.
        for (const restarts of stretches) {
          for (const { restarts: most, windowMs } of policy.windows) {
            for (const end of restarts) {
              expect(restarts.filter((at) => at <= end && end - at < windowMs).length).toBeLessThanOrEqual(most);
            }
          }
        }
      }),
    );
  });
});
