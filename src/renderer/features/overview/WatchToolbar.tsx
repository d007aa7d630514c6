import { Menu } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { ColumnsMenu } from '../../kit/ColumnsMenu';
import { FilterInput } from '../../kit/FilterInput';
import page from '../../kit/Page.module.css';
import { WatchArrangement } from '../../parts/WatchArrangement';
import type { WatchColumn } from '../../parts/watch-column';
import type { WatchTablePreferences } from '../../store/watch-table-preferences';
import { canLeave } from './overview-columns';
import classes from './OverviewTab.module.css';

const DENSITIES: readonly { density: WatchTablePreferences['density']; label: string }[] = [
  { density: 'compact', label: 'Compact rows' },
  { density: 'comfortable', label: 'Comfortable rows' },
];

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
        {DENSITIES.map(({ density: one, label }) => (
          <Menu.Item
            key={one}
            role="menuitemradio"
            aria-checked={one === density}
            leftSection={
              <IconCheck
                size={rem(16)}
                aria-hidden="true"
                style={{ visibility: one === density ? 'visible' : 'hidden' }}
              />
            }
            onClick={() => ui.arrangeWatches({ density: one })}
          >
            {label}
          </Menu.Item>
        ))}
        <Menu.Divider />
      </ColumnsMenu>
      <span className={page.count} role="status">
        {hits === all ? plural(all, 'watch', 'watches') : `${hits} of ${plural(all, 'watch', 'watches')}`}
      </span>
    </div>
  );
}
