import { describe, expect, it } from 'vitest';
import type { Schedule } from '../../model/schedule';
import type { NextRun, WatchStatus } from '../../model/snapshot';
import { watchSchema } from '../../model/watch';
import { comingRuns } from './schedule-runs';

const at = (text: string): number => Date.parse(text);

function status(
  name: string,
  schedule: Partial<Schedule>,
  nextRun: NextRun | null,
): Pick<WatchStatus, 'watch' | 'nextRun'> {
  const watch = watchSchema.parse({
    ...{ id: '00000000-0000-4000-8000-000000000001', revision: 1, name, schedule },
    target: { kind: 'command', command: { argv: ['job'], cwd: '/' } },
  });
  return { watch, nextRun };
}

const backup = status(
  'backup',
  { start: { cron: '30 2 * * *', timeZone: 'Europe/Berlin' } },
  { at: at('2026-11-30T01:30Z'), what: 'start' },
);
const hourly = status(
  'hourly',
  { restart: { cron: '0 * * * *', timeZone: null } },
  { at: at('2026-11-30T01:00Z'), what: 'restart' },
);

describe('the runs to come', () => {
  it('are those of all watches in order of time, each in its time zone', () =>
    expect(comingRuns([backup, hourly], { machineZone: 'UTC', count: 3 })).toEqual([
      { at: at('2026-11-30T01:00Z'), what: 'restart', watch: 'hourly', timeZone: 'UTC' },
      { at: at('2026-11-30T01:30Z'), what: 'start', watch: 'backup', timeZone: 'Europe/Berlin' },
      { at: at('2026-11-30T02:00Z'), what: 'restart', watch: 'hourly', timeZone: 'UTC' },
    ]));

  it('of one watch go on beyond the next', () =>
    expect(comingRuns([backup], { machineZone: 'UTC', count: 2 }).map((run) => run.at)).toEqual([
      at('2026-11-30T01:30Z'),
      at('2026-12-01T01:30Z'),
    ]));

  it('include a restart after a maximum uptime, which no expression has', () => {
    const worker = status(
      'worker',
      { maxUptimeMs: 86_400_000, restart: { cron: '0 4 * * *', timeZone: null } },
      { at: at('2026-11-30T01:12:13.456Z'), what: 'restart' },
    );
    expect(comingRuns([worker], { machineZone: 'UTC', count: 2 }).map((run) => run.at)).toEqual([
      at('2026-11-30T01:12:13.456Z'),
      at('2026-11-30T04:00Z'),
    ]);
  });

  it('are none of a job that is paused', () => {
    const paused = { ...backup, nextRun: null };
    expect(comingRuns([paused], { machineZone: 'UTC', count: 5 })).toEqual([]);
  });
});
