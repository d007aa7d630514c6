import { Menu } from '@mantine/core';
import type { ReactElement } from 'react';
import { formatDuration } from '../format/format';
import type { WatchStatus } from '../../shared/model/snapshot';
import { useApp } from '../hooks/use-app';

/** How much longer a press makes a cooldown. */
const EXTENSIONS_MS = [600_000, 1_800_000, 3_600_000, 14_400_000];

/** Asks how much longer the cooldown of a watch is to last; `children` is the button that opens it. */
export function ExtendMenu({ status, children }: { status: WatchStatus; children: ReactElement }) {
  const { actions } = useApp();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>{children}</Menu.Target>
      <Menu.Dropdown>
        {EXTENSIONS_MS.map((byMs) => (
          <Menu.Item key={byMs} onClick={() => void actions.extendCooldown(status, byMs)}>
            by {formatDuration(byMs)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
