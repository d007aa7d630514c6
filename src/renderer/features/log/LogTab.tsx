import { Button, CloseButton, TextInput } from '@mantine/core';
import {
  IconArrowUp,
  IconFilterOff,
  IconPlayerPauseFilled,
  IconPlayerPlayFilled,
  IconTimeline,
} from '@tabler/icons-react';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { EVENT_TYPES, type HealdeckEvent } from '../../../shared/model/event';
import { formatCount, localInput, plural } from '../../format/format';
import { EVENT_WORDS } from '../../words/present-event';
import { rem } from '../../format/text-scale';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import type { LogView } from '../../store/ui';
import { Clip } from '../../kit/Clip';
import { EmptyState } from '../../kit/EmptyState';
import { FilterInput } from '../../kit/FilterInput';
import { FilterChoices, WatchFilter } from '../../parts/FilterSelect';
import { SeverityMark } from '../../parts/SeverityMark';
import page from '../../kit/Page.module.css';
import table from '../../kit/DataTable.module.css';
import { Ago } from '../../kit/times';
import { VirtualTable, type Column } from '../../kit/VirtualTable';
import { ExportMenu } from './ExportMenu';
import classes from './LogTab.module.css';
import { logRows, queryOf } from './log-rows';

/** How many more events each look into the past brings, and the most that the engine gives at once. */
const OLDER_STEP = 500;
const MAX_EVENTS = 10_000;

const NO_EVENTS: readonly HealdeckEvent[] = [];
const TYPES = EVENT_TYPES.map((type) => ({ value: type, label: EVENT_WORDS[type] }));
const keyOf = (event: HealdeckEvent) => String(event.id);

const COLUMNS: readonly Column<HealdeckEvent, string>[] = [
  { id: 'severity', header: 'Severity', width: '5.75rem', cell: (event) => <SeverityMark severity={event.severity} /> },
  {
    id: 'time',
    header: 'Time',
    width: '5.75rem',
    cell: (event) => (
      <span className={table.dim}>
        <Ago at={Date.parse(event.at)} />
      </span>
    ),
  },
  {
    id: 'watch',
    header: 'Watch',
    width: 'minmax(5.625rem, 8.75rem)',
    cell: (event) => <Clip text={event.watch ?? '–'} />,
  },
  {
    id: 'type',
    header: 'What',
    width: '9.75rem',
    cell: (event) => <strong style={{ fontWeight: 600 }}>{EVENT_WORDS[event.type]}</strong>,
  },
  { id: 'message', header: 'Message', width: 'minmax(13.75rem, 1fr)', cell: (event) => <Clip text={event.message} /> },
];

/** Everything that happened, newest first, live. */
export function LogTab() {
  const { ui } = useApp();
  const live = useAppState((state) => state.live.events);
  const view = useUiState((state) => state.logView);
  const settled = useDeferredValue(view);
  const isFiltered = view.text !== '' || view.types.length > 0 || view.watch !== null || view.untilAt !== null;
  // Live events may hold few that fit a filter: then the engine is asked at once.
  const wanted = Math.min(MAX_EVENTS, view.older + (isFiltered ? OLDER_STEP : 0) + (view.older > 0 ? live.length : 0));
  const { text, types, watch, untilAt } = settled;
  const asked = useAnswer(
    wanted === 0 ? null : JSON.stringify({ text, types, watch, untilAt, wanted: Math.ceil(wanted / OLDER_STEP) }),
    (client, signal) =>
      client.events.list(
        queryOf({ text, types, watch, untilAt }, Math.min(MAX_EVENTS, Math.ceil(wanted / OLDER_STEP) * OLDER_STEP)),
        { signal },
      ),
    isFiltered ? 200 : 0,
  );
  // What was answered last stays while more is asked for: nothing may shrink under the reader.
  const older = useLast(asked.kind === 'answered' ? asked.value : null) ?? NO_EVENTS;
  const { rows, fresh } = useMemo(() => logRows(live, older, settled), [live, older, settled]);

  const newestId = live.at(-1)?.id ?? null;
  const pause = useCallback(() => {
    if (ui.getState().logView.pausedAtId === null && newestId !== null) ui.viewLog({ pausedAtId: newestId });
  }, [ui, newestId]);
  const oldestId = rows.at(-1)?.id;
  const mayHaveOlder = oldestId !== undefined && oldestId > 1 && wanted < MAX_EVENTS && asked.kind !== 'asking';
  const loadOlder = useCallback(() => {
    if (mayHaveOlder || (wanted === 0 && (oldestId ?? 0) > 1))
      ui.viewLog({ older: ui.getState().logView.older + OLDER_STEP });
  }, [ui, mayHaveOlder, wanted, oldestId]);
  const open = useCallback((event: HealdeckEvent) => ui.show({ event }), [ui]);

  return (
    <div className={`${page.fill} ${page.reading}`}>
      <Toolbar view={view} shown={rows.length} newestId={newestId} />
      <div className={classes.list}>
        {fresh === 0 ? null : <FreshButton fresh={fresh} />}
        <VirtualTable
          keepTop={view.pausedAtId === null}
          label="Events"
          columns={COLUMNS}
          rows={rows}
          rowKey={keyOf}
          rowHeight={36}
          onOpen={open}
          onLeaveTop={pause}
          onReachEnd={loadOlder}
          minWidth={720}
          empty={<NoEvents isFiltered={isFiltered} />}
        />
      </div>
    </div>
  );
}

