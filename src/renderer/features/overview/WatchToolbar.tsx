import { Menu } from '@mantine/core';
import { plural } from '../../format/format';
import { useApp, useUiState } from '../../hooks/use-app';
import { ColumnsMenu } from '../../kit/ColumnsMenu';
import { FilterInput } from '../../kit/FilterInput';
import page from '../../kit/Page.module.css';
import { WatchArrangement } from '../../parts/WatchArrangement';
import type { WatchColumn } from '../../parts/watch-column';
import type { WatchTablePreferences } from '../../store/watch-table-preferences';
import { canLeave } from './overview-columns';
import classes from './OverviewTab.module.css';

interface WatchToolbarProps {
  columns: readonly WatchColumn[];
  shown: readonly WatchColumn[];
  hits: number;
  all: number;
  hasGroups: boolean;
}

/** Which watches the overview shows, and how. */
export function WatchToolbar({ columns, shown, hits, all, hasGroups }: WatchToolbarProps) {
  const { ui } = useApp();
  const filter = useUiState((state) => state.overviewFilter);
  const { columns: chosen, density } = useUiState((state) => state.watchTable);
  return (
    <div className={`${page.toolbar} ${classes.toolbar}`}>
      <FilterInput
        label="Filter watches"
        placeholder="Name, group, command or pattern"
        value={filter}
        onChange={(overviewFilter) => ui.show({ overviewFilter })}
      />
      {hasGroups ? <WatchArrangement /> : null}
      <ColumnsMenu
        label="Columns and rows"
        columns={columns.filter(canLeave).map(({ id, header, label = header }) => ({ id, label }))}
        shown={shown.map(({ id }) => id)}
        isChosen={chosen !== null}
        onChoose={(ids) => ui.arrangeWatches({ columns: ids })}
      >
        <Menu.Label>Rows</Menu.Label>
        <Menu.RadioGroup value={density} onChange={(value) => ui.arrangeWatches({ density: densityOf(value) })}>
          <Menu.RadioItem value="compact">Compact rows</Menu.RadioItem>
          <Menu.RadioItem value="comfortable">Comfortable rows</Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
      </ColumnsMenu>
      <span className={page.count} role="status">
        {hits === all ? plural(all, 'watch', 'watches') : `${hits} of ${plural(all, 'watch', 'watches')}`}
      </span>
    </div>
  );
}

function densityOf(value: string): WatchTablePreferences['density'] {
  return value === 'comfortable' ? 'comfortable' : 'compact';
}
