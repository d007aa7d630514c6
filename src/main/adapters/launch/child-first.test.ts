import { expect, it } from 'vitest';
import { ChildFirst } from './child-first';

it('leaves the processor to a program that was started, but of many in a row to the first only', () => {
  let nowMs = 1000;
  const childFirst = new ChildFirst({ monotonicMs: () => nowMs });
  const tookMs = (): number => {
    const startedMs = performance.now();
    childFirst.yield();
    return performance.now() - startedMs;
  };
  expect(tookMs()).toBeGreaterThanOrEqual(0.9);
  // The shortest of many: this thread may have to wait for the processor.
  const inRow = Array.from({ length: 20 }, () => {
    nowMs += 49;
    return tookMs();
  });
  expect(Math.min(...inRow)).toBeLessThan(0.5);
  nowMs += 50;
  expect(tookMs()).toBeGreaterThanOrEqual(0.9);
});
