import { expect, it } from 'vitest';
import { retryDelayMs } from './retry-schedule';

it('waits 1, 5, 15 and 60 minutes, then an hour each for 3 days, never exactly', () => {
  const minutes = (attempts: number, random = 0.5): number => (retryDelayMs(attempts, random) ?? NaN) / 60_000;
  expect([1, 2, 3, 4, 5, 76].map((attempts) => minutes(attempts))).toEqual([1, 5, 15, 60, 60, 60]);
  expect([minutes(4, 0), minutes(4, 1)]).toEqual([54, 66]);
  expect(retryDelayMs(77, 0.5)).toBeNull();
});
