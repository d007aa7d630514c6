import type { Probe } from '../../shared/model/probe';
import type { ProbeBacktest, ProbeHistory, RecordedAttempt } from '../../shared/model/probe-history';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { Watch } from '../../shared/model/watch';
import { ProbeBacktestRun, type ProbeBacktestRule } from '../engine/probes/probe-backtest';
import { Refusal } from '../engine/refusal';
import type { EventHistory } from './events-feed';

/** What is recorded of probes, as far as the API needs it. */
export interface AttemptHistory {
  /** What the attempts of a probe came to in each `spanMs`, and the newest ones. */
  probeHistory(query: {
    watchId: string;
    probe: string;
    sinceAt: number;
    spanMs: number;
    newest: number;
  }): Promise<ProbeHistory>;
  /** Every attempt of a probe that is still kept, page by page, oldest first; others may run between two pages. */
  eachAttempt(
    query: { watchId: string; probe: string; sinceAt: number },
    onPage: (attempts: readonly RecordedAttempt[]) => void,
  ): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** The probe of a watch that is called so, in whatever case. */
function probeOf(watch: Watch, name: string): Probe {
  const found = watch.probes.find((probe) => probe.name.toLowerCase() === name.toLowerCase());
  if (found !== undefined) return found;
  const names = watch.probes.map((probe) => probe.name);
  const expected = names.length === 0 ? 'it has none' : `expected one of: ${names.join(', ')}`;
  throw new Refusal('not_found', `no probe of ${watch.name} is called "${name}"; ${expected}`);
}

/** What is recorded of a probe. Rejects with a `Refusal` where the watch has none of this name. */
export async function probeHistoryOf(
  { watch }: Pick<WatchStatus, 'watch'>,
  { probe, ...query }: { probe: string; sinceAt: number; spanMs: number; newest: number },
  history: AttemptHistory,
): Promise<ProbeHistory> {
  return history.probeHistory({ ...query, watchId: watch.id, probe: probeOf(watch, probe).name });
}

/** What a probe, with some of its numbers changed, would have decided in the last hours. */
export async function probeBacktestOf(
  { watch }: Pick<WatchStatus, 'watch'>,
  tried: { probe: string; rule: { [K in keyof ProbeBacktestRule]?: number | undefined } },
  sinceHours: { hours: number; now: number },
  history: AttemptHistory & EventHistory,
): Promise<ProbeBacktest> {
  const probe = probeOf(watch, tried.probe);
  const { failures = probe.failures, of = probe.of, successes = probe.successes } = tried.rule;
  const { timeoutMs = probe.timeoutMs } = tried.rule;
  if (failures > of) {
    throw new Refusal(
      'invalid',
      `expected at most as many failures as attempts, as in 3 of 5; got ${failures} of ${of}`,
    );
  }
  const sinceAt = sinceHours.now - sinceHours.hours * HOUR_MS;
  const starts = await history.listEvents({
    types: ['started', 'restarted', 'adopted'],
    ...{ sinceAt, watch: watch.name, limit: 10_000 },
  });
  const run = new ProbeBacktestRun(
    { failures, of, successes, timeoutMs },
    starts.map(({ at }) => Date.parse(at)),
  );
  await history.eachAttempt({ watchId: watch.id, probe: probe.name, sinceAt }, (attempts) => run.observe(attempts));
  return { role: probe.role, from: run.from, to: run.to, attempts: run.attempts, hits: run.hits };
}
