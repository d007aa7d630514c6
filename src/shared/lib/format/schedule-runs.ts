import type { CronSpec } from '../../model/schedule';
import type { NextRun, WatchStatus } from '../../model/snapshot';
import { runsAfter, type CronTime } from './cron';

/** When something is due, on a machine of this time zone. */
export function cronTimeOf({ cron, timeZone }: CronSpec, machineZone: string): CronTime {
  return { cron, timeZone: timeZone ?? machineZone };
}

/** A run to come, in the time zone of its schedule. */
export interface ComingRun extends NextRun {
  watch: string;
  timeZone: string;
}

/** What the schedules of these watches do next, in order of time; at most `count`. A watch that has no next run now has none. */
export function comingRuns(
  statuses: readonly Pick<WatchStatus, 'watch' | 'nextRun'>[],
  { machineZone, count }: { machineZone: string; count: number },
): readonly ComingRun[] {
  return statuses
    .flatMap((status) => runsOf(status, machineZone, count))
    .sort((one, other) => one.at - other.at)
    .slice(0, count);
}

function runsOf(
  { watch, nextRun }: Pick<WatchStatus, 'watch' | 'nextRun'>,
  machineZone: string,
  count: number,
): readonly ComingRun[] {
  if (nextRun === null) return [];
  const { start = null, restart = null } = watch.schedule ?? {};
  const byCron = (spec: CronSpec | null, what: NextRun['what']): readonly ComingRun[] => {
    if (spec === null) return [];
    const time = cronTimeOf(spec, machineZone);
    // The next one itself is among them, if it is one of these.
    return runsAfter(time, nextRun.at - 1, count).map((at) => ({
      ...{ at, what, watch: watch.name, timeZone: time.timeZone },
    }));
  };
  const runs = [
    ...byCron(start, 'start'),
    ...byCron(nextRun.what === 'restart' || start === null ? restart : null, 'restart'),
  ];
  // A maximum uptime is at no moment of an expression.
  const isListed = runs.some(({ at, what }) => at === nextRun.at && what === nextRun.what);
  return isListed ? runs : [{ ...nextRun, watch: watch.name, timeZone: machineZone }, ...runs];
}
