import { Group } from '@mantine/core';
import {
  IconClockPlus,
  IconPencil,
  IconPlayerPlay,
  IconPlayerStopFilled,
  IconRefresh,
  IconPlayerSkipForward,
  IconTrash,
} from '@tabler/icons-react';
import { definitionOf } from '../../shared/lib/instances';
import type { WatchStatus } from '../../shared/model/snapshot';
import { withSiblings } from '../api/instance-actions';
import { possibleActions } from '../words/present-watch';
import { useApp, useUiState } from '../hooks/use-app';
import { draftFromSpec } from '../drafts/watch-draft';
import { RowButton } from '../kit/RowButton';
import { ExtendMenu } from './ExtendMenu';

/** What can be done to a watch, as buttons that are bound to the processes shown with them. */
export function WatchActions({ status, withEdit = false }: { status: WatchStatus; withEdit?: boolean }) {
  const { actions, store, ui } = useApp();
  const busy = useUiState((state) => state.busy.get(status.watch.id));
  const definition = definitionOf(status);
  const possible = possibleActions(status);
  const { name } = status.watch;
  const isBusy = busy !== undefined;
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {possible.start && !possible.stop ? (
        <RowButton
          label={`Start ${name}`}
          icon={IconPlayerPlay}
          loading={busy === 'start'}
          disabled={isBusy}
          onClick={() => void actions.act('start', status)}
        />
      ) : (
        <RowButton
          label={`Stop ${name}`}
          icon={IconPlayerStopFilled}
          danger
          loading={busy === 'stop' || status.phase === 'stopping'}
          disabled={isBusy || !possible.stop}
          onClick={() => void actions.act('stop', status)}
        />
      )}
      <PhaseButtons status={status} canRestart={possible.restart} />
      {withEdit ? (
        <>
          <RowButton
            label={`Edit ${definition.name}`}
            icon={IconPencil}
            onClick={() => ui.show({ editor: { kind: 'edit', ...definition, draft: draftFromSpec(definition) } })}
          />
          <RowButton
            label={`Remove ${definition.name}`}
            icon={IconTrash}
            danger
            disabled={isBusy}
            onClick={() => {
              const all = withSiblings([status], store.getState().live.watches);
              // Of several the operator may not think: that is asked first.
              if (all.length > 1) ui.show({ removing: all });
              else void actions.removeAll(all);
            }}
          />
        </>
      ) : null}
    </Group>
  );
}

/** What helps a watch most in its phase, beside stopping it. */
function PhaseButtons({ status, canRestart }: { status: WatchStatus; canRestart: boolean }) {
  const { actions } = useApp();
  const busy = useUiState((state) => state.busy.get(status.watch.id));
  const { name } = status.watch;
  const isBusy = busy !== undefined;
  if (status.phase === 'suspended') {
    return (
      <RowButton
        label={`Resume ${name}`}
        icon={IconPlayerPlay}
        loading={busy === 'start'}
        disabled={isBusy}
        onClick={() => void actions.act('start', status)}
      />
    );
  }
  if (status.phase === 'cooldown') {
    return (
      <>
        <RowButton
          label={`Retry ${name} now`}
          icon={IconPlayerPlay}
          loading={busy === 'start'}
          disabled={isBusy}
          onClick={() => void actions.act('start', status)}
        />
        <RowButton
          label={`Reset cooldown of ${name}`}
          icon={IconPlayerSkipForward}
          loading={busy === 'reset'}
          disabled={isBusy}
          onClick={() => void actions.resetCooldown(status)}
        />
        <ExtendMenu status={status}>
          <RowButton
            label={`Extend cooldown of ${name}`}
            icon={IconClockPlus}
            loading={busy === 'extend'}
            disabled={isBusy}
          />
        </ExtendMenu>
      </>
    );
  }
  return (
    <RowButton
      label={`Restart ${name}`}
      icon={IconRefresh}
      loading={busy === 'restart'}
      disabled={isBusy || !canRestart}
      onClick={() => void actions.act('restart', status)}
    />
  );
}
