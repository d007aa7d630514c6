import { ActionIcon, Button, SegmentedControl, Switch, Tooltip, VisuallyHidden } from '@mantine/core';
import {
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
import { ColumnsMenu } from '../../kit/ColumnsMenu';
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

/** The name is always there. */
const COLUMNS_TO_CHOOSE = PROCESS_COLUMNS.filter((id) => id !== 'name').map((id) => ({ id, label: COLUMN_WORDS[id] }));

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
      <ColumnsMenu
        columns={COLUMNS_TO_CHOOSE}
        shown={columns}
        isChosen={view.columns !== null}
        onChoose={(chosen) => ui.viewProcesses({ columns: chosen === null ? null : ['name', ...chosen] })}
      />
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

function ToolbarIcon({ label, icon: Shape, onClick }: { label: string; icon: Icon; onClick: () => void }) {
  return (
    <Tooltip label={label} openDelay={400} withArrow>
      <ActionIcon variant="default" size={36} aria-label={label} onClick={onClick}>
        <Shape size={rem(18)} aria-hidden="true" />
      </ActionIcon>
    </Tooltip>
  );
}
