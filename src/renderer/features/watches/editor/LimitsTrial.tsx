import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { BACKTEST_UNITS, type Backtest } from '../../../../shared/model/backtest';
import { identityKey, type ProcessRow } from '../../../../shared/model/process';
import type { Settings } from '../../../../shared/model/settings';
import { DISK_DIRECTIONS, shownDirections } from '../../../words/disk-rates';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatPercent,
  formatRate,
  formatReading,
  plural,
} from '../../../format/format';
import { suggestLimit } from '../../../drafts/suggested-limit';
import { idOf, labelOf, showSetting, writeSetting } from '../../../drafts/setting-fields';
import { exceedancesOf, type MomentsAbove } from '../../../format/moments-above';
import { RANGES } from '../../../format/ranges';
import { useAnswer } from '../../../hooks/use-answer';
import { useAppState } from '../../../hooks/use-app';
import { useSeries } from '../../../hooks/use-series';
import { chartRows, type ChartRow } from '../../../store/series';
import { TimeChart } from '../../../kit/TimeChart';
import type { Editor } from './use-editor';
import { levelLines } from '../WatchCharts';
import classes from './WatchEditor.module.css';

const HOUR_MS = RANGES[1].rangeMs;
const BACK_HOURS = 24;
/** Quiet time after the last key until the engine tries the limits. */
const TRIAL_DELAY_MS = 500;
/** Moments of the last hour that are asked for: about every second one that is recorded. */
const MAX_MOMENTS = 200;
const RECORDED_EVERY_MS = 10_000;

/** The settings that a trial is about: those of the draft take the place of the watch's own, also where they are as for all. */
const TRIED = [
  ...(['cpu.warnPercent', 'cpu.limitPercent', 'cpu.action'] as const),
  ...(['memory.warnBytes', 'memory.limitBytes', 'memory.action'] as const),
  ...(['diskRead.warnBytesPerSecond', 'diskRead.limitBytesPerSecond', 'diskRead.action'] as const),
  ...(['diskWrite.warnBytesPerSecond', 'diskWrite.limitBytesPerSecond', 'diskWrite.action'] as const),
  ...(['limits.violations', 'limits.samples', 'limits.scope'] as const),
];

type Draft = ReturnType<Editor['draftSettings']>;

/** What the limits that are typed would have done: drawn over the last hour, and counted over what is recorded. */
export function LimitsTrial({ editor }: { editor: Editor }) {
  const { editedId, matching } = editor;
  if (editedId !== null) return <TrialOfWatch watchId={editedId} editor={editor} />;
  const found =
    matching?.kind === 'answered' ? matching.value.candidates.filter(({ verdict }) => verdict === 'taken') : [];
  const [largest] = found.toSorted((one, other) => other.rssBytes - one.rssBytes);
  return largest === undefined ? (
    <p className={classes.trial}>
      Nothing is recorded of it yet. Once it is watched, limits can be tested here on its recorded readings.
    </p>
  ) : (
    <TrialOfProcess key={identityKey(largest)} process={largest} others={found.length - 1} editor={editor} />
  );
}

/** On the readings of a watch: the engine judges them as it would have. */
function TrialOfWatch({ watchId, editor }: { watchId: string; editor: Editor }) {
  const draft = editor.draftSettings();
  const settings = draft.ok ? draft.settings : null;
  const series = useSeries(watchId, HOUR_MS);
  const intervalMs = useAppState((state) => state.live.engine?.settings['sampling.intervalMs'] ?? 2000);
  const rows = useMemo(() => chartRows(series?.points ?? [], intervalMs), [series, intervalMs]);
  const tried = settings === null ? null : Object.fromEntries(TRIED.map((key) => [key, settings[key]]));
  const answer = useAnswer(
    tried === null ? null : `${watchId}/${JSON.stringify(tried)}`,
    (client, signal) =>
      client.watches.backtest({ watch: watchId, overrides: tried ?? {}, hours: BACK_HOURS }, { signal }),
    TRIAL_DELAY_MS,
  );
  return (
    <Trial rows={rows} loaded={series?.loaded ?? false} draft={draft} editor={editor}>
      {answer.kind === 'asking'
        ? 'Testing the limits on recorded readings…'
        : answer.kind === 'failed'
          ? `The limits can't be tested: ${answer.failure.message}`
          : verdict(answer.value, settings)}
    </Trial>
  );
}

