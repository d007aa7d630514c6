import type { CronSpec, Schedule } from '../../model/schedule';
import { formatDuration } from './duration';

/** `30 2 * * * (Europe/Berlin)`; in the time zone of the machine the expression alone. */
export function cronText({ cron, timeZone }: CronSpec): string {
  return timeZone === null ? cron : `${cron} (${timeZone})`;
}

/** What a schedule sets, each with its name; null: not set. */
export function schedulePartTexts(schedule: Schedule | null): Readonly<Record<string, string | null>> {
  const { start, restart, maxUptimeMs, restartOnChange } = schedule ?? NO_SCHEDULE;
  return {
    'scheduled start': start && cronText(start),
    'scheduled restart': restart && cronText(restart),
    'maximum uptime': maxUptimeMs === null ? null : formatDuration(maxUptimeMs),
    'restart on change of': restartOnChange.join(', ') || null,
  };
}

const NO_SCHEDULE: Schedule = { start: null, restart: null, maxUptimeMs: null, restartOnChange: [] };
