import { describe, expect, it } from 'vitest';
import { verdict } from './verdict.mjs';

const http = { name: 'http', asked: 2000, failed: 0, percentOfCore: 0.8 };
const delay = (p99: number, failed = 0) => ({ name: 'any', failed, delayMs: { p50: 5, p99 } });
const of = (cost: object, answering = 6, hanging = 7, failed = 400) =>
  verdict([{ ...http, ...cost }], [delay(answering), delay(hanging, failed)]);

describe('the verdict of the probes bench', () => {
  it('is 0 when all targets are met', () => {
    expect(of({})).toEqual({ status: 0, text: expect.stringMatching(/Met\.$/) as string });
  });

  it.each([
    ['probes cost too much', of({ percentOfCore: 1.01 }), 'http takes 1.01 % of a core'],
    ['probes failed that should pass', of({ failed: 3 }), 'http: 3 probes failed'],
    ['nothing was measured', of({ asked: 0 }), 'nothing was measured'],
    ['nothing hung', of({}, 6, 7, 0), 'no target hung'],
    ['timers were late', of({}, 6, 12), 'timers are 12.0 ms late instead of 6.0 ms'],
  ])('is 1 when %s', (_, { status, text }, words) => {
    expect(status).toBe(1);
    expect(text).toContain(words);
  });
});