interface TrialOfProcessProps {
  process: ProcessRow;
  /** How many more match. */
  others: number;
  editor: Editor;
}

/** On what the recording of all processes has of one that is not watched yet. */
function TrialOfProcess({ process, others, editor }: TrialOfProcessProps) {
  const draft = editor.draftSettings();
  const { pid, startTime, name } = process;
  const [openedAt] = useState(() => Date.now());
  const answer = useAnswer(`trial/${identityKey(process)}`, (client, signal) =>
    client.processes.readings({ pid, startTime, sinceAt: openedAt - HOUR_MS, points: MAX_MOMENTS }, { signal }),
  );
  const points = useMemo(() => (answer.kind === 'answered' ? answer.value : []), [answer]);
  const rows = useMemo(() => chartRows(points, RECORDED_EVERY_MS), [points]);
  const whose = `${name} (pid ${pid}) alone${others === 0 ? '' : `, the largest of ${others + 1} that match`}`;
  return (
    <Trial rows={rows} loaded={answer.kind === 'answered'} draft={draft} editor={editor}>
      {answer.kind === 'asking'
        ? 'Loading the recorded readings…'
        : answer.kind === 'failed'
          ? `The recorded readings can't be read: ${answer.failure.message}`
          : draft.ok
            ? `Recorded of ${whose}: ${recordedVerdict(exceedancesOf(points, draft.settings), draft.settings)}`
            : null}
    </Trial>
  );
}

interface TrialProps {
  rows: readonly ChartRow[];
  loaded: boolean;
  draft: Draft;
  editor: Editor;
  /** What came of it. */
  children: string | null;
}

function Trial({ rows, loaded, draft, editor, children }: TrialProps) {
  const settings = draft.ok ? draft.settings : null;
  const shared = { rows, rangeMs: HOUR_MS, height: 96, loaded };
  return (
    <section aria-label="Limits on the past" className={classes.trial}>
      <div className={classes.trialCharts}>
        <div>
          <strong>CPU</strong>, last hour
          <TimeChart
            {...shared}
            label="CPU, with the limits as entered"
            metric="cpuPercent"
            lines={settings === null ? [] : levelLines(settings['cpu.warnPercent'], settings['cpu.limitPercent'])}
            format={(value) => `${Math.round(value)} %`}
          />
          <Suggestion editor={editor} setting="cpu.limitPercent" readings={rows.map(({ cpuPercent }) => cpuPercent)} />
        </div>
        <div>
          <strong>Memory</strong>, last hour
          <TimeChart
            {...shared}
            label="Memory, with the limits as entered"
            metric="memoryBytes"
            lines={settings === null ? [] : levelLines(settings['memory.warnBytes'], settings['memory.limitBytes'])}
            format={formatBytes}
          />
          <Suggestion
            editor={editor}
            setting="memory.limitBytes"
            readings={rows.map(({ memoryBytes }) => memoryBytes)}
          />
        </div>
        {shownDirections(settings, rows).map(({ metric, title, warn, limit }) => (
          <div key={metric}>
            <strong>{title}</strong>, last hour
            <TimeChart
              {...shared}
              label={`${title}, with the limits as entered`}
              metric={metric}
              lines={settings === null ? [] : levelLines(settings[warn], settings[limit])}
              format={formatRate}
              formatAxis={formatBytes}
            />
          </div>
        ))}
      </div>
      <p role="status" aria-label="What these limits would have done">
        {draft.ok ? children : `The limits are not tested: ${draft.problem}.`}
      </p>
    </section>
  );
}

interface SuggestionProps {
  editor: Editor;
  setting: keyof typeof LEAST;
  readings: readonly (number | null)[];
}

