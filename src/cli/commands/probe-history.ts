import { formatDuration } from '../../shared/lib/format/duration';
import { formatCount, formatPercent, plural } from '../../shared/lib/format/values';
import { totalOf } from '../../shared/lib/probe-buckets';
import type { Probe } from '../../shared/model/probe';
import type { ProbeBucket, ProbeHistory, RecordedAttempt } from '../../shared/model/probe-history';
import type { EngineConnection } from '../client';
import { printTable, type CliContext } from '../context';
import type { Column } from '../output/table';

/** What is recorded of one probe of a watch. */
export interface NamedHistory extends ProbeHistory, Pick<Probe, 'name' | 'role'> {}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What a line of the table stands for: the shortest of which there are not too many. */
const SPANS_MS = [10_000, MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS, 3 * HOUR_MS, 24 * HOUR_MS] as const;
const MAX_LINES = 15;
/** Failures that are listed. */
const NEWEST = 20;

/** Asks for what is recorded of some probes since a moment. */
export function probeHistories(
  client: EngineConnection['client'],
  watch: string,
  probes: readonly Pick<Probe, 'name' | 'role'>[],
  { sinceAt, now }: { sinceAt: number; now: number },
): Promise<readonly NamedHistory[]> {
  const spanMs = SPANS_MS.find((span) => (now - sinceAt) / span <= MAX_LINES) ?? 24 * HOUR_MS;
  return Promise.all(
    probes.map(async ({ name, role }) => ({
      ...{ name, role },
      ...(await client.probes.history({ watch, probe: name, sinceAt, spanMs, newest: NEWEST })),
    })),
  );
}

/** The histories as text: a summary of each probe, a line for each span of time, and the last answers that did not pass. */
export function historiesText(context: CliContext, histories: readonly NamedHistory[]): string {
  return histories.map((history) => historyText(context, history)).join('\n');
}

function historyText(context: CliContext, history: NamedHistory): string {
  const { name, role, buckets, failures, spanMs } = history;
  const { passed, failed, latencyMs } = totalOf(buckets);
  const title = `${name} (${role}): `;
  if (buckets.length === 0) return `${title}nothing is recorded in this time.\n`;
  const counted = passed + failed;
  const share = counted === 0 ? '' : ` (${formatPercent((100 * passed) / counted)})`;
  const latency =
    latencyMs === null
      ? ''
      : `; ${formatDuration(latencyMs.mean)} on average, ${formatDuration(latencyMs.highest)} at most`;
  const summary = `${title}${formatCount(passed)} of ${plural(counted, 'attempt')} passed${share}${latency}.\n`;
  const lines = printTable(context, bucketColumns(context, spanMs), buckets);
  if (failures.length === 0) return summary + lines;
  return `${summary}${lines}\nThe last that did not pass:\n${printTable(context, failureColumns(context), failures)}`;
}

function bucketColumns({ style, instant }: CliContext, spanMs: number): readonly Column<ProbeBucket>[] {
  const latency = (ms: number | undefined): string => (ms === undefined ? '-' : formatDuration(ms));
  return [
    { title: `${formatDuration(spanMs).toUpperCase()} FROM`, text: ({ at }) => instant(at) },
    { title: 'PASSED', align: 'right', text: ({ passed }) => formatCount(passed) },
    {
      title: 'FAILED',
      align: 'right',
      text: ({ failed }) => formatCount(failed),
      paint: ({ failed }, cell) => (failed === 0 ? cell : style.bad(cell)),
    },
    { title: 'NOT COUNTED', align: 'right', text: ({ uncounted }) => formatCount(uncounted) },
    { title: 'MEAN', align: 'right', text: ({ latencyMs }) => latency(latencyMs?.mean) },
    { title: 'HIGHEST', align: 'right', text: ({ latencyMs }) => latency(latencyMs?.highest) },
  ];
}

function failureColumns({ instant }: CliContext): readonly Column<RecordedAttempt>[] {
  return [
    { title: 'AT', text: ({ at }) => instant(at) },
    { title: 'LATENCY', align: 'right', text: ({ latencyMs }) => formatDuration(latencyMs) },
    { title: 'ANSWER', text: ({ words, uncounted }) => `${words ?? ''}${uncounted === true ? ' (not counted)' : ''}` },
  ];
}