interface ToolbarProps {
  view: LogView;
  shown: number;
  newestId: number | null;
}

function Toolbar({ view, shown, newestId }: ToolbarProps) {
  const { ui } = useApp();
  const isPaused = view.pausedAtId !== null;
  return (
    <div className={page.toolbar}>
      <FilterInput
        label="Search the log"
        placeholder="Search messages"
        value={view.text}
        onChange={(text) => ui.viewLog({ text, older: 0 })}
      />
      <FilterChoices
        label="Types"
        all="All types"
        data={TYPES}
        value={view.types}
        onChange={(types) => ui.viewLog({ types, older: 0 })}
        width={200}
      />
      <WatchFilter value={view.watch} onChange={(watch) => ui.viewLog({ watch, older: 0 })} />
      <JumpToTime untilAt={view.untilAt} />
      <Button
        variant={isPaused ? 'filled' : 'default'}
        leftSection={
          isPaused ? (
            <IconPlayerPlayFilled size={rem(15)} aria-hidden="true" />
          ) : (
            <IconPlayerPauseFilled size={rem(15)} aria-hidden="true" />
          )
        }
        disabled={newestId === null}
        className={classes.pause}
        onClick={() => ui.viewLog({ pausedAtId: isPaused ? null : newestId })}
      >
        {isPaused ? 'Follow' : 'Pause'}
      </Button>
      <ExportMenu view={view} />
      <span className={page.count} role="status">
        {plural(shown, 'event')}
      </span>
    </div>
  );
}

/** Leads back to what has happened since. It lies over the list: in the toolbar it would push the rest about when it comes. */
function FreshButton({ fresh }: { fresh: number }) {
  const { ui } = useApp();
  return (
    <Button
      size="compact-sm"
      radius="xl"
      className={classes.fresh}
      leftSection={<IconArrowUp size={rem(15)} aria-hidden="true" />}
      onClick={() => ui.viewLog({ pausedAtId: null })}
    >
      {formatCount(fresh)} new
    </Button>
  );
}

/** Leads to a moment: what happened then is on top, and what came before below. */
function JumpToTime({ untilAt }: { untilAt: number | null }) {
  const { ui } = useApp();
  return (
    <TextInput
      type="datetime-local"
      step={1}
      aria-label="Jump to time"
      title="Jump to time"
      w="15.5em"
      value={untilAt === null ? '' : localInput(untilAt)}
      onChange={(event) => {
        const at = Date.parse(event.currentTarget.value);
        ui.viewLog({ untilAt: Number.isNaN(at) ? null : at, pausedAtId: null, older: 0 });
      }}
      rightSection={
        untilAt === null ? null : (
          <CloseButton size="sm" aria-label="Back to now" onClick={() => ui.viewLog({ untilAt: null, older: 0 })} />
        )
      }
    />
  );
}

function NoEvents({ isFiltered }: { isFiltered: boolean }) {
  const { ui } = useApp();
  if (!isFiltered) {
    return (
      <EmptyState icon={IconTimeline} title="Nothing has happened yet">
        Every start, crash, restart and edit will be listed here, the newest first.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconFilterOff}
      title="No matching events"
      actions={
        <Button
          variant="default"
          onClick={() => ui.viewLog({ text: '', types: [], watch: null, untilAt: null, older: 0 })}
        >
          Show all events
        </Button>
      }
    >
      No event in the history has these words, types, watch and time.
    </EmptyState>
  );
}
