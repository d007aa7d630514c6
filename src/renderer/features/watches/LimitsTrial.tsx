import { useMemo } from 'react';
import type { Backtest } from '../../../shared/model/backtest';
import { formatBytes, formatClock, formatCount, formatPercent, plural } from '../../lib/format';
import { RANGES } from '../../lib/ranges';
import { useAnswer } from '../../lib/use-answer';
import { useAppState } from '../../lib/use-app';
import { useSeries } from '../../lib/use-series';
import { chartRows } from '../../store/series';
import { TimeChart } from '../../ui/TimeChart';
import type { Editor } from './use-editor';
import { levelLines } from './WatchCharts';
import classes from './WatchEditor.module.css';

const HOUR_MS = RANGES[1].rangeMs;
const BACK_HOURS = 24;
/** Quiet time after the last key until the engine tries the limits. */
const TRIAL_DELAY_MS = 500;

/** The settings that a trial is about: those of the draft take the place of the watch's own, also where they are as for all. */
const TRIED = [
  ...(['cpu.warnPercent', 'cpu.limitPercent', 'cpu.action'] as const),
  ...(['memory.warnBytes', 'memory.limitBytes', 'memory.action'] as const),
  ...(['limits.violations', 'limits.samples', 'limits.scope'] as const),
];

/** What the limits that are typed would have done: drawn over the last hour, and counted over the last day. */
export function LimitsTrial({ editor }: { editor: Editor }) {
  const { editedId } = editor;
  return editedId === null ? (
    <p className={classes.trial}>
      Nothing is recorded of it yet. Once it is watched, limits can be tried here on what it has used.
    </p>
  ) : (
    <Trial watchId={editedId} draft={editor.draftSettings()} />
  );
}

function Trial({ watchId, draft }: { watchId: string; draft: ReturnType<Editor['draftSettings']> }) {
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
  const shared = { rows, rangeMs: HOUR_MS, height: 96, loaded: series?.loaded ?? false };
  return (
    <section aria-label="Limits on the past" className={classes.trial}>
      <div className={classes.trialCharts}>
        <div>
          <strong>CPU</strong>, last hour
          <TimeChart
            {...shared}
            label="CPU, with the limits as they are typed"
            metric="cpuPercent"
            lines={settings === null ? [] : levelLines(settings['cpu.warnPercent'], settings['cpu.limitPercent'])}
            format={(value) => `${Math.round(value)} %`}
          />
        </div>
        <div>
          <strong>Memory</strong>, last hour
          <TimeChart
            {...shared}
            label="Memory, with the limits as they are typed"
            metric="memoryBytes"
            lines={settings === null ? [] : levelLines(settings['memory.warnBytes'], settings['memory.limitBytes'])}
            format={formatBytes}
          />
        </div>
      </div>
      <p role="status" aria-label="What these limits would have done">
        {!draft.ok
          ? `Not tried on the past: ${draft.problem}.`
          : answer.kind === 'asking'
            ? 'Trying them on the past…'
            : answer.kind === 'failed'
              ? `They can’t be tried: ${answer.failure.message}`
              : verdict(answer.value)}
      </p>
    </section>
  );
}

/** What came of a trial, and on which readings. */
function verdict({ hits, readings, from, readingsOf, limitsOf }: Backtest): string {
  if (readings === 0 || from === null) return `No single reading of the last ${BACK_HOURS} h is kept to try them on.`;
  const acts = hits.filter(({ level }) => level === 'act');
  const last = acts.at(-1);
  const value = (hit: Backtest['hits'][number], of: number) =>
    hit.metric === 'cpu' ? formatPercent(of) : formatBytes(of);
  const parts = [
    `Would have acted ${plural(acts.length, 'time')} and warned ${plural(hits.length - acts.length, 'time')} in the last ${BACK_HOURS} h, on ${formatCount(readings)} readings since ${formatClock(from, false)}.`,
    ...(last === undefined
      ? []
      : [`The last time at ${formatClock(last.at)}: ${value(last, last.value)} over ${value(last, last.limit)}.`]),
    readingsOf === limitsOf
      ? `The readings are of ${SCOPES[readingsOf]}; where several run, limits hold for each alone.`
      : `The readings are of ${SCOPES[readingsOf]}, the limits of ${SCOPES[limitsOf]}: this is near to the truth only.`,
  ];
  return parts.join(' ');
}

const SCOPES: Readonly<Record<Backtest['limitsOf'], string>> = {
  process: 'its processes alone',
  tree: 'its processes with all below them',
};
