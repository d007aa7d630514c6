import { Button, CloseButton, Menu } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { withSiblings } from '../../api/instance-actions';
import { plural } from '../../format/format';
import { thoseThatCan } from '../../words/present-watch';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import classes from './WatchesTab.module.css';

/** What can be done to all watches that are chosen; each button takes those for which it makes sense, and shows how many. */
export function BulkBar({ chosen }: { chosen: readonly WatchStatus[] }) {
  const { actions, store, ui } = useApp();
  const isBusy = useUiState((state) => chosen.some(({ watch }) => state.busy.has(watch.id)));
  const starts = thoseThatCan('start', chosen);
  const stops = thoseThatCan('stop', chosen);
  const restarts = thoseThatCan('restart', chosen);
  return (
    <section className={classes.bulk} aria-label="Chosen watches">
      <strong role="status">{plural(chosen.length, 'watch', 'watches')} chosen</strong>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerPlay size={rem(15)} aria-hidden="true" />}
        disabled={isBusy || starts.length === 0}
        onClick={() => void actions.actAll('start', starts)}
      >
        Start {starts.length}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlayerStop size={rem(15)} aria-hidden="true" />}
        disabled={isBusy || stops.length === 0}
        onClick={() => void actions.actAll('stop', stops)}
      >
        Stop {stops.length}
      </Button>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconRefresh size={rem(15)} aria-hidden="true" />}
        disabled={isBusy || restarts.length === 0}
        onClick={() => void actions.actAll('restart', restarts)}
      >
        Restart {restarts.length}
      </Button>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button
            size="xs"
            variant="default"
            disabled={isBusy}
            rightSection={<IconChevronDown size={rem(13)} aria-hidden="true" />}
          >
            Observe
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => void actions.observeAll(chosen, true)}>Only report, take no action</Menu.Item>
          <Menu.Item onClick={() => void actions.observeAll(chosen, false)}>Take action again</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconTrash size={rem(15)} aria-hidden="true" />}
        disabled={isBusy}
        onClick={() => ui.show({ removing: withSiblings(chosen, store.getState().live.watches) })}
      >
        Remove {chosen.length}
      </Button>
      <CloseButton
        aria-label="Clear selection"
        title="Clear selection"
        ms="auto"
        onClick={() => ui.chooseWatches([])}
      />
    </section>
  );
}
