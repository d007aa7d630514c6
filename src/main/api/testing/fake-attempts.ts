import type { ProbeHistory, RecordedAttempt } from '../../../shared/model/probe-history';
import type { AttemptHistory } from '../probe-past';

/** Recorded attempts in memory: the same for every probe, and no sums but those that a test has given. */
export class FakeAttempts implements AttemptHistory {
  recorded: readonly RecordedAttempt[] = [];
  buckets: ProbeHistory['buckets'] = [];
  /** What was asked last. */
  asked: object | null = null;

  readonly probeHistory: AttemptHistory['probeHistory'] = (query) => {
    this.asked = query;
    const attempts = this.recorded.filter(({ at }) => at >= query.sinceAt);
    const newest = (from: readonly RecordedAttempt[]) => from.slice(Math.max(0, from.length - query.newest));
    return Promise.resolve({
      spanMs: query.spanMs,
      buckets: this.buckets,
      attempts: newest(attempts),
      failures: newest(attempts.filter(({ passed }) => !passed)),
    });
  };

  readonly eachAttempt: AttemptHistory['eachAttempt'] = (query, onPage) => {
    this.asked = query;
    onPage(this.recorded.filter(({ at }) => at > query.sinceAt));
    return Promise.resolve();
  };
}
