import { Button } from '@mantine/core';
import type { HealdeckEvent } from '../../../../shared/model/event';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { useAnswer } from '../../../hooks/use-answer';
import { useApp, useAppState } from '../../../hooks/use-app';
import { navigate } from '../../../hooks/use-route';
import table from '../../../kit/DataTable.module.css';
import { Section } from '../../../kit/Facts';
import { EventList } from '../../../parts/EventList';
import { logRows } from '../../log/log-rows';
import { WatchIncidents } from '../WatchIncidents';

const EVENTS_SHOWN = 30;
const NO_EVENTS: readonly HealdeckEvent[] = [];

/** What happened to a watch: its incidents, and its events one by one. */
export function History({ status }: { status: WatchStatus }) {
  return (
    <>
      <WatchIncidents status={status} />
      <Section title="Events">
        <Events watch={status.watch.name} />
      </Section>
    </>
  );
}

function Events({ watch }: { watch: string }) {
  const { ui } = useApp();
  const live = useAppState((state) => state.live.events);
  const asked = useAnswer(watch, (client, signal) => client.events.list({ watch, limit: EVENTS_SHOWN }, { signal }));
  const { rows } = logRows(live, asked.kind === 'answered' ? asked.value : NO_EVENTS, {
    text: '',
    types: [],
    watch,
    untilAt: null,
    pausedAtId: null,
  });
  if (rows.length === 0) return <span className={table.dim}>No events yet.</span>;
  const openLog = () => {
    ui.viewLog({ text: '', types: [], watch, untilAt: null });
    navigate({ tab: 'log', item: null });
  };
  return (
    <>
      <EventList events={rows.slice(0, EVENTS_SHOWN)} />
      {rows.length < EVENTS_SHOWN ? null : (
        <Button variant="default" size="compact-sm" style={{ alignSelf: 'flex-start' }} onClick={openLog}>
          All events in the log
        </Button>
      )}
    </>
  );
}
