import { Group, Menu } from '@mantine/core';
import { IconDots, IconPlayerPlay, IconPlayerStop, IconRefresh, type Icon } from '@tabler/icons-react';
import type { WatchStatus } from '../../shared/model/snapshot';
import { formatDuration } from '../format/format';
import { useApp, useUiState } from '../hooks/use-app';
import { RowButton } from '../kit/RowButton';
import { thoseThatCan } from '../words/present-watch';
import { SNOOZE_SPANS } from './SnoozeMenu';

const ACTIONS: readonly { action: 'start' | 'stop' | 'restart'; word: string; icon: Icon }[] = [
  { action: 'start', word: 'Start', icon: IconPlayerPlay },
  { action: 'stop', word: 'Stop', icon: IconPlayerStop },
  { action: 'restart', word: 'Restart', icon: IconRefresh },
];

/** What can be done to all watches of a group; each button takes those for which it makes sense. */
export function GroupActions({ name, watches }: { name: string; watches: readonly WatchStatus[] }) {
  const { actions } = useApp();
  const isBusy = useUiState((state) => watches.some(({ watch }) => state.busy.has(watch.id)));
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {ACTIONS.map(({ action, word, icon }) => {
        const those = thoseThatCan(action, watches);
        return (
          <RowButton
            key={action}
            label={`${word} group ${name}`}
            icon={icon}
            disabled={isBusy || those.length === 0}
            onClick={() => void actions.actAll(action, those)}
          />
        );
      })}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <RowButton label={`More for group ${name}`} icon={IconDots} disabled={isBusy} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Observe</Menu.Label>
          <Menu.Item onClick={() => void actions.observeAll(watches, true)}>Only report, take no action</Menu.Item>
          <Menu.Item onClick={() => void actions.observeAll(watches, false)}>Take action again</Menu.Item>
          <Menu.Divider />
          <Menu.Label>Snooze alerts</Menu.Label>
          {SNOOZE_SPANS.map((forMs) => (
            <Menu.Item key={forMs} onClick={() => void actions.snoozeAll(watches, forMs)}>
              {forMs === null ? 'Until resolved' : `For ${formatDuration(forMs)}`}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
