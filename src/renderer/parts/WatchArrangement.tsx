import { SegmentedControl } from '@mantine/core';
import { useApp, useUiState } from '../hooks/use-app';
import type { WatchTablePreferences } from '../store/watch-table-preferences';

/** Whether tables of watches are divided into groups. */
export function WatchArrangement() {
  const { ui } = useApp();
  const { groupBy } = useUiState((state) => state.watchTable);
  return (
    <SegmentedControl
      aria-label="Group by"
      size="sm"
      value={groupBy}
      onChange={(value) => ui.arrangeWatches({ groupBy: value as WatchTablePreferences['groupBy'] })}
      data={[
        { value: 'none', label: 'List' },
        { value: 'group', label: 'Groups' },
      ]}
    />
  );
}
