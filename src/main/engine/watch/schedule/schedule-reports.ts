import { restartReasonText, skipText, type RestartReason, type SkipReason } from '../../../../shared/events/schedule';
import { formatDuration } from '../../../../shared/lib/format/duration';
import { localTimes } from '../../../../shared/lib/format/local-time';
import type { PastRuns } from '../../../../shared/lib/format/cron';
import type { RunKind } from '../../../../shared/model/schedule';
import type { DraftOfWatch } from '../../heal/heal-state';

/** What the events of a schedule have in common. */
export interface ReportPlace {
  watch: string;
  pid: number | null;
  /** In which moments are written. */
  timeZone: string;
}

export function missedReport(
  what: RunKind,
  { count, isMore, firstAt, lastAt }: PastRuns,
  isCaughtUp: boolean,
  { watch, pid, timeZone }: ReportPlace,
): DraftOfWatch {
  const { full } = localTimes(lastAt, timeZone);
  const number = isMore ? `more than ${count}` : String(count);
  const words =
    count === 1
      ? `its ${what} of ${full(lastAt)} was missed`
      : `${number} ${what}s were missed between ${full(firstAt)} and ${full(lastAt)}, when the last was due`;
  return {
    type: 'run_missed',
    severity: 'warning',
    pid,
    message: `${watch}: ${words}${isCaughtUp ? '; it is started once instead' : ''}`,
    data: { what, count, isMore, firstDueAt: firstAt, lastDueAt: lastAt, isCaughtUp },
  };
}

export function overrunReport(
  dueAt: number,
  runningForMs: number,
  { watch, pid, timeZone }: ReportPlace,
): DraftOfWatch {
  const { full } = localTimes(dueAt, timeZone);
  const who = pid === null ? '' : ` (pid ${pid})`;
  return {
    type: 'run_overrun',
    severity: 'warning',
    pid,
    message: `${watch}${who} still runs after ${formatDuration(runningForMs)}: its run of ${full(dueAt)} is skipped, as is each that is due before it ends`,
    data: { dueAt, runningForMs },
  };
}

export function skippedReport(
  what: RunKind,
  dueAt: number,
  reason: SkipReason,
  { watch, pid, timeZone }: ReportPlace,
): DraftOfWatch {
  const { full } = localTimes(dueAt, timeZone);
  const would = reason === 'observed' ? `; would have: ${what}` : '';
  return {
    type: 'run_skipped',
    severity: reason === 'failed' ? 'warning' : 'info',
    pid,
    message: `${watch}: its ${what} of ${full(dueAt)} is skipped, since ${skipText(reason)}${would}`,
    data: { what, dueAt, reason },
  };
}

export function restartReport(
  reason: RestartReason,
  observed: boolean,
  { watch, pid }: Pick<ReportPlace, 'watch' | 'pid'>,
): DraftOfWatch {
  const what = observed ? 'observed only, would have: restart' : 'it is restarted';
  const isSlowed = reason.kind === 'file_change' && reason.nextDelayMs !== undefined;
  return {
    type: 'scheduled_restart',
    severity: isSlowed ? 'warning' : 'info',
    pid,
    message: `${watch}: ${restartReasonText(reason)}; ${what}`,
    data: { reason, observed },
  };
}
