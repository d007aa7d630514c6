import { describe, expect, it } from 'vitest';
import { countPlaywright, countVitest, judge } from './reports.mjs';

describe('counting tests', () => {
  it('counts a test file that could not be loaded as a failure', () => {
    const report = {
      numPassedTests: 3,
      numFailedTests: 1,
      numPendingTests: 1,
      numTodoTests: 0,
      testResults: [
        { status: 'failed', assertionResults: [] },
        { status: 'failed', assertionResults: [{ status: 'failed' }] },
        { status: 'passed', assertionResults: [{ status: 'passed' }] },
      ],
    };
    expect(countVitest(report)).toEqual({ passed: 3, failed: 2, skipped: 1 });
  });

  it('takes no flaky test for a good one', () => {
    const report = { stats: { expected: 4, unexpected: 0, flaky: 1, skipped: 0 }, errors: [] };
    expect(countPlaywright(report)).toEqual({ passed: 4, failed: 1, skipped: 0 });
  });

  it('counts what went wrong outside of all tests', () => {
    const report = { stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, errors: [{ message: 'no display' }] };
    expect(countPlaywright(report).failed).toBe(1);
    expect(judge({ passed: 5, failed: 0, skipped: 0 }, 1).failed).toBe(1);
    expect(judge({ passed: 0, failed: 0, skipped: 9 }, 0).failed).toBe(1);
    expect(judge({ passed: 5, failed: 0, skipped: 0 }, 0).failed).toBe(0);
  });
});
