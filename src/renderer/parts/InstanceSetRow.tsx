import { Group, Menu, UnstyledButton } from '@mantine/core';
import {
  IconChevronDown,
  IconChevronRight,
  IconDots,
  IconMinus,
  IconPlayerPlay,
  IconPlayerStop,
  IconPlus,
  IconRotateClockwise2,
} from '@tabler/icons-react';
import type { InstanceSet } from '../../shared/lib/format/instance-sets';
import { scaledTo } from '../../shared/lib/scaled-to';
import { busyKey } from '../api/instance-actions';
import { draftFromSpec } from '../drafts/watch-draft';
import { rem } from '../format/text-scale';
import { useApp, useUiState } from '../hooks/use-app';
import { Clip } from '../kit/Clip';
import table from '../kit/DataTable.module.css';
import { RowButton } from '../kit/RowButton';
import { thoseThatCan } from '../words/present-watch';
import classes from './GroupRow.module.css';
import { StateBadge } from './StateBadge';
import { hiding, type WatchColumn } from './watch-column';

interface InstanceSetRowProps {
  set: InstanceSet;
  columns: readonly WatchColumn[];
  hasSelection: boolean;
  isFolded: boolean;
  onFold: () => void;
}

/** The head of the instances of a watch in a table: its name folds them, beside it stand their state and what can be done to all of them. */
export function InstanceSetRow({ set, columns, hasSelection, isFolded, onFold }: InstanceSetRowProps) {
  const Chevron = isFolded ? IconChevronRight : IconChevronDown;
  const [others, last] = [columns.slice(0, -1), columns.at(-1)];
  return (
    <tr className={classes.row}>
      {hasSelection ? <td className={classes.rest} /> : null}
      <th scope="rowgroup" colSpan={others.filter(({ from }) => from === undefined).length} className={classes.head}>
        <div className={classes.line}>
          <UnstyledButton className={classes.fold} aria-expanded={!isFolded} onClick={onFold}>
            <Chevron size={rem(16)} aria-hidden="true" />
            <Clip text={set.name} />
          </UnstyledButton>
          <span className={classes.badge}>
            <StateBadge phase={set.phase} />
          </span>
          <ScaleButtons set={set} />
          <span className={classes.state}>
            <Clip text={set.text} />
          </span>
        </div>
      </th>
      {others.flatMap(({ id, from }) =>
        from === undefined ? [] : [<td key={id} className={`${classes.rest} ${hiding(from)}`} />],
      )}
      <td className={[classes.rest, table.end, hiding(last?.from)].filter(Boolean).join(' ')}>
        <InstanceSetActions set={set} />
      </td>
    </tr>
  );
}

/** One instance fewer, and one more, as far as the watch allows. */
export function ScaleButtons({ set }: { set: InstanceSet }) {
  const { actions } = useApp();
  const isBusy = useUiState((state) => state.busy.has(busyKey(set.of.id)));
  const may = (by: number): boolean => scaledTo(set.of, { by }).ok;
  return (
    <Group gap={2} wrap="nowrap" role="group" aria-label={`Number of instances of ${set.name}`}>
      <RowButton
        label={`One instance of ${set.name} fewer`}
        icon={IconMinus}
        disabled={isBusy || !may(-1)}
        onClick={() => void actions.scale(set, -1)}
      />
      <span>{set.of.instances?.count}</span>
      <RowButton
        label={`One instance of ${set.name} more`}
        icon={IconPlus}
        disabled={isBusy || !may(1)}
        onClick={() => void actions.scale(set, 1)}
      />
    </Group>
  );
}

/** What can be done to all instances of a watch, and to its definition. */
export function InstanceSetActions({ set }: { set: InstanceSet }) {
  const { actions, ui } = useApp();
  const { name, of, members } = set;
  const isBusy = useUiState(
    (state) => state.busy.has(busyKey(of.id)) || members.some(({ watch }) => state.busy.has(watch.id)),
  );
  const isRolling = members.some(({ instance }) => instance?.rolling !== undefined);
  const [starts, stops, restarts] = [
    thoseThatCan('start', members),
    thoseThatCan('stop', members),
    thoseThatCan('restart', members),
  ];
  return (
    <Group gap={4} wrap="nowrap" justify="flex-end">
      {starts.length > 0 && stops.length === 0 ? (
        <RowButton
          label={`Start all instances of ${name}`}
          icon={IconPlayerPlay}
          disabled={isBusy}
          onClick={() => void actions.actAll('start', starts)}
        />
      ) : (
        <RowButton
          label={`Stop all instances of ${name}`}
          icon={IconPlayerStop}
          disabled={isBusy || stops.length === 0}
          onClick={() => void actions.actAll('stop', stops)}
        />
      )}
      <RowButton
        label={`Restart ${name} one after another`}
        icon={IconRotateClockwise2}
        loading={isRolling}
        disabled={isBusy || isRolling || members.length < 2}
        onClick={() => void actions.roll(set)}
      />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <RowButton label={`More for ${name}`} icon={IconDots} disabled={isBusy} />
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={starts.length === 0} onClick={() => void actions.actAll('start', starts)}>
            Start those that are down
          </Menu.Item>
          <Menu.Item disabled={restarts.length === 0} onClick={() => void actions.actAll('restart', restarts)}>
            Restart all at once
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            onClick={() =>
              ui.show({
                editor: { kind: 'edit', id: of.id, name, revision: of.revision, draft: draftFromSpec(of) },
              })
            }
          >
            Edit {name}
          </Menu.Item>
          <Menu.Item onClick={() => ui.show({ removing: members })}>Remove {name}</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}
