import { useDebouncedValue } from '@mantine/hooks';
import { IconFilterOff, IconMoodHappy } from '@tabler/icons-react';
import { memo, useCallback, useDeferredValue, useMemo, useState } from 'react';
import { severitySchema, type HealdeckEvent } from '../../../shared/model/event';
import { FINDING_KINDS } from '../../../shared/findings';
import { plural } from '../../format/format';
import { SEVERITIES } from '../../words/present-event';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { Clip } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { EmptyState } from '../../kit/EmptyState';
import { FilterChoices, FilterSelect } from '../../parts/FilterSelect';
import { SeverityMark } from '../../parts/SeverityMark';
import page from '../../kit/Page.module.css';
import { Ago } from '../../kit/times';
import { VirtualTable, type Column } from '../../kit/VirtualTable';
import classes from './AnomaliesTab.module.css';
import {
  FINDING_TYPES,
  findingFits,
  findingsOf,
  KIND_WORDS,
  type Finding,
  type FindingFilter,
} from '../../words/findings';
import { REST_MS, Timeline } from './Timeline';
import type { Grouping, Span } from './timeline';

/** The most that the engine gives at once. */
const MAX_FINDINGS = 10_000;
const KIND_CHOICES = FINDING_KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] }));
const NO_EVENTS: readonly HealdeckEvent[] = [];

const COLUMNS: readonly Column<Finding, string>[] = [
  {
    id: 'severity',
    header: 'Severity',
    width: '6.125rem',
    cell: ({ severity }) => <SeverityMark severity={severity} />,
  },
  {
    id: 'time',
    header: 'Time',
    width: '5.75rem',
    cell: ({ at }) => (
      <span className={table.dim}>
        <Ago at={at} />
      </span>
    ),
  },
  { id: 'watch', header: 'Watch', width: 'minmax(5rem, 8.75rem)', cell: ({ watch }) => <Clip text={watch} /> },
  {
    id: 'kind',
    header: 'What',
    width: '7.875rem',
    cell: ({ kind }) => <strong style={{ fontWeight: 600 }}>{KIND_WORDS[kind]}</strong>,
  },
  { id: 'why', header: 'Why', width: 'minmax(9.375rem, 1fr)', cell: ({ event }) => <Clip text={event.message} /> },
  {
    id: 'action',
    header: 'Action',
    width: 'minmax(7.875rem, 9.375rem)',
    cell: (finding) => <Clip text={actionWords(finding)} />,
  },
];

function actionWords({ action, observed }: Finding): string {
  const words = action.replaceAll('_', ' ');
  return observed ? `would have: ${words}` : words;
}

const keyOf = ({ event }: Finding) => String(event.id);

/** What was found wrong with processes: over time, and in a table; each a press away from the readings behind it. */
export function AnomaliesTab() {
  const { ui } = useApp();
  const live = useAppState((state) => state.live.events);
  const filter = useUiState((state) => state.findingFilter);
  const settled = useDeferredValue(filter);
  const [grouping, setGrouping] = useState<Grouping>('watch');
  const [seen, setSeen] = useState<{ span: Span | null; rangeMs: number }>({ span: null, rangeMs: 86_400_000 });
  const asked = useAnswer('findings', (client, signal) =>
    client.events.list({ types: [...FINDING_TYPES], limit: MAX_FINDINGS }, { signal }),
  );
  const past = useLast(asked.kind === 'answered' ? asked.value : null) ?? NO_EVENTS;
  const all = useMemo(() => findingsOf(past, live), [past, live]);
  const fitting = useMemo(() => all.filter((finding) => findingFits(finding, settled)), [all, settled]);
  // What the timeline shows is what the table lists, once somebody has chosen a part of time. The drawing follows the hand at
  // once, the table when the hand rests.
  const [listed] = useDebouncedValue(seen.span, REST_MS);
  const rows = useMemo(
    () => (listed === null ? fitting : fitting.filter(({ at }) => isWithin(at, listed))),
    [fitting, listed],
  );
  const open = useCallback((finding: Finding) => ui.show({ event: finding.event }), [ui]);
  const onSpan = useCallback((span: Span | null, rangeMs: number) => setSeen({ span, rangeMs }), []);

  if (all.length === 0 && asked.kind === 'answered') {
    return (
      <div className={page.alone}>
        <EmptyState icon={IconMoodHappy} title="No anomalies detected">
          Limits that were exceeded, zombies, fork bombs, leaks of memory, file descriptors and threads, CPU spikes,
          stalls and rapid crashes are shown here, each with the readings that led to it.
        </EmptyState>
      </div>
    );
  }
  return (
    <div className={`${classes.fill} ${page.reading}`}>
      <Toolbar filter={filter} all={all} shown={rows.length} />
      <Timeline
        findings={fitting}
        grouping={grouping}
        onGroup={setGrouping}
        onOpen={open}
        span={seen.span}
        rangeMs={seen.rangeMs}
        onSpan={onSpan}
      />
      <FindingTable rows={rows} onOpen={open} />
    </div>
  );
}

interface FindingTableProps {
  rows: readonly Finding[];
  onOpen: (finding: Finding) => void;
}

/** It stands still while the timeline is moved, and lists anew what is seen a moment later. */
const FindingTable = memo(function FindingTable({ rows, onOpen }: FindingTableProps) {
  return (
    <VirtualTable
      label="Findings"
      columns={COLUMNS}
      rows={rows}
      rowKey={keyOf}
      rowHeight={38}
      onOpen={onOpen}
      minWidth={760}
      empty={
        <EmptyState icon={IconFilterOff} title="No matching findings">
          Nothing was found with this kind, severity, watch and action in this time.
        </EmptyState>
      }
    />
  );
});

function isWithin(at: number, { from, to }: Span): boolean {
  return at >= from && at <= to;
}

interface ToolbarProps {
  filter: FindingFilter;
  all: readonly Finding[];
  shown: number;
}

const Toolbar = memo(function Toolbar({ filter, all, shown }: ToolbarProps) {
  const { ui } = useApp();
  const change = (part: Partial<FindingFilter>) => ui.show({ findingFilter: { ...filter, ...part } });
  const watches = useMemo(() => [...new Set(all.map(({ watch }) => watch))].sort(), [all]);
  const actions = useMemo(() => [...new Set(all.map(({ action }) => action))].sort(), [all]);
  return (
    <div className={page.toolbar}>
      <FilterChoices
        label="Kinds"
        all="All kinds"
        data={KIND_CHOICES}
        value={filter.kinds}
        onChange={(kinds) => change({ kinds })}
        width={200}
      />
      <FilterSelect
        label="Severity"
        all="All severities"
        data={severitySchema.options.map((severity) => ({ value: severity, label: SEVERITIES[severity].word }))}
        value={filter.severity}
        onChange={(severity) => change({ severity })}
        width={150}
      />
      <FilterSelect
        label="Watch"
        all="All watches"
        data={watches}
        value={filter.watch}
        onChange={(watch) => change({ watch })}
        width={150}
        searchable
      />
      <FilterSelect
        label="Action"
        all="All actions"
        data={actions.map((action) => ({ value: action, label: action.replaceAll('_', ' ') }))}
        value={filter.action}
        onChange={(action) => change({ action })}
        width={150}
      />
      <span className={page.count} role="status">
        {plural(shown, 'finding')}
      </span>
    </div>
  );
});
