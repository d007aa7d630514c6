import { Group, UnstyledButton } from '@mantine/core';
import type { Settings } from '../../shared/model/settings';
import type { WatchedProcess, WatchStatus } from '../../shared/model/snapshot';
import { compareNames } from '../../shared/lib/text/compare-names';
import { CHARTED } from '../../shared/findings';
import { formatBytes, formatCount, formatPercent } from '../format/format';
import { compareUrgency } from '../../shared/lib/format/standing';
import { presentPolicy, presentTarget, READINESS_WORDS } from '../words/present-watch';
import { compareProbes, probesSummary } from '../words/present-probe';
import type { Tab } from '../store/route';
import { useAppState } from '../hooks/use-app';
import { navigate } from '../hooks/use-route';
import type { WatchTrend } from '../store/state';
import { TREND_LENGTH } from '../store/store';
import { BudgetGauge } from './BudgetGauge';
import { Clip } from '../kit/Clip';
import { CooldownLeft } from './CooldownLeft';
import table from '../kit/DataTable.module.css';
import { NextRun } from './NextRun';
import { NextTry } from './NextTry';
import { ReadinessSign } from './ReadinessSign';
import { StateBadge } from './StateBadge';
import { Since } from '../kit/times';
import { Trend } from '../kit/Trend';
import { UseBar } from '../kit/UseBar';
import { WatchActions } from './WatchActions';
import { WatchNote } from './WatchNote';
import type { WatchColumn } from './watch-column';

type Compare = NonNullable<WatchColumn['compare']>;

export const compareCpu: Compare = (one, other) => one.use.cpuPercent - other.use.cpuPercent;
export const compareMemory: Compare = (one, other) => one.use.memoryBytes - other.use.memoryBytes;
export const compareRestarts: Compare = (one, other) => one.restarts - other.restarts;
const byName = (one: WatchStatus, other: WatchStatus) => compareNames(one.watch.name, other.watch.name);

/** The name, which opens the details over the view it stands in. */
export function nameColumn(tab: Tab): WatchColumn {
  return {
    ...{ id: 'watch', header: 'Watch', compare: byName },
    cell: (status) => (
      <div className={status.instance === undefined ? undefined : table.nested}>
        <UnstyledButton className={table.name} onClick={() => navigate({ tab, item: status.watch.id })}>
          {status.watch.name}
        </UnstyledButton>
        <WatchNote status={status} />
      </div>
    ),
  };
}

/** The state, and below it for how long, or how long until it is tried again. */
export const STATE_COLUMN: WatchColumn = {
  ...{ id: 'state', header: 'State', width: 140, compare: compareUrgency },
  cell: (status) => (
    <>
      <Group gap={6} wrap="nowrap">
        <StateBadge phase={status.phase} />
        {status.readiness === null ? null : <ReadinessSign readiness={status.readiness} />}
      </Group>
      <span className={table.sub}>
        <Standing status={status} />
      </span>
    </>
  ),
};

/** For how long it is as it is, or how long until it is tried again. */
export function Standing({ status }: { status: WatchStatus }) {
  const { processes, phase, sinceAt, budget, readiness } = status;
  if (budget.cooldown !== null) return <CooldownLeft cooldown={budget.cooldown} />;
  // More urgent than for how long it runs; the sign beside the phase stands for it elsewhere.
  if (readiness !== null && readiness !== 'ready') return READINESS_WORDS[readiness].word;
  if (processes.length > 0 && phase === 'running') {
    return (
      <>
        up <Since at={Math.min(...processes.map((process) => process.startedAt))} />
      </>
    );
  }
  const since = (
    <>
      for <Since at={sinceAt} />
    </>
  );
  return <NextTry status={status} otherwise={since} />;
}

/** CPU of all processes, and the busiest one against the limit. */
export const CPU_COLUMN: WatchColumn = {
  ...{ id: 'cpu', header: 'CPU', sub: '% of one core', width: 112, end: true },
  compare: compareCpu,
  cell: (status) => (
    <Use
      status={status}
      total={status.use.cpuPercent}
      of={(process) => process.cpuPercent}
      show={formatPercent}
      levels={['cpu.warnPercent', 'cpu.limitPercent']}
      format={(percent) => `${Math.round(percent)} %`}
    />
  ),
};

/** Memory of all processes, and the largest one against the limit. */
export const MEMORY_COLUMN: WatchColumn = {
  ...{ id: 'memory', header: 'Memory', sub: 'resident', width: 118, end: true },
  compare: compareMemory,
  cell: (status) => (
    <Use
      status={status}
      total={status.use.memoryBytes}
      of={(process) => process.rssBytes}
      show={formatBytes}
      levels={['memory.warnBytes', 'memory.limitBytes']}
      format={formatBytes}
    />
  ),
};

type Level = 'cpu.warnPercent' | 'cpu.limitPercent' | 'memory.warnBytes' | 'memory.limitBytes';

interface UseProps {
  status: WatchStatus;
  /** What all of its processes use together, as its limits count. */
  total: number;
  show: (value: number) => string;
  /** A limit holds for each process: of several the largest is drawn against it. */
  of: (process: WatchedProcess) => number;
  levels: readonly [warn: Level, limit: Level];
  format: (value: number) => string;
}

