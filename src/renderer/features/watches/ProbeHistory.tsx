import { memo, useMemo } from 'react';
import type { Probe, ProbeAttempt } from '../../../shared/model/probe';
import type { ProbeHistory as History, RecordedAttempt } from '../../../shared/model/probe-history';
import { formatDuration, formatInstant } from '../../format/format';
import { RANGES } from '../../format/ranges';
import { rem } from '../../format/text-scale';
import { sentence } from '../../format/sentence';
import { useProbeHistory } from '../../hooks/use-probe-history';
import { Clip } from '../../kit/Clip';
import { CHART_INSET, TimeChart } from '../../kit/TimeChart';
import { Ago } from '../../kit/times';
import { latencyRows } from '../../store/latency-rows';
import { UptimeStrip } from '../../parts/UptimeStrip';
import { historySummary, recordedWords, uptimeCells } from '../../words/probe-history';
import classes from './ProbeHistory.module.css';

const MINUTE_MS = 60_000;
const [, HOUR, DAY] = RANGES;

/** Width of what a point of the chart stands for, for each time span that charts can show. */
const SPANS_MS: ReadonlyMap<number, number> = new Map([
  [RANGES[0].rangeMs, 1000],
  [RANGES[1].rangeMs, 10_000],
  [RANGES[2].rangeMs, 5 * MINUTE_MS],
  [RANGES[3].rangeMs, 30 * MINUTE_MS],
  [RANGES[4].rangeMs, 120 * MINUTE_MS],
]);
const SHOWN_ANSWERS = 4;
const SHOWN_FAILURES = 4;

interface ProbeHistoryProps {
  watchId: string;
  probe: Probe;
  /** Attempts of this run of the program. */
  live: readonly ProbeAttempt[];
  rangeMs: number;
}

/** How a probe was answered: strips of the last hour and day, its latency over time with what failed, and the last answers. */
export const ProbeHistory = memo(function ProbeHistory({ watchId, probe, live, rangeMs }: ProbeHistoryProps) {
  const { name } = probe;
  const spanMs = SPANS_MS.get(rangeMs) ?? MINUTE_MS;
  const { answer, now } = useProbeHistory({ watchId, probe: name, rangeMs, spanMs }, live);
  const history = answer.kind === 'answered' ? answer.value : null;
  const rows = useMemo(() => (history === null ? [] : latencyRows(history, probe, now)), [history, probe, now]);
  if (answer.kind === 'failed') {
    return <p className={classes.note}>{`The history of ${name} can't be read: ${answer.failure.message}`}</p>;
  }
  const span = { from: (rows.at(-1)?.at ?? now) - rangeMs, to: rows.at(-1)?.at ?? now };
  return (
    <section className={classes.history} aria-label={`History of ${name}`}>
      <div className={classes.strips}>
        <Strip watchId={watchId} name={name} live={live} range={HOUR} spanMs={MINUTE_MS} />
        <Strip watchId={watchId} name={name} live={live} range={DAY} spanMs={15 * MINUTE_MS} />
      </div>
      <div className={classes.chart}>
        <TimeChart
          rows={rows}
          rangeMs={rangeMs}
          height={84}
          loaded={history !== null}
          label={`Latency of ${name}`}
          metric="latencyMs"
          format={formatDuration}
        />
        {history === null ? null : <FailureMarks history={history} span={span} />}
      </div>
      {history === null ? null : (
        <>
          <p className={classes.note} role="status" aria-label={`Summary of ${name}`}>
            {historySummary(history.buckets) ?? 'No attempt counted in this time'}
          </p>
          <Answers name={name} history={history} live={live} />
        </>
      )}
    </section>
  );
});

interface StripProps {
  watchId: string;
  name: string;
  live: readonly ProbeAttempt[];
  range: { label: string; rangeMs: number };
  spanMs: number;
}

function Strip({ watchId, name, live, range: { label, rangeMs }, spanMs }: StripProps) {
  const { answer, now } = useProbeHistory({ watchId, probe: name, rangeMs, spanMs }, live);
  if (answer.kind !== 'answered') return null;
  return (
    <div className={classes.strip}>
      <span className={classes.span}>{label}</span>
      <UptimeStrip label={name} cells={uptimeCells(answer.value, rangeMs, now)} spanMs={spanMs} />
    </div>
  );
}

/** The part of the chart that has times. */
const PLACE = { left: rem(CHART_INSET.left), right: rem(CHART_INSET.right) };

/** Where attempts failed, at the top of the chart. For the pointer: the list below has the answers for everybody. */
function FailureMarks({ history, span }: { history: History; span: { from: number; to: number } }) {
  const { buckets, spanMs } = history;
  const lengthMs = span.to - span.from;
  const failed = buckets.filter((bucket) => bucket.failed > 0 && bucket.at + spanMs > span.from);
  return (
    <div className={classes.marks} style={PLACE} aria-hidden="true">
      {failed.map((bucket) => (
        <span
          key={bucket.at}
          className={classes.mark}
          style={{ left: `${(100 * Math.max(0, bucket.at + spanMs / 2 - span.from)) / lengthMs}%` }}
          title={`${formatInstant(bucket.at)}, ${formatDuration(spanMs)}: ${bucket.failed} of ${bucket.passed + bucket.failed} failed`}
        />
      ))}
    </div>
  );
}

interface AnswersProps {
  name: string;
  history: History;
  live: readonly ProbeAttempt[];
}

/** The last answers, newest first, and before these the last ones that failed. */
function Answers({ name, history, live }: AnswersProps) {
  // What the program has answered in this run has its words also where it passed.
  const words = new Map(live.map((attempt) => [attempt.at, attempt.words]));
  const whole = (attempt: RecordedAttempt) => ({ ...attempt, words: words.get(attempt.at) ?? attempt.words });
  const newest = history.attempts.slice(-SHOWN_ANSWERS).map(whole).toReversed();
  const before = newest.at(-1)?.at ?? Infinity;
  const failures = history.failures
    .filter(({ at }) => at < before)
    .slice(-SHOWN_FAILURES)
    .toReversed();
  if (newest.length === 0) return null;
  return (
    <div className={classes.answers}>
      <AnswerList label={`Last answers of ${name}`} title="Last answers" attempts={newest} />
      {failures.length === 0 ? null : (
        <AnswerList label={`Failures of ${name} before`} title="Failed before" attempts={failures} />
      )}
    </div>
  );
}

function AnswerList({
  label,
  title,
  attempts,
}: {
  label: string;
  title: string;
  attempts: readonly RecordedAttempt[];
}) {
  return (
    <div>
      <h4>{title}</h4>
      <ol aria-label={label}>
        {attempts.map((attempt) => (
          <li key={attempt.at} data-failed={!attempt.passed || undefined}>
            <Clip text={sentence(recordedWords(attempt))} />
            <span className={classes.ago}>
              <Ago at={attempt.at} />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
