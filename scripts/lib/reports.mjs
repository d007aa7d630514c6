/** Counts of tests and what failed, read from the JSON reports of their runners. */
import { stripVTControlCharacters } from 'node:util';

/**
 * `again` are those of the passed ones that had failed beside other work and passed alone.
 * @typedef {{ passed: number, failed: number, skipped: number, again?: number }} Counts
 */

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

/** @returns {string[]} The files with failures in a report of vitest's `json` reporter. */
export function failedFiles(report) {
  return report.testResults.filter(({ status }) => status === 'failed').map(({ name }) => name);
}

/**
 * What failed in a report of vitest's `json` reporter, and the first line of why.
 * @returns {string[]}
 */
export function vitestFailures(report) {
  return report.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return [failureLine(name, message)];
      return failed.map(({ fullName, failureMessages }) => failureLine(`${name} › ${fullName}`, failureMessages?.[0]));
    });
}

/**
 * What failed in a report of Playwright's `json` reporter, and the first line of why.
 * @returns {string[]}
 */
export function playwrightFailures(report) {
  const inSuite = ({ suites = [], specs = [] }) => [
    ...suites.flatMap(inSuite),
    ...specs.flatMap(({ file, title, tests }) =>
      tests
        .filter(({ status }) => status === 'unexpected' || status === 'flaky')
        .map(({ projectName, results }) =>
          failureLine(
            `[${projectName}] ${file} › ${title}`,
            results.find(({ error }) => error !== undefined)?.error.message,
          ),
        ),
    ),
  ];
  return [...inSuite(report), ...report.errors.map(({ message }) => failureLine('outside of all tests', message))];
}

const MAX_REASON = 300;

function failureLine(test, reason = '') {
  const [first = ''] = stripVTControlCharacters(reason)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return first === '' ? test : `${test}: ${first.slice(0, MAX_REASON)}`;
}

/** More failures than this are no matter of a busy machine. */
const MAX_REPEATED = 5;

/**
 * Whether what failed in a step is run once more by itself. The tests that start real processes fill both cores of a small machine,
 * and one that was starved there says nothing of the code; one that fails alone, too, does.
 * @param {Counts} counts
 */
export function isWorthRepeating({ passed, failed }) {
  return passed > 0 && failed > 0 && failed <= MAX_REPEATED;
}

/**
 * The counts of a step whose failures were run again.
 * @param {Counts} first
 * @param {Counts} second Of the repetition, judged.
 * @returns {Counts}
 */
export function afterRepetition(first, second) {
  const failed = Math.min(first.failed, second.failed);
  const again = first.failed - failed;
  return { ...first, passed: first.passed + again, failed, again };
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
