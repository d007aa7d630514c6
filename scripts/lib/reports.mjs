/** Counts of tests, read from the JSON reports of their runners. */

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @returns {Counts} The counts of a report of vitest's `json` reporter. */
export function countVitest(report) {
  // A file that could not even be loaded has no tests, but it has failed.
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every(({ status }) => status !== 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** @returns {Counts} The counts of a report of Playwright's `json` reporter. A test that passed only when repeated has failed. */
export function countPlaywright(report) {
  const { expected, unexpected, flaky, skipped } = report.stats;
  const broken = unexpected + flaky === 0 ? report.errors.length : 0;
  return { passed: expected, failed: unexpected + flaky + broken, skipped };
}

/**
 * The counts of a step that ended with an exit status: one that failed has at least one failure, whatever its report says, and one
 * that reports no tests at all has not tested anything.
 * @returns {Counts}
 */
export function judge(counts, status) {
  const nothing = counts.passed + counts.failed === 0;
  return (status !== 0 && counts.failed === 0) || nothing ? { ...counts, failed: counts.failed + 1 } : counts;
}
