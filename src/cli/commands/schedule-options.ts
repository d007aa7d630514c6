import { InvalidArgumentError, type Command } from 'commander';
import { parseDuration } from '../../shared/lib/format/units';
import type { CronSpec, Schedule } from '../../shared/model/schedule';
import { absolutePath } from '../context';
import { usage } from '../failure';
import type { Io } from '../io';

/** The options of a schedule, as they were written; an empty text takes back what was set. */
export interface ScheduleOptions {
  cron?: string;
  restartCron?: string;
  timeZone?: string;
  maxUptime?: number | 'none';
  restartOnChange?: readonly string[];
}

const NO_SCHEDULE: Schedule = { start: null, restart: null, maxUptimeMs: null, restartOnChange: [] };

/** Adds them to a command. */
export function addScheduleOptions(command: Command): Command {
  return command
    .option('--cron <expression>', 'start it at these moments, as in "30 2 * * *", and expect it to end ("" for none)')
    .option('--restart-cron <expression>', 'restart it at these moments ("" for none)')
    .option('--time-zone <zone>', 'time zone of these moments, as in Europe/Berlin (default: that of the machine, "")')
    .option(
      '--max-uptime <duration>',
      'restart it after this uptime, give or take 10 %, as in 24h (none for none)',
      uptime,
    )
    .option(
      '--restart-on-change <path>',
      'restart it when this file or directory changes; can be repeated, and replaces earlier ones ("" for none)',
      (path: string, before: readonly string[] = []) => [...before, path],
    );
}

/** What a schedule is with these options; undefined: none was given, and it stays as it is. */
export function scheduleFrom(
  { cron, restartCron, timeZone, maxUptime, restartOnChange }: ScheduleOptions,
  kept: Schedule | null,
  place: Pick<Io, 'cwd'>,
): Schedule | null | undefined {
  if ([cron, restartCron, timeZone, maxUptime, restartOnChange].every((option) => option === undefined))
    return undefined;
  const before = kept ?? NO_SCHEDULE;
  const schedule: Schedule = {
    start: cronFrom(cron, timeZone, before.start),
    restart: cronFrom(restartCron, timeZone, before.restart),
    maxUptimeMs: maxUptime === undefined ? before.maxUptimeMs : maxUptime === 'none' ? null : maxUptime,
    restartOnChange:
      restartOnChange === undefined
        ? before.restartOnChange
        : restartOnChange.filter((path) => path !== '').map((path) => absolutePath(place, path)),
  };
  if (timeZone !== undefined && timeZone !== '' && schedule.start === null && schedule.restart === null) {
    throw usage('--time-zone belongs to --cron or --restart-cron');
  }
  const isEmpty = JSON.stringify(schedule) === JSON.stringify(NO_SCHEDULE);
  return isEmpty ? null : schedule;
}

function cronFrom(written: string | undefined, zone: string | undefined, kept: CronSpec | null): CronSpec | null {
  const cron = written ?? kept?.cron ?? '';
  if (cron.trim() === '') return null;
  return {
    cron: cron.trim().replace(/\s+/g, ' '),
    timeZone: zone === undefined ? (kept?.timeZone ?? null) : zone || null,
  };
}

/** Commander takes a null for an empty text. */
function uptime(text: string): number | 'none' {
  if (text === '' || text === 'none') return 'none';
  const read = parseDuration(text);
  if (!read.ok) throw new InvalidArgumentError('expected a duration such as 24h, or none.');
  return read.value;
}
