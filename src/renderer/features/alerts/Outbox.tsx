import { Button } from '@mantine/core';
import { IconMailbox, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import type { OutboxEntry, OutboxState } from '../../../shared/model/alert';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useAppState } from '../../hooks/use-app';
import { useOutbox } from './use-outbox';
import { EmptyState } from '../../kit/EmptyState';
import { FilterSelect } from '../../parts/FilterSelect';
import page from '../../kit/Page.module.css';
import { VirtualTable } from '../../kit/VirtualTable';
import classes from './AlertsTab.module.css';
import { DropDialog } from './DropDialog';
import { HeldNotice } from './HeldNotice';
import { OUTBOX_COLUMNS } from './outbox-columns';
import { OutboxDrawer } from './OutboxDrawer';

const STATES: readonly { value: OutboxState; label: string }[] = [
  { value: 'queued', label: 'Waiting' },
  { value: 'sent', label: 'Sent' },
  { value: 'failed', label: 'Failed' },
  { value: 'dropped', label: 'Dropped' },
];

const keyOf = (entry: OutboxEntry) => String(entry.id);

/** Every message, the newest first: on its way, sent, or given up. */
export function Outbox() {
  const { alertActions } = useApp();
  const [state, setState] = useState<OutboxState | null>(null);
  const entries = useOutbox(state);
  const { failed, waiting } = useAppState((app) => app.live.alerts);
  const [openId, setOpenId] = useState<number | null>(null);
  const [dropping, setDropping] = useState<{ id: number | null } | null>(null);
  const open = useCallback((entry: OutboxEntry) => setOpenId(entry.id), []);
  const opened = entries?.find((entry) => entry.id === openId) ?? null;
  return (
    <>
      <div className={page.toolbar}>
        <FilterSelect
          label="State of messages"
          all="All states"
          data={STATES}
          value={state}
          onChange={setState}
          width={160}
        />
        <Button
          variant="default"
          leftSection={<IconRefresh size={rem(16)} aria-hidden="true" />}
          disabled={failed + waiting === 0}
          onClick={() => void alertActions.retry(null)}
        >
          Retry all
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={rem(16)} aria-hidden="true" />}
          disabled={failed === 0}
          onClick={() => setDropping({ id: null })}
        >
          Drop all failed
        </Button>
        <span className={page.count} role="status">
          {entries === null ? '' : plural(entries.length, 'message')}
        </span>
      </div>
      <HeldNotice />
      <div className={classes.table}>
        <VirtualTable
          label="Outbox"
          columns={OUTBOX_COLUMNS}
          rows={entries ?? []}
          rowKey={keyOf}
          rowHeight={40}
          onOpen={open}
          minWidth={790}
          empty={entries === null ? null : <NoMessages isFiltered={state !== null} onShowAll={() => setState(null)} />}
        />
      </div>
      <OutboxDrawer entry={opened} onClose={() => setOpenId(null)} onDrop={(id) => setDropping({ id })} />
      <DropDialog request={dropping} failed={failed} onClose={() => setDropping(null)} />
    </>
  );
}

function NoMessages({ isFiltered, onShowAll }: { isFiltered: boolean; onShowAll: () => void }) {
  if (!isFiltered) {
    return (
      <EmptyState icon={IconMailbox} title="No alert has been sent yet">
        Each message is listed here, with the response of the server or program. What can't be delivered is retried for
        days.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={IconMailbox}
      title="No messages in this state"
      actions={
        <Button variant="default" onClick={onShowAll}>
          Show all messages
        </Button>
      }
    >
      Messages are kept for a while after they were sent.
    </EmptyState>
  );
}
