import { Button } from '@mantine/core';
import { IconFileExport, IconFileImport, IconFilterOff } from '@tabler/icons-react';
import { groupsOf, isInGroup } from '../../../shared/lib/format/watch-groups';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { plural } from '../../format/format';
import { byName } from '../../words/present-watch';
import { isFoldedAway } from '../../words/table-items';
import { sectionsOf, seenIn } from '../../words/watch-sections';
import { rem } from '../../format/text-scale';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import type { WatchSort } from '../../store/ui';
import { EmptyState } from '../../kit/EmptyState';
import { FilterInput } from '../../kit/FilterInput';
import page from '../../kit/Page.module.css';
import {
  ALL_ACTIONS_COLUMN,
  hasProbes,
  nameColumn,
  POLICY_COLUMN,
  PROBES_COLUMN,
  STATE_COLUMN,
  TARGET_COLUMN,
} from '../../parts/watch-columns';
import { FilterSelect } from '../../parts/FilterSelect';
import { WatchArrangement } from '../../parts/WatchArrangement';
import { WatchTable } from '../../parts/WatchTable';
import { BulkBar } from './BulkBar';
import { fitsFilter } from './filter';
import { FirstRun } from './FirstRun';
import { useExport } from './use-export';

const NAME_COLUMN = nameColumn('watches');
const COLUMNS = [NAME_COLUMN, STATE_COLUMN, TARGET_COLUMN, POLICY_COLUMN, ALL_ACTIONS_COLUMN];
const COLUMNS_WITH_PROBES = [
  ...[NAME_COLUMN, STATE_COLUMN, PROBES_COLUMN],
  ...[TARGET_COLUMN, POLICY_COLUMN, ALL_ACTIONS_COLUMN],
];

const NONE_FOLDED: ReadonlySet<string> = new Set();

/** What is watched, and how: to add, change and remove. */
export function WatchesTab() {
  const { ui } = useApp();
  const all = useAppState((state) => state.live.watches);
  const filter = useUiState((state) => state.watchFilter);
  const group = useUiState((state) => state.watchGroup);
  const sort = useUiState((state) => state.watchSort);
  const chosenIds = useUiState((state) => state.chosenWatches);
  const { groupBy } = useUiState((state) => state.watchTable);
  const foldedGroups = useUiState((state) => state.foldedGroups);
  const groups = groupsOf(all.values());
  const fitting = sorted(all.values(), sort).filter(
    (status) => fitsFilter(status, filter) && (group === null || isInGroup(status, group)),
  );
  const sections = groupBy === 'group' && groups.length > 0 ? sectionsOf(fitting, all.values(), group) : undefined;
  // What is searched for is shown, wherever it is.
  const folded = filter === '' ? foldedGroups : NONE_FOLDED;
  const shown = sections === undefined ? fitting : seenIn(fitting, sections, folded);
  // Only what is seen can be acted on.
  const chosen = shown.filter((status) => chosenIds.has(status.watch.id) && !isFoldedAway(status, folded));
  return (
    <div className={page.page}>
      {all.size === 0 ? (
        <FirstRun />
      ) : (
        <>
          <Toolbar shown={fitting.length} all={all.size} groups={groups.map(({ name }) => name)} />
          {fitting.length === 0 ? (
            <EmptyState
              icon={IconFilterOff}
              title="No matching watches"
              actions={
                <Button variant="default" onClick={() => ui.show({ watchFilter: '', watchGroup: null })}>
                  Show all watches
                </Button>
              }
            >
              None of the watches has these words in its name, groups or target.
            </EmptyState>
          ) : (
            <>
              {chosen.length === 0 ? null : <BulkBar chosen={chosen} />}
              <WatchTable
                watches={shown}
                all={all.values()}
                sections={sections}
                folded={folded}
                columns={hasProbes(all.values()) ? COLUMNS_WITH_PROBES : COLUMNS}
                sort={sort}
                onSort={(watchSort) => ui.show({ watchSort })}
                selection={{ chosen: chosenIds, toggle: ui.toggleWatch, chooseOnly: ui.chooseWatches }}
              />
            </>
          )}
        </>
      )}
    </div>
  );
}

/** By name within what the chosen column holds equal. */
function sorted(watches: Iterable<WatchStatus>, { column, descending }: WatchSort): WatchStatus[] {
  const compare = COLUMNS_WITH_PROBES.find(({ id }) => id === column)?.compare;
  const named = byName(watches);
  if (compare === undefined) return named;
  return named.sort((one, other) => (descending ? compare(other, one) : compare(one, other)));
}

function Toolbar({ shown, all, groups }: { shown: number; all: number; groups: readonly string[] }) {
  const { ui } = useApp();
  const filter = useUiState((state) => state.watchFilter);
  const { isBusy, exportAll } = useExport();
  return (
    <div className={page.toolbar}>
      <FilterInput
        label="Filter watches"
        placeholder="Name, command or pattern"
        value={filter}
        onChange={(watchFilter) => ui.show({ watchFilter })}
      />
      {groups.length === 0 ? null : (
        <>
          <GroupFilter groups={groups} />
          <WatchArrangement />
        </>
      )}
      <Button
        variant="default"
        leftSection={<IconFileImport size={rem(16)} aria-hidden="true" />}
        onClick={() => ui.show({ importing: true })}
      >
        Import
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileExport size={rem(16)} aria-hidden="true" />}
        loading={isBusy}
        onClick={() => void exportAll()}
      >
        Export
      </Button>
      <span className={page.count} role="status">
        {shown === all ? plural(all, 'watch', 'watches') : `${shown} of ${plural(all, 'watch', 'watches')}`}
      </span>
    </div>
  );
}

/** The group of a filter: one that is there now, or the one that was chosen before its last watch left it. */
function GroupFilter({ groups }: { groups: readonly string[] }) {
  const { ui } = useApp();
  const group = useUiState((state) => state.watchGroup);
  return (
    <FilterSelect
      label="Group"
      all="All groups"
      data={group === null || groups.includes(group) ? groups : [...groups, group]}
      value={group}
      onChange={(watchGroup) => ui.show({ watchGroup })}
      width={150}
      searchable
    />
  );
}