/** The smallest limits that are suggested: below them a program would hardly have begun. */
const LEAST = { 'cpu.limitPercent': 10, 'memory.limitBytes': 10_000_000 } as const;

/** A limit that follows from the readings, to be taken over with one press. */
function Suggestion({ editor: { form }, setting, readings }: SuggestionProps) {
  const limit = suggestLimit(readings, LEAST[setting]);
  if (limit === null) return null;
  const words = showSetting(setting, limit);
  return (
    <Button
      size="compact-sm"
      variant="default"
      title={`${labelOf(setting)}: 1.5 times the 99th percentile of the last hour, rounded up`}
      onClick={() => form.setFieldValue(`overrides.${idOf(setting)}`, writeSetting(setting, limit))}
    >
      Suggest {words}
    </Button>
  );
}

/** What came of a trial, and on which readings. */
function verdict(
  { hits, readings, diskReadings, from, readingsOf, limitsOf }: Backtest,
  settings: Settings | null,
): string {
  if (readings === 0 || from === null)
    return `There are no readings of the last ${BACK_HOURS} h to test the limits on.`;
  const acts = hits.filter(({ level }) => level === 'act');
  const last = acts.at(-1);
  const value = (hit: Backtest['hits'][number], of: number) =>
    hit.metric === 'cpu' ? formatPercent(of) : formatReading(of, BACKTEST_UNITS[hit.metric]);
  const parts = [
    `The limits would have acted ${plural(acts.length, 'time')} and warned ${plural(hits.length - acts.length, 'time')} in the last ${BACK_HOURS} h, on ${formatCount(readings)} readings since ${formatClock(from, false)}.`,
    ...(last === undefined
      ? []
      : [`The last time was at ${formatClock(last.at)}: ${value(last, last.value)} over ${value(last, last.limit)}.`]),
    ...(limitsDisk(settings) && diskReadings < readings
      ? [`${formatCount(diskReadings)} of them include disk rates, which ${WHEN_RECORDED}.`]
      : []),
    readingsOf === limitsOf
      ? `The readings are of ${SCOPES[readingsOf]}; if several run, the limits apply to each of them alone.`
      : `The readings are of ${SCOPES[readingsOf]}, the limits of ${SCOPES[limitsOf]}, so this is only an approximation.`,
  ];
  return parts.join(' ');
}

const WHEN_RECORDED = 'are recorded only while a disk limit of the watch is set';

function limitsDisk(settings: Settings | null): boolean {
  return (
    settings !== null && DISK_DIRECTIONS.some(({ warn, limit }) => settings[warn] !== null || settings[limit] !== null)
  );
}

const SCOPES: Readonly<Record<Backtest['limitsOf'], string>> = {
  process: 'its processes alone',
  tree: 'its processes with all their descendants',
};

/** How often a process was above the limits. Moments lie too far apart to say whether that would have been acted on. */
function recordedVerdict({ moments, cpu, memory }: MomentsAbove, settings: Settings): string {
  if (moments === 0) return 'nothing in the last hour.';
  const { 'limits.violations': violations, 'limits.samples': samples } = settings;
  const parts = [
    ...(settings['cpu.limitPercent'] === null ? [] : [`above the CPU limit in ${formatCount(cpu.act)}`]),
    ...(settings['cpu.warnPercent'] === null ? [] : [`above its warning in ${formatCount(cpu.warn)}`]),
    ...(settings['memory.limitBytes'] === null ? [] : [`above the memory limit in ${formatCount(memory.act)}`]),
    ...(settings['memory.warnBytes'] === null ? [] : [`above its warning in ${formatCount(memory.warn)}`]),
  ];
  return parts.length === 0
    ? `${plural(moments, 'moment')} of the last hour; no limit of CPU or memory is set.`
    : `of ${plural(moments, 'moment')} of the last hour it was ${parts.join(', ')}. Once it is watched, ${violations} of ${plural(samples, 'reading')} above a limit trigger the action.`;
}