function Use({ status, total, of, show, levels: [warn, limit], format }: UseProps) {
  const { processes } = status;
  const settings: Settings = status.settings;
  if (processes.length === 0) return '–';
  return (
    <>
      <span className={table.line}>{show(total)}</span>
      <UseBar
        value={processes.length === 1 ? total : Math.max(...processes.map(of))}
        warn={settings[warn]}
        limit={settings[limit]}
        format={format}
      />
    </>
  );
}

/** Of each further metric that is limited for one of the watches, its values. */
export function countColumns(watches: readonly WatchStatus[]): readonly WatchColumn[] {
  return CHARTED.filter(({ metric }) => watches.some(({ use }) => use.counts?.[metric] !== undefined)).map(
    ({ metric, chart: { title }, keys }) => ({
      ...{ id: metric, header: title, width: 96, end: true, from: 'wide' as const },
      compare: (one, other) => (one.use.counts?.[metric] ?? -1) - (other.use.counts?.[metric] ?? -1),
      cell: ({ use, settings, processes }) => {
        const value = use.counts?.[metric];
        if (value === undefined) return '–';
        return (
          <>
            <span className={table.line}>{formatCount(value)}</span>
            {/* A limit holds for each process, and of several only the sum is known. */}
            {processes.length === 1 ? (
              <UseBar
                value={value}
                warn={keys.warn === null ? null : settings[keys.warn]}
                limit={settings[keys.act]}
                format={formatCount}
              />
            ) : null}
          </>
        );
      },
    }),
  );
}

const NO_TREND: readonly number[] = [];

/** CPU of the last minute and a half as a curve. */
export const TREND_COLUMN: WatchColumn = {
  ...{ id: 'trend', header: 'Trend', sub: 'CPU', width: 88, from: 'wide' },
  cell: (status) => <WatchTrendCurve id={status.watch.id} of="cpuPercent" />,
};

const TREND_COLORS: Readonly<Record<keyof WatchTrend, string>> = {
  cpuPercent: 'var(--hd-cpu)',
  memoryBytes: 'var(--hd-memory)',
};

/** The last minute and a half of a watch as a curve. */
export function WatchTrendCurve({ id, of }: { id: string; of: keyof WatchTrend }) {
  const values = useAppState((state) => state.trends.get(id)?.[of] ?? NO_TREND);
  // Memory hardly moves: without air above it, its curve would be the line between two rows.
  const top = of === 'memoryBytes' ? 1.5 * Math.max(1, ...values) : undefined;
  return <Trend values={values} length={TREND_LENGTH} top={top} color={TREND_COLORS[of]} />;
}

/** How often it was restarted, and how much of the budget of the short window that used. */
export const RESTARTS_COLUMN: WatchColumn = {
  ...{ id: 'restarts', header: 'Restarts', sub: 'budget used', width: 104, end: true, from: 'medium' },
  compare: compareRestarts,
  cell: ({ restarts, budget }) => {
    const [window] = budget.windows;
    return (
      <>
        <span className={table.line}>{restarts}</span>
        {window === undefined ? null : <BudgetGauge window={window} />}
      </>
    );
  },
};

/** What the schedule does next. */
export const NEXT_RUN_COLUMN: WatchColumn = {
  ...{ id: 'next-run', header: 'Next run', width: 132, from: 'wide' },
  compare: (one, other) => (one.nextRun?.at ?? Infinity) - (other.nextRun?.at ?? Infinity) || 0,
  cell: (status) => <NextRun status={status} otherwise="–" />,
};

/** What is started or looked for. */
export const TARGET_COLUMN: WatchColumn = {
  ...{ id: 'target', header: 'Target', from: 'medium' },
  cell: ({ watch }) => {
    const target = presentTarget(watch.target);
    return (
      <>
        <Clip text={target.text} code />
        <span className={table.sub}>{target.kind}</span>
      </>
    );
  },
};

/** How many of its probes pass, or which fail. */
export const PROBES_COLUMN: WatchColumn = {
  ...{ id: 'probes', header: 'Probes', width: 132, from: 'widest' },
  compare: (one, other) => compareProbes(one.probes, other.probes),
  cell: ({ probes }) => {
    if (probes.length === 0) return '–';
    const { text, failing } = probesSummary(probes);
    return (
      <>
        <span className={table.line}>{text}</span>
        {failing.length === 0 ? null : (
          <span className={table.sub}>
            <Clip text={failing.join(', ')} />
          </span>
        )}
      </>
    );
  },
};

/** Whether a column of probes has anything to show. */
export function hasProbes(watches: Iterable<WatchStatus>): boolean {
  return [...watches].some(({ probes }) => probes.length > 0);
}

/** When it is restarted, and whether it is started with the engine. */
export const POLICY_COLUMN: WatchColumn = {
  ...{ id: 'policy', header: 'Restart', sub: 'at engine start', width: 150, from: 'widest' },
  cell: ({ watch }) => (
    <>
      <span className={table.line}>{presentPolicy(watch)}</span>
      <span className={table.sub}>{watch.autostart ? 'started' : 'left stopped'}</span>
    </>
  ),
};

/** What can be done to a watch as it is. */
export const ACTIONS_COLUMN: WatchColumn = {
  ...{ id: 'actions', header: 'Actions', width: 156, end: true },
  cell: (status) => <WatchActions status={status} />,
};

/** What can be done to a watch and its definition. */
export const ALL_ACTIONS_COLUMN: WatchColumn = {
  ...{ id: 'actions', header: 'Actions', width: 220, end: true },
  cell: (status) => <WatchActions status={status} withEdit />,
};
