import { Anchor, Button, SegmentedControl, VisuallyHidden } from '@mantine/core';
import {
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconHeartbeat,
  IconHourglassHigh,
  IconListSearch,
  IconRefreshAlert,
  IconTerminal2,
  type Icon,
} from '@tabler/icons-react';
import { useState } from 'react';
import { byUrgency, stateLine, type Tone } from '../../lib/present-watch';
import { useApp, useAppState } from '../../lib/use-app';
import { useNow } from '../../lib/use-now';
import { navigate } from '../../lib/use-route';
import { emptyDraft } from '../../lib/watch-draft';
import { EmptyState } from '../../ui/EmptyState';
import { EventList } from '../../ui/EventList';
import shell from '../../ui/Shell.module.css';
import { MachineCharts, RANGES } from './MachineCharts';
import classes from './OverviewTab.module.css';
import { WatchTable } from './WatchTable';

const RECENT_EVENTS = 8;

/** The machine and its watches at a glance. */
export function OverviewTab() {
  const [range, setRange] = useState<string>(RANGES[0].value);
  const watches = useAppState((state) => state.live.watches);
  const rangeMs = Number(range);
  return (
    <div className={shell.page}>
      <StateBanner />
      <div className={classes.titleRow}>
        <h2>Machine</h2>
        <SegmentedControl
          size="xs"
          aria-label="Time span of the charts"
          value={range}
          onChange={setRange}
          data={RANGES.map(({ value, label }) => ({ value, label }))}
        />
      </div>
      <MachineCharts rangeMs={rangeMs} />
      <div className={classes.lower}>
        {watches.size === 0 ? <FirstRun /> : <WatchTable watches={byUrgency(watches.values())} />}
        <RecentEvents />
      </div>
    </div>
  );
}

const STATE_ICONS: Readonly<Record<Tone, Icon>> = {
  ok: IconCircleCheckFilled,
  info: IconHourglassHigh,
  warn: IconRefreshAlert,
  bad: IconAlertTriangleFilled,
  idle: IconHeartbeat,
};

function StateBanner() {
  const watches = useAppState((state) => state.live.watches);
  const ordered = byUrgency(watches.values());
  const { text, tone } = stateLine(ordered, useNow());
  const Shape = STATE_ICONS[tone];
  return (
    <section className={classes.state} data-tone={tone} aria-label="State of all watches">
      <Shape size={24} aria-hidden="true" style={{ flex: 'none' }} />
      <h1>{text}</h1>
      {/* Read out when it changes; a countdown would be read out every second. */}
      <VisuallyHidden role="status">{stateLine(ordered).text}</VisuallyHidden>
    </section>
  );
}

function FirstRun() {
  const { ui } = useApp();
  return (
    <section className={classes.card}>
      <EmptyState
        icon={IconHeartbeat}
        title="Give Healdeck something to look after"
        actions={
          <>
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
          </>
        }
      >
        A watched program is noticed the moment it dies and started again, with the same arguments, directory and
        environment. Let Healdeck start a program, or choose one that is running already.
      </EmptyState>
    </section>
  );
}

function RecentEvents() {
  const events = useAppState((state) => state.live.events);
  const recent = events.slice(-RECENT_EVENTS).reverse();
  return (
    <section className={classes.card}>
      <div className={classes.cardHead}>
        <h2>Recent events</h2>
        <Anchor href="#/log" size="sm" ms="auto" c="var(--hd-link)">
          Open the log
        </Anchor>
      </div>
      {recent.length === 0 ? (
        <p style={{ margin: 0, fontSize: 14, color: 'var(--mantine-color-dimmed)' }}>
          Every start, crash and restart will be listed here.
        </p>
      ) : (
        <EventList events={recent} />
      )}
    </section>
  );
}
