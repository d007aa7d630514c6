import { Button, Group, UnstyledButton } from '@mantine/core';
import { IconFilterOff, IconHeartbeat, IconListSearch, IconPlus, IconTerminal2 } from '@tabler/icons-react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { plural } from '../../lib/format';
import { byName, presentPolicy, presentTarget } from '../../lib/present-watch';
import { useApp, useAppState, useUiState } from '../../lib/use-app';
import { navigate } from '../../lib/use-route';
import { emptyDraft } from '../../lib/watch-draft';
import { Clip } from '../../ui/Clip';
import table from '../../ui/DataTable.module.css';
import { EmptyState } from '../../ui/EmptyState';
import { FilterInput } from '../../ui/FilterInput';
import shell from '../../ui/Shell.module.css';
import { StateBadge } from '../../ui/StateBadge';
import { WatchActions } from '../../ui/WatchActions';
import { WatchNote } from '../../ui/WatchNote';
import { fitsFilter } from './filter';

/** What is watched, and how: to add, change and remove. */
export function WatchesTab() {
  const { ui } = useApp();
  const all = useAppState((state) => state.live.watches);
  const filter = useUiState((state) => state.watchFilter);
  const shown = byName(all.values()).filter((status) => fitsFilter(status, filter));
  if (all.size === 0) return <NoWatches />;
  return (
    <div className={shell.page}>
      <div className={shell.toolbar}>
        <FilterInput
          label="Filter watches"
          placeholder="Name, command or pattern"
          value={filter}
          onChange={(watchFilter) => ui.show({ watchFilter })}
        />
        <Button
          variant="default"
          leftSection={<IconListSearch size={16} aria-hidden="true" />}
          onClick={() => navigate({ tab: 'processes', item: null })}
        >
          Pick a running process
        </Button>
        <span className={shell.count} role="status">
          {shown.length === all.size
            ? plural(all.size, 'watch', 'watches')
            : `${shown.length} of ${plural(all.size, 'watch', 'watches')}`}
        </span>
      </div>
      {shown.length === 0 ? (
        <EmptyState
          icon={IconFilterOff}
          title="No watch fits"
          actions={
            <Button variant="default" onClick={() => ui.show({ watchFilter: '' })}>
              Show all watches
            </Button>
          }
        >
          None of the watches has these words in its name or target.
        </EmptyState>
      ) : (
        <WatchDefinitions watches={shown} />
      )}
    </div>
  );
}

function WatchDefinitions({ watches }: { watches: readonly WatchStatus[] }) {
  return (
    <div className={table.wrap}>
      <table className={table.table} aria-label="Watches">
        <colgroup>
          <col style={{ width: '24%' }} />
          <col style={{ width: 132 }} />
          <col />
          <col style={{ width: 158 }} />
          <col style={{ width: 150 }} className={table.wide} />
          <col style={{ width: 152 }} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Watch</th>
            <th scope="col">State</th>
            <th scope="col">Target</th>
            <th scope="col">Restart</th>
            <th scope="col" className={table.wide}>
              At engine start
            </th>
            <th scope="col" className={table.end}>
              Actions
            </th>
          </tr>
        </thead>
        <tbody>
          {watches.map((status) => (
            <Definition key={status.watch.id} status={status} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Definition({ status }: { status: WatchStatus }) {
  const { watch } = status;
  const target = presentTarget(watch.target);
  return (
    <tr>
      <td>
        <UnstyledButton className={table.name} onClick={() => navigate({ tab: 'watches', item: watch.id })}>
          {watch.name}
        </UnstyledButton>
        <WatchNote status={status} />
      </td>
      <td>
        <StateBadge phase={status.phase} />
      </td>
      <td>
        <Clip text={target.text} code />
        <span className={table.sub}>{target.kind}</span>
      </td>
      <td>{presentPolicy(watch)}</td>
      <td className={table.wide}>{watch.autostart ? 'Started' : 'Left stopped'}</td>
      <td>
        <WatchActions status={status} withEdit />
      </td>
    </tr>
  );
}

function NoWatches() {
  const { ui } = useApp();
  return (
    <div className={shell.page}>
      <EmptyState
        icon={IconHeartbeat}
        title="No watches yet"
        actions={
          <Group>
            <Button
              leftSection={<IconTerminal2 size={17} aria-hidden="true" />}
              onClick={() => ui.show({ editor: { kind: 'add', draft: emptyDraft('command') } })}
            >
              Start a command
            </Button>
            <Button
              variant="default"
              leftSection={<IconListSearch size={17} aria-hidden="true" />}
              onClick={() => navigate({ tab: 'processes', item: null })}
            >
              Pick a running process
            </Button>
            <Button
              variant="default"
              leftSection={<IconPlus size={17} aria-hidden="true" />}
              onClick={() => ui.show({ editor: { kind: 'add', draft: emptyDraft('match') } })}
            >
              Match by name or pidfile
            </Button>
          </Group>
        }
      >
        A watch says how to find or start a program, and when to bring it back.
      </EmptyState>
    </div>
  );
}
