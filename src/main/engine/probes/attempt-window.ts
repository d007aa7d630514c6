/** How many failures of how many attempts count, and how many passes in a row end that. */
export interface AttemptRule {
  failures: number;
  of: number;
  successes: number;
}

/** What counts of an attempt. */
export interface Counted {
  passed: boolean;
  /** It failed on a starved machine. */
  starved?: true;
}

export type ProbeVerdict = 'unknown' | 'passing' | 'failing';

/** The newest attempts of a probe, oldest first, and what they amount to. */
export interface AttemptWindow<A extends Counted> {
  attempts: readonly A[];
  /** Passes in a row. */
  passes: number;
  verdict: ProbeVerdict;
}

export const NO_ATTEMPTS: AttemptWindow<never> = { attempts: [], passes: 0, verdict: 'unknown' };

/** A failure on a starved machine is half of one. */
function weightOf({ passed, starved }: Counted): number {
  return !passed && starved === true ? 0.5 : 1;
}

/** Failures among attempts; one on a starved machine is half of one. */
export function countFailures(attempts: readonly Counted[]): number {
  return attempts.reduce((count, attempt) => count + (attempt.passed ? 0 : weightOf(attempt)), 0);
}

/** The newest attempts that together weigh no more than `of`: where each is half of one, twice as many, or none of these would ever fail. */
function newestOf<A extends Counted>(attempts: readonly A[], of: number): readonly A[] {
  let first = 0;
  let weight = attempts.reduce((sum, attempt) => sum + weightOf(attempt), 0);
  for (let oldest = attempts[first]; oldest !== undefined && weight > of; oldest = attempts[first]) {
    weight -= weightOf(oldest);
    first += 1;
  }
  return attempts.slice(first);
}

/**
 * Adds an attempt. Failures need not follow each other: what answers every other time fails as well. What passes again begins anew,
 * since the failures before are dealt with.
 *
 * | before           | attempt                                   | after   |
 * |------------------|-------------------------------------------|---------|
 * | any              | failed, `failures` of the last `of` reached | failing |
 * | unknown, failing | passed, `successes` in a row              | passing |
 * | any              | else                                      | as before |
 */
export function addAttempt<A extends Counted>(
  window: AttemptWindow<A>,
  attempt: A,
  rule: AttemptRule,
): AttemptWindow<A> {
  const attempts = newestOf([...window.attempts, attempt], rule.of);
  if (!attempt.passed) {
    const verdict = countFailures(attempts) >= rule.failures ? 'failing' : window.verdict;
    return { attempts, passes: 0, verdict };
  }
  const passes = window.passes + 1;
  if (window.verdict === 'passing' || passes < rule.successes) return { attempts, passes, verdict: window.verdict };
  return { attempts: attempts.slice(-passes), passes, verdict: 'passing' };
}
