import { addAttempts, bucketBegin } from '../../shared/lib/probe-buckets';
import type { Probe } from '../../shared/model/probe';
import type { ProbeBacktest, ProbeHistory, RecordedAttempt } from '../../shared/model/probe-history';

const HOUR_MS = 3_600_000;
const DOWN = '503 Service Unavailable, body: database is down';

/** Attempts of a probe in a time, the same for the same moments: now and then one fails, in some hours many do, and one time is missing. */
function fakeAttempts({ intervalMs, timeoutMs }: Probe, from: number, to: number, stepMs: number): RecordedAttempt[] {
  const step = Math.max(intervalMs, stepMs);
  const first = Math.ceil(from / step);
  const count = Math.max(0, Math.floor(to / step) - first + 1);
  return Array.from({ length: count }, (_, index) => index + first).flatMap((nth): RecordedAttempt[] => {
    const at = nth * step;
    const [hour, minute] = [Math.floor(at / HOUR_MS), (at % HOUR_MS) / 60_000];
    if (hour % 7 === 3 && minute < 20) return [];
    const fails = hour % 5 === 2 ? minute > 30 && minute < 38 : nth % 53 === 7;
    if (fails) return [{ at, passed: false, latencyMs: nth % 2 === 0 ? timeoutMs : 40, words: DOWN }];
    return [{ at, passed: true, latencyMs: 4 + ((nth * 37) % 60), words: null }];
  });
}

/** What is recorded of a probe. */
export function fakeProbeHistory(
  probe: Probe,
  { sinceAt, spanMs, newest }: { sinceAt: number; spanMs: number; newest: number },
  now: number,
): ProbeHistory {
  const attempts = fakeAttempts(probe, bucketBegin(sinceAt, spanMs), now, spanMs / 10);
  const last = (all: readonly RecordedAttempt[]) => all.slice(Math.max(0, all.length - newest));
  return {
    spanMs,
    buckets: addAttempts([], spanMs, attempts),
    attempts: last(attempts),
    failures: last(attempts.filter(({ passed }) => !passed)),
  };
}

/** Two outages, or none where it takes more than three failures. */
export function fakeProbeBacktest({ role }: Probe, failures: number, hours: number, now: number): ProbeBacktest {
  const [from, to] = [now - hours * HOUR_MS, now];
  const at = [now - 7 * HOUR_MS, now - 2 * HOUR_MS];
  const hits = failures > 3 ? [] : at.map((began) => ({ at: began, until: began + 300_000, failures }));
  return { role, from, to, attempts: hours * 360, hits };
}
