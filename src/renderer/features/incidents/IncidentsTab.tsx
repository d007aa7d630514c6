import { useCallback, useDeferredValue, useMemo } from 'react';
import type { Incident } from '../../../shared/model/incident';
import { formatDuration, plural } from '../../format/format';
import { listedIncidents, OUTCOMES, type IncidentFilter } from '../../words/present-incident';
import { useApp, useUiState } from '../../hooks/use-app';
import { useIncidents } from '../../hooks/use-incidents';
import { navigate } from '../../hooks/use-route';
import { Clip, ClipSentence } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { EmptyTable } from '../../kit/EmptyTable';
import { FilterInput } from '../../kit/FilterInput';
import { FilterSelect, WatchFilter } from '../../parts/FilterSelect';
import page from '../../kit/Page.module.css';
import { Ago, Since } from '../../kit/times';
import { VirtualTable, type Column } from '../../kit/VirtualTable';
import { IncidentDrawer } from './IncidentDrawer';
import { OutcomeMark } from './OutcomeMark';

const COLUMNS: readonly Column<Incident, string>[] = [
  { id: 'outcome', header: 'Outcome', width: '6.75rem', cell: ({ outcome }) => <OutcomeMark outcome={outcome} /> },
  {
    id: 'began',
    header: 'Began',
    width: '5.75rem',
    cell: ({ startedAt }) => (
      <span className={table.dim}>
        <Ago at={Date.parse(startedAt)} />
      </span>
    ),
  },
  {
    id: 'watch',
    header: 'Watch',
    width: 'minmax(5.625rem, 9.375rem)',
    cell: ({ watch }) => <Clip text={watch === '' ? 'The machine' : watch} />,
  },
  {
    id: 'summary',
    header: 'What happened',
    width: 'minmax(13.75rem, 1fr)',
    cell: (one) => <Summary incident={one} />,
  },
  {
    id: 'duration',
    header: 'Lasted',
    width: '6.5rem',
    numeric: true,
    cell: ({ durationMs, startedAt }) =>
      durationMs === null ? <Since at={Date.parse(startedAt)} /> : formatDuration(durationMs),
  },
  { id: 'restarts', header: 'Restarts', width: '5.25rem', numeric: true, cell: ({ restarts }) => restarts },
];

function Summary({ incident: { summary, affects } }: { incident: Incident }) {
  if (affects.length === 0) return <ClipSentence text={summary} />;
  return (
    <>
      <Clip text={summary} />
      <span className={table.dim}>
        <Clip text={`also affected: ${affects.map(({ watch }) => watch).join(', ')}`} />
      </span>
    </>
  );
}

const keyOf = ({ id }: Incident) => String(id);
const open = ({ id }: Incident) => navigate({ tab: 'incidents', item: String(id) });
const NO_INCIDENTS: readonly Incident[] = [];
const NONE = {
  title: 'Nothing went wrong',
  text: 'When a watched program crashes, exceeds a limit or shows an anomaly, it is listed here: what was detected, what was done, and how it ended.',
};

/** What went wrong, as stories: the newest first, each a press away from all of it. */
export function IncidentsTab() {
  const answer = useIncidents();
  const filter = useUiState((state) => state.incidentFilter);
  const settled = useDeferredValue(filter);
  const all = answer.kind === 'answered' ? answer.value : NO_INCIDENTS;
  const rows = useMemo(() => listedIncidents(all, settled), [all, settled]);
  return (
    <div className={`${page.fill} ${page.reading}`}>
      <Toolbar filter={filter} shown={rows.length} openCount={all.filter(({ outcome }) => outcome === 'open').length} />
      <VirtualTable
        label="Incidents"
        columns={COLUMNS}
        rows={rows}
        rowKey={keyOf}
        rowHeight={48}
        onOpen={open}
        minWidth={700}
        empty={
          <EmptyTable
            answer={answer}
            noun="incidents"
            unmatched="None of the newest incidents has these words, this outcome and this watch."
            none={NONE}
          />
        }
      />
      <IncidentDrawer />
    </div>
  );
}

function Toolbar({ filter, shown, openCount }: { filter: IncidentFilter; shown: number; openCount: number }) {
  const { ui } = useApp();
  const change = useCallback(
    (part: Partial<IncidentFilter>) => ui.show({ incidentFilter: { ...ui.getState().incidentFilter, ...part } }),
    [ui],
  );
  return (
    <div className={page.toolbar}>
      <FilterInput
        label="Search incidents"
        placeholder="Words or a number"
        value={filter.text}
        onChange={(text) => change({ text })}
      />
      <FilterSelect
        label="Outcome"
        all="All outcomes"
        data={Object.entries(OUTCOMES).map(([value, { word }]) => ({ value, label: word }))}
        value={filter.outcome}
        onChange={(outcome) => change({ outcome })}
        width={160}
      />
      <WatchFilter value={filter.watch} onChange={(watch) => change({ watch })} />
      <span className={page.count} role="status">
        {plural(shown, 'incident')}
        {openCount > 0 ? `, ${openCount} open` : ''}
      </span>
    </div>
  );
}
