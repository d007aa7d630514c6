import { UnstyledButton } from '@mantine/core';
import { restartWords } from '../../../shared/lib/format/restart-words';
import { compareUrgency } from '../../../shared/lib/format/standing';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatBytes, formatPercent, plural } from '../../format/format';
import { navigate } from '../../hooks/use-route';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { budgetWords } from '../../parts/BudgetGauge';
import { NextTry } from '../../parts/NextTry';
import { ObservedBadge } from '../../parts/ObservedBadge';
import { ReadinessSign } from '../../parts/ReadinessSign';
import { StateBadge } from '../../parts/StateBadge';
import { WatchActions } from '../../parts/WatchActions';
import {
  compareCpu,
  compareMemory,
  compareRestarts,
  nameColumn,
  PROBES_COLUMN,
  Standing,
  WatchTrendCurve,
} from '../../parts/watch-columns';
import type { WatchColumn } from '../../parts/watch-column';
import { probesSummary } from '../../words/present-probe';
import { presentPhase } from '../../words/present-watch';
import classes from './compact-columns.module.css';

const STATE: WatchColumn = {
  ...{ id: 'state', header: 'State', compare: compareUrgency, width: 116, small: 'sign' },
  cell: ({ phase }) => (
    <span title={presentPhase(phase).word}>
      <StateBadge phase={phase} plain />
    </span>
  ),
};

const NAME: WatchColumn = {
  ...nameColumn('overview'),
  ...{ width: 144, small: 'shares' },
  cell: ({ watch: { id, name }, readiness }) => (
    <span className={classes.line}>
      <UnstyledButton className={table.name} onClick={() => navigate({ tab: 'overview', item: id })}>
        {name}
      </UnstyledButton>
      {readiness === null ? null : <ReadinessSign readiness={readiness} />}
    </span>
  ),
};

/** What is wrong, or why it is as it is, and how long until the next try; for how long where nothing is to be said. */
const STANDING: WatchColumn = {
  ...{ id: 'standing', header: 'Cause or uptime', compare: (one, other) => other.sinceAt - one.sinceAt },
  cell: (status) => {
    const words = status.cause ?? (status.reason === presentPhase(status.phase).word ? null : status.reason);
    return (
      <span className={classes.line}>
        {status.observed ? <ObservedBadge /> : null}
        {words === null ? null : (
          <span className={classes.words} data-wrong={status.cause !== null || undefined}>
            <Clip text={words} />
          </span>
        )}
        <span className={classes.since} data-beside={words !== null || undefined}>
          {words === null ? <Standing status={status} /> : <NextTry status={status} otherwise={null} />}
        </span>
      </span>
    );
  },
};

/** A reading in the row of a watch; nothing where nothing runs. */
const ofRunning = (read: (status: WatchStatus) => string): WatchColumn['cell'] =>
  function Use(status) {
    return status.processes.length === 0 ? '–' : read(status);
  };

const CPU: WatchColumn = {
  ...{ id: 'cpu', header: 'CPU', label: 'CPU, % of one core', width: 68, end: true, from: 'small' },
  ...{ compare: compareCpu, cell: ofRunning(({ use: { cpuPercent } }) => formatPercent(cpuPercent)) },
};

const CPU_TREND: WatchColumn = {
  ...{ id: 'trend', header: 'Trend', label: 'CPU trend', width: 68, from: 'wide' },
  cell: ({ watch }) => <WatchTrendCurve id={watch.id} of="cpuPercent" />,
};

const MEMORY: WatchColumn = {
  ...{ id: 'memory', header: 'Memory', label: 'Memory, resident', width: 80, end: true, from: 'small' },
  ...{ compare: compareMemory, cell: ofRunning(({ use: { memoryBytes } }) => formatBytes(memoryBytes)) },
};

const MEMORY_TREND: WatchColumn = {
  ...{ id: 'memory-trend', header: 'Trend', label: 'Memory trend', width: 68, from: 'wide' },
  cell: ({ watch }) => <WatchTrendCurve id={watch.id} of="memoryBytes" />,
};

/** The names of those that fail are in the details of a watch. */
const PROBES: WatchColumn = {
  ...{ ...PROBES_COLUMN, width: 120 },
  cell: ({ probes }) => (probes.length === 0 ? '–' : <Clip text={probesSummary(probes).text} />),
};

/** In a word or two; the numbers of all windows on hover, and on the page of cooldowns. */
const RESTARTS: WatchColumn = {
  ...{ id: 'restarts', header: 'Restarts', width: 116, from: 'medium', compare: compareRestarts },
  cell: (status) => {
    const { restarts, budget } = status;
    const words = restartWords(status);
    const numbers = [plural(restarts, 'restart'), ...budget.windows.map(budgetWords)].join('; ');
    return (
      <span className={classes.restarts} data-word={words} title={numbers}>
        {words}
      </span>
    );
  },
};

const ACTIONS: WatchColumn = {
  ...{ id: 'actions', header: 'Actions', width: 136, end: true, from: 'widest' },
  cell: (status) => <WatchActions status={status} />,
};

/** Rows of one line: what somebody sees of fifteen programs without a scroll. */
export const COMPACT_COLUMNS = [
  ...[STATE, NAME, STANDING, CPU, CPU_TREND, MEMORY, MEMORY_TREND, PROBES, RESTARTS],
  ACTIONS,
];
