import { cronProblem, runsAfter, timeZoneProblem } from '../../shared/lib/format/cron';
import { localTimes } from '../../shared/lib/format/local-time';
import { parseDuration, writeSettingValue } from '../../shared/lib/format/units';
import type { CronSpec, Schedule } from '../../shared/model/schedule';

/** A schedule as it is typed; an empty text sets nothing. */
export interface ScheduleDraft {
  startCron: string;
  startZone: string;
  restartCron: string;
  restartZone: string;
  maxUptime: string;
  /** One path a line. */
  paths: string;
}

export type ScheduleField = `schedule.${keyof ScheduleDraft}`;

export const EMPTY_SCHEDULE: ScheduleDraft = {
  ...{ startCron: '', startZone: '', restartCron: '', restartZone: '' },
  ...{ maxUptime: '', paths: '' },
};

export function scheduleDraft(schedule: Schedule | null): ScheduleDraft {
  if (schedule === null) return EMPTY_SCHEDULE;
  const { start, restart, maxUptimeMs, restartOnChange } = schedule;
  return {
    ...{ startCron: start?.cron ?? '', startZone: start?.timeZone ?? '' },
    ...{ restartCron: restart?.cron ?? '', restartZone: restart?.timeZone ?? '' },
    maxUptime: maxUptimeMs === null ? '' : writeSettingValue(maxUptimeMs, 'ms'),
    paths: restartOnChange.join('\n'),
  };
}

/** What was typed, for the schema to check; null: nothing was. */
export function readSchedule(draft: ScheduleDraft, errors: Partial<Record<ScheduleField, string>>): Schedule | null {
  const paths = draft.paths
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const schedule: Schedule = {
    start: readCron(draft.startCron, draft.startZone),
    restart: readCron(draft.restartCron, draft.restartZone),
    maxUptimeMs: readUptime(draft.maxUptime, errors),
    restartOnChange: paths,
  };
  const { start, restart, maxUptimeMs } = schedule;
  const isEmpty = start === null && restart === null && maxUptimeMs === null && paths.length === 0;
  return isEmpty ? null : schedule;
}

function readCron(cron: string, zone: string): CronSpec | null {
  const expression = cron.trim().replace(/\s+/g, ' ');
  return expression === '' ? null : { cron: expression, timeZone: zone.trim() || null };
}

function readUptime(text: string, errors: Partial<Record<ScheduleField, string>>): number | null {
  if (text.trim() === '') return null;
  const read = parseDuration(text);
  if (read.ok) return read.value;
  errors['schedule.maxUptime'] = 'expected a duration such as 24h or 7d';
  return null;
}

/** The field that a part of the schedule is typed in. */
export function scheduleFieldOf([part, detail]: readonly string[]): ScheduleField {
  switch (part) {
    case 'start':
      return detail === 'timeZone' ? 'schedule.startZone' : 'schedule.startCron';
    case 'restart':
      return detail === 'timeZone' ? 'schedule.restartZone' : 'schedule.restartCron';
    case 'maxUptimeMs':
      return 'schedule.maxUptime';
    default:
      return 'schedule.paths';
  }
}

const SHOWN_RUNS = 3;

/** The next runs of what is typed so far, in its time zone; null while it can't be read. `machineZone` is that of the engine. */
export function nextRunsText(cron: string, zone: string, machineZone: string, now: number): string | null {
  const read = readCron(cron, zone);
  if (read === null || cronProblem(read.cron) !== null) return null;
  const timeZone = read.timeZone ?? machineZone;
  if (timeZoneProblem(timeZone) !== null) return null;
  const runs = runsAfter({ cron: read.cron, timeZone }, now, SHOWN_RUNS);
  return `Next: ${runs.map((at) => localTimes(at, timeZone).full(at)).join(', ')}`;
}
