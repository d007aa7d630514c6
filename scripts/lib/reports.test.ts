import { describe, expect, it } from 'vitest';
import {
  afterRepetition,
  countPlaywright,
  countVitest,
  failedFiles,
  isWorthRepeating,
  judge,
  playwrightFailures,
  vitestFailures,
} from './reports.mjs';

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

describe('what failed is named, with the first line of why', () => {
  it('in a report of vitest, also a file that could not be loaded', () => {
    const report = {
      testResults: [
        { name: '/a.test.ts', status: 'passed', assertionResults: [{ status: 'passed', fullName: 'fine' }] },
        { name: '/b.test.ts', status: 'failed', message: '\n\u001b[31mNo such module\u001b[39m', assertionResults: [] },
        {
          ...{ name: '/c.test.ts', status: 'failed', message: '' },
          assertionResults: [
            { status: 'passed', fullName: 'a disk that is well' },
            { status: 'failed', fullName: 'a full disk', failureMessages: ['Error: expected 1\n    at c.test.ts:3'] },
          ],
        },
      ],
    };
    expect(vitestFailures(report)).toEqual([
      '/b.test.ts: No such module',
      '/c.test.ts › a full disk: Error: expected 1',
    ]);
  });

  it('in a report of Playwright, in suites of suites and outside of all tests', () => {
    const spec = (title: string, status: string, message?: string) => ({
      ...{ title, file: 'log.story.ts' },
      tests: [
        { projectName: 'browser', status, results: [{ error: message === undefined ? undefined : { message } }] },
      ],
    });
    const report = {
      suites: [
        { suites: [{ specs: [spec('slow', 'flaky', 'Timed out\nwaiting')] }], specs: [spec('well', 'expected')] },
      ],
      errors: [{ message: 'no display' }],
    };
    expect(playwrightFailures(report)).toEqual([
      '[browser] log.story.ts › slow: Timed out',
      'outside of all tests: no display',
    ]);
  });
});

describe('what failed beside other work', () => {
  it('is repeated where single tests failed, and not where a step is broken', () => {
    expect(isWorthRepeating({ passed: 80, failed: 1, skipped: 0 })).toBe(true);
    expect(isWorthRepeating({ passed: 80, failed: 0, skipped: 0 })).toBe(false);
    expect(isWorthRepeating({ passed: 80, failed: 6, skipped: 0 })).toBe(false);
    expect(isWorthRepeating({ passed: 0, failed: 1, skipped: 0 })).toBe(false);
  });

  it('is found by its file', () => {
    const report = {
      testResults: [
        { name: '/a.test.ts', status: 'passed' },
        { name: '/b.test.ts', status: 'failed' },
      ],
    };
    expect(failedFiles(report)).toEqual(['/b.test.ts']);
  });

  it('counts as passed, and as repeated, only if it passes alone', () => {
    const first = { passed: 80, failed: 3, skipped: 2 };
    const alone = (passed: number, failed: number) => ({ passed, failed, skipped: 0 });
    expect(afterRepetition(first, alone(3, 0))).toEqual({ passed: 83, failed: 0, skipped: 2, again: 3 });
    expect(afterRepetition(first, alone(2, 1))).toEqual({ passed: 82, failed: 1, skipped: 2, again: 2 });
    expect(afterRepetition(first, alone(0, 9))).toEqual({ passed: 80, failed: 3, skipped: 2, again: 0 });
  });
});
