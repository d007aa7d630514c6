import { useCallback, useDeferredValue, useMemo } from 'react';
import { CRASH_DAYS, type CrashGroup } from '../../../shared/model/crash-group';
import { formatCount, plural } from '../../format/format';
import { CRASH_STATES, crashFits, type CrashFilter } from '../../words/present-crash';
import { useApp, useUiState } from '../../hooks/use-app';
import { useCrashes } from '../../hooks/use-crashes';
import { navigate } from '../../hooks/use-route';
import { Clip, ClipSentence } from '../../kit/Clip';
import table from '../../kit/DataTable.module.css';
import { EmptyTable } from '../../kit/EmptyTable';
import { FilterInput } from '../../kit/FilterInput';
import page from '../../kit/Page.module.css';
import { Trend } from '../../kit/Trend';
import { Ago } from '../../kit/times';
import { VirtualTable, type Column } from '../../kit/VirtualTable';
import { FilterSelect, WatchFilter } from '../../parts/FilterSelect';
import { CrashDrawer } from './CrashDrawer';
import { CrashStateMark } from './CrashStateMark';

const COLUMNS: readonly Column<CrashGroup, string>[] = [
  { id: 'state', header: 'State', width: '6.5rem', cell: ({ state }) => <CrashStateMark state={state} /> },
  { id: 'title', header: 'What', width: 'minmax(13rem, 1fr)', cell: ({ title }) => <ClipSentence text={title} /> },
  { id: 'times', header: 'Times', width: '3.25rem', numeric: true, cell: ({ count }) => formatCount(count) },
  {
    id: 'days',
    header: 'Each day',
    unit: `last ${CRASH_DAYS} days`,
    width: '4.75rem',
    cell: ({ perDay }) => <Trend values={perDay} length={CRASH_DAYS} />,
  },
  { id: 'first', header: 'First seen', width: '5.25rem', cell: ({ firstAt }) => <Moment at={firstAt} /> },
  { id: 'last', header: 'Last seen', width: '5.25rem', cell: ({ lastAt }) => <Moment at={lastAt} /> },
  {
    id: 'watches',
    header: 'Watches',
    width: 'minmax(5rem, 8rem)',
    cell: ({ watches }) => <Clip text={watches.join(', ')} />,
  },
];

function Moment({ at }: { at: string }) {
  return (
    <span className={table.dim}>
      <Ago at={Date.parse(at)} />
    </span>
  );
}

const keyOf = ({ id }: CrashGroup) => id;
const open = ({ id }: CrashGroup) => navigate({ tab: 'crashes', item: id });
const NO_CRASHES: readonly CrashGroup[] = [];
const NONE = {
  title: 'Nothing has crashed',
  text: 'When a watched program crashes, the crash is listed here by its stack or its last message. The same crash is listed once, with how often, since when and in which watches it occurred.',
};

/** Each kind of crash once, however often it occurred: the latest first, each a press away from its last words. */
export function CrashesTab() {
  const answer = useCrashes();
  const filter = useUiState((state) => state.crashFilter);
  const settled = useDeferredValue(filter);
  const all = answer.kind === 'answered' ? answer.value : NO_CRASHES;
  const rows = useMemo(() => all.filter((crash) => crashFits(crash, settled)), [all, settled]);
  return (
    <div className={`${page.fill} ${page.reading}`}>
      <Toolbar filter={filter} rows={rows} />
      <VirtualTable
        label="Crashes"
        columns={COLUMNS}
        rows={rows}
        rowKey={keyOf}
        rowHeight={48}
        onOpen={open}
        minWidth={780}
        empty={
          <EmptyTable
            answer={answer}
            noun="crashes"
            unmatched="None of the crashes has these words, this state and this watch."
            none={NONE}
          />
        }
      />
      <CrashDrawer />
    </div>
  );
}

function Toolbar({ filter, rows }: { filter: CrashFilter; rows: readonly CrashGroup[] }) {
  const { ui } = useApp();
  const change = useCallback(
    (part: Partial<CrashFilter>) => ui.show({ crashFilter: { ...ui.getState().crashFilter, ...part } }),
    [ui],
  );
  const unseen = rows.filter(({ state }) => state === 'new' || state === 'regressed').length;
  return (
    <div className={page.toolbar}>
      <FilterInput
        label="Search crashes"
        placeholder="Words or an id"
        value={filter.text}
        onChange={(text) => change({ text })}
      />
      <FilterSelect
        label="State"
        all="All states"
        data={Object.entries(CRASH_STATES).map(([value, { word }]) => ({ value, label: word }))}
        value={filter.state}
        onChange={(state) => change({ state })}
        width={160}
      />
      <WatchFilter value={filter.watch} onChange={(watch) => change({ watch })} />
      <span className={page.count} role="status">
        {plural(rows.length, 'crash', 'crashes')}
        {unseen > 0 ? `, ${formatCount(unseen)} new or regressed` : ''}
      </span>
    </div>
  );
}
