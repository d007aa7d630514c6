import type { ProbeAttempt } from '../../shared/model/probe';
import { formatInstant } from '../format/format';
import { answerWords, attemptsWords } from '../words/present-probe';
import classes from './AttemptStrip.module.css';

/** No bar is lower, in % of the strip: an answer within a ms is one, too. */
const MIN_HEIGHT_PERCENT = 18;

/** The newest attempts of a probe, oldest first: a bar each, as high as it took long; those that failed are hollow and have a foot. */
export function AttemptStrip({ attempts, timeoutMs }: { attempts: readonly ProbeAttempt[]; timeoutMs: number }) {
  return (
    <span className={classes.strip} role="img" aria-label={attemptsWords(attempts)}>
      {attempts.map((attempt) => (
        <span
          key={attempt.at}
          className={classes.attempt}
          data-failed={!attempt.passed || undefined}
          title={`${formatInstant(attempt.at)}: ${answerWords(attempt)}`}
        >
          <span style={{ height: `${heightPercent(attempt.latencyMs, timeoutMs)}%` }} />
        </span>
      ))}
    </span>
  );
}

/** By the order of magnitude, from a ms to the timeout: most answers take a small share of that. */
function heightPercent(latencyMs: number, timeoutMs: number): number {
  const share = Math.log10(Math.max(1, latencyMs)) / Math.log10(Math.max(10, timeoutMs));
  return MIN_HEIGHT_PERCENT + (100 - MIN_HEIGHT_PERCENT) * Math.min(1, share);
}
