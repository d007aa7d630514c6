import { ActionIcon, Button, Checkbox, Menu, SegmentedControl, Switch, Tooltip, VisuallyHidden } from '@mantine/core';
import {
  IconColumns3,
  IconFocusCentered,
  IconFold,
  IconFoldDown,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  type Icon,
} from '@tabler/icons-react';
import { useMemo } from 'react';
import type { ProcessRow } from '../../../shared/model/process';
import { formatCount, plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp } from '../../hooks/use-app';
import {
  PROCESS_COLUMNS,
  type ProcessColumn,
  type ProcessTablePreferences,
} from '../../store/process-table-preferences';
import type { ProcessView } from '../../store/ui';
import { FilterInput } from '../../kit/FilterInput';
import { FilterSelect } from '../../parts/FilterSelect';
import page from '../../kit/Page.module.css';
import { COLUMN_WORDS } from './columns';
import { usersOf } from './rows';
import { parentsOf } from './tree';

interface ToolbarProps {
  view: ProcessView;
  all: ReadonlyMap<string, ProcessRow>;
  /** How many fit. */
  hits: number;
  columns: readonly ProcessColumn[];
  /** The past neither moves nor can be paused. */
  isPast: boolean;
  /** There is no room to spare. */
  isNarrow: boolean;
  onPause: () => void;
}

/** What is shown of the processes, and how. */
export function ProcessToolbar({ view, all, hits, columns, isPast, isNarrow, onPause }: ToolbarProps) {
  const { ui } = useApp();
  const users = useMemo(() => usersOf(all.values()), [all]);
  const userOptions = view.user === null || users.includes(view.user) ? users : [...users, view.user];
  return (
    <div className={page.toolbar} {...(isNarrow && { style: { gap: rem(8) } })}>
      <FilterInput
        label="Filter processes"
        placeholder="Name, pid, user or command line"
        value={view.text}
        onChange={(text) => ui.viewProcesses({ text })}
      />
      <FilterSelect
        label="User"
        all="All users"
        data={userOptions}
        value={view.user}
        onChange={(user) => ui.viewProcesses({ user })}
        width={isNarrow ? 122 : 130}
        searchable
      />
      <Switch
        label="Watched only"
        checked={view.watchedOnly}
        onChange={(event) => ui.viewProcesses({ watchedOnly: event.currentTarget.checked })}
      />
      <SegmentedControl
        aria-label="Arrangement of the processes"
        size="sm"
        value={view.mode}
        onChange={(mode) => ui.viewProcesses({ mode: mode as ProcessTablePreferences['mode'] })}
        data={[
          { value: 'list', label: 'List' },
          { value: 'tree', label: 'Tree' },
        ]}
      />
      {view.mode === 'tree' ? (
        <span style={{ display: 'flex', gap: rem(4) }}>
          <ToolbarIcon
            label="Unfold all trees"
            icon={IconFoldDown}
            onClick={() => ui.viewProcesses({ folded: new Set() })}
          />
          <ToolbarIcon
            label="Fold all trees"
            icon={IconFold}
            onClick={() => ui.viewProcesses({ folded: parentsOf(all.values()) })}
          />
        </span>
      ) : null}
      <ColumnsMenu shown={columns} isChosen={view.columns !== null} />
      {isPast ? null : <PauseButton isPaused={view.pausedRows !== null} isNarrow={isNarrow} onPress={onPause} />}
      {view.followed === null ? null : <Followed row={all.get(view.followed)} />}
      <Count hits={hits} all={all.size} isNarrow={isNarrow} />
    </div>
  );
}

function Count({ hits, all, isNarrow }: { hits: number; all: number; isNarrow: boolean }) {
  const words =
    hits === all ? plural(all, 'process', 'processes') : `${formatCount(hits)} of ${formatCount(all)} processes`;
  if (isNarrow) return <VisuallyHidden role="status">{words}</VisuallyHidden>;
  return (
    <span className={page.count} role="status">
      {words}
    </span>
  );
}

function PauseButton({ isPaused, isNarrow, onPress }: { isPaused: boolean; isNarrow: boolean; onPress: () => void }) {
  const Shape = isPaused ? IconPlayerPlayFilled : IconPlayerPauseFilled;
  const shared = { variant: isPaused ? 'filled' : 'default', onClick: onPress, 'aria-keyshortcuts': 'Space' };
  const word = isPaused ? 'Resume' : 'Pause';
  return isNarrow ? (
    <ActionIcon {...shared} size={36} aria-label={word}>
      <Shape size={rem(16)} aria-hidden="true" />
    </ActionIcon>
  ) : (
    <Button {...shared} leftSection={<Shape size={rem(15)} aria-hidden="true" />}>
      {word}
    </Button>
  );
}

/** The process that is kept in view; a press lets it go. */
function Followed({ row }: { row: ProcessRow | undefined }) {
  const { ui } = useApp();
  return (
    <Button
      variant="light"
      leftSection={<IconFocusCentered size={rem(16)} aria-hidden="true" />}
      onClick={() => ui.viewProcesses({ followed: null })}
    >
      {row === undefined ? 'Followed process has ended' : `Following pid ${row.pid}`}
    </Button>
  );
}

function ColumnsMenu({ shown, isChosen }: { shown: readonly ProcessColumn[]; isChosen: boolean }) {
  const { ui } = useApp();
  const toggle = (column: ProcessColumn) =>
    ui.viewProcesses({
      columns: PROCESS_COLUMNS.filter((one) => (one === column ? !shown.includes(one) : shown.includes(one))),
    });
  return (
    <Menu closeOnItemClick={false} position="bottom-end" transitionProps={{ duration: 100 }}>
      <Menu.Target>
        <Tooltip label="Columns" openDelay={400} withArrow>
          <ActionIcon variant="default" size={36} aria-label="Columns">
            <IconColumns3 size={rem(18)} aria-hidden="true" />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Columns</Menu.Label>
        {PROCESS_COLUMNS.filter((column) => column !== 'name').map((column) => (
          <Menu.Item
            key={column}
            role="menuitemcheckbox"
            aria-checked={shown.includes(column)}
            leftSection={<Checkbox.Indicator checked={shown.includes(column)} size="xs" aria-hidden="true" />}
            onClick={() => toggle(column)}
          >
            {COLUMN_WORDS[column]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item disabled={!isChosen} onClick={() => ui.viewProcesses({ columns: null })}>
          As many as fit
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ToolbarIcon({ label, icon: Shape, onClick }: { label: string; icon: Icon; onClick: () => void }) {
  return (
    <Tooltip label={label} openDelay={400} withArrow>
      <ActionIcon variant="default" size={36} aria-label={label} onClick={onClick}>
        <Shape size={rem(18)} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
