import type { Backtest } from '../../shared/model/backtest';
import { conflictsOf, type Settings } from '../../shared/model/settings';
import type { WatchStatus } from '../../shared/model/snapshot';
import { BacktestRun, type PastReading } from '../engine/detect/backtest';
import { Refusal } from '../engine/refusal';
import type { EventHistory } from './events-feed';

/** Single readings of the past, as far as the API needs them. */
export interface ReadingHistory {
  /** Every single reading of a watch that is still kept, page by page, oldest first; others may run between two pages. */
  eachReading(
    query: { watchId: string; sinceAt: number },
    onPage: (readings: readonly PastReading[]) => void,
  ): Promise<void>;
}

const HOUR_MS = 3_600_000;

/** Warnings in force that a limit which is tried makes pointless: without them it can be tried alone. */
function withoutWarnings(inForce: Settings, overrides: Partial<Settings>): Partial<Settings> {
  const pointless = (
    [
      ['cpu.warnPercent', 'cpu.limitPercent'],
      ['memory.warnBytes', 'memory.limitBytes'],
      ['diskRead.warnBytesPerSecond', 'diskRead.limitBytesPerSecond'],
      ['diskWrite.warnBytesPerSecond', 'diskWrite.limitBytesPerSecond'],
    ] as const
  ).filter(([warn, act]) => (inForce[warn] ?? 0) > (overrides[act] ?? Infinity));
  return Object.fromEntries(pointless.map(([warn]) => [warn, null]));
}

/** What the limits of a watch, with some of them changed, would have done in the last hours. */
export async function backtestOf(
  { watch, settings: inForce }: Pick<WatchStatus, 'watch' | 'settings'>,
  overrides: Partial<Settings>,
  sinceHours: { hours: number; now: number },
  history: ReadingHistory & EventHistory,
): Promise<Backtest> {
  const settings: Settings = { ...inForce, ...withoutWarnings(inForce, overrides), ...overrides };
  const [conflict] = conflictsOf(settings);
  if (conflict !== undefined) throw new Refusal('invalid', conflict);
  const sinceAt = sinceHours.now - sinceHours.hours * HOUR_MS;
  const starts = await history.listEvents({
    types: ['started', 'restarted'],
    // A start just before is a grace that reaches into the time that is judged.
    sinceAt: sinceAt - settings['start.graceMs'],
    watch: watch.name,
    limit: 10_000,
  });
  const run = new BacktestRun(
    settings,
    starts.map(({ at }) => Date.parse(at)),
  );
  let from: number | null = null;
  let to: number | null = null;
  await history.eachReading({ watchId: watch.id, sinceAt }, (readings) => {
    from ??= readings[0]?.at ?? null;
    to = readings.at(-1)?.at ?? to;
    run.observe(readings);
  });
  return {
    ...{ from, to, readings: run.readings, diskReadings: run.diskReadings, hits: run.hits },
    readingsOf: inForce['limits.scope'],
    limitsOf: settings['limits.scope'],
  };
}
