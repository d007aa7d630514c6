import { formatDuration } from '../../../shared/lib/format/duration';
import type { EventDraft } from '../../../shared/model/event';
import { noticed, ofNoWatch } from '../events/engine-reports';
import { describeGap, type Gap } from './gap';
import { busyTickMs } from './pace';
import { formatPercent } from '../../../shared/lib/format/values';

/** Nobody watched for a while. */
export function gapFound(gap: Gap): EventDraft {
  return {
    type: 'gap',
    severity: 'info',
    ...ofNoWatch(),
    message: describeGap(gap),
    data: { seconds: Math.round(gap.lateMs / 1000), clockJumpSeconds: Math.round(gap.clockJumpMs / 1000) },
  };
}

/** The machine is busy: readings come less often until it is calm. `last`: means of the minute that led to it. */
export function samplingSlowed(
  setMs: number,
  intervalMs: number,
  last: { tickMs: number; cpuPercent: number },
  maxOwnCpuPercent: number | null,
): EventDraft {
  const isCpu = maxOwnCpuPercent !== null && last.cpuPercent > maxOwnCpuPercent;
  const reason = isCpu
    ? `Healdeck used ${formatPercent(last.cpuPercent)} of one core in the last minute; at most ${formatPercent(maxOwnCpuPercent)}`
    : `a reading was complete ${formatDuration(last.tickMs)} after it was due, on average over the last minute; at most ${formatDuration(busyTickMs(setMs))}`;
  return noticed({
    topic: 'sampling',
    severity: 'info',
    detail: `Sampling every ${formatDuration(intervalMs)} instead of every ${formatDuration(setMs)}, and up to 4 times less often while this lasts: the machine is busy (${reason})`,
  });
}

/** The machine is calm again. */
export function samplingRestored(intervalMs: number): EventDraft {
  return noticed({ topic: 'sampling', severity: 'info', detail: `Sampling every ${formatDuration(intervalMs)} again` });
}
