import { Button, Loader, Tabs, VisuallyHidden } from '@mantine/core';
import { IconLinkOff, IconPlugConnectedX } from '@tabler/icons-react';
import { LogTab } from '../features/log/LogTab';
import { EventDrawer } from '../features/log/EventDrawer';
import { OverviewTab } from '../features/overview/OverviewTab';
import { ProcessDrawer } from '../features/processes/ProcessDrawer';
import { ProcessesTab } from '../features/processes/ProcessesTab';
import { RemoveDialog } from '../features/watches/RemoveDialog';
import { WatchDrawer } from '../features/watches/WatchDrawer';
import { WatchEditor } from '../features/watches/WatchEditor';
import { WatchesTab } from '../features/watches/WatchesTab';
import type { Tab } from '../lib/route';
import { useApp, useAppState } from '../lib/use-app';
import { useFilterKey } from '../lib/use-hotkeys';
import { navigate, useRoute } from '../lib/use-route';
import { EmptyState } from './EmptyState';
import { Header } from './Header';
import { LostNotice } from './LostNotice';
import classes from './Shell.module.css';
import { StatusBar } from './StatusBar';
import { StormNotice } from './StormNotice';

/** The window: what it shows depends on whether the engine has ever answered. */
export function Shell() {
  const kind = useAppState((state) => state.connection.kind);
  const hasState = useAppState((state) => state.live.seq !== null);
  if (kind === 'signed_out') return <SignedOut />;
  if (!hasState) return kind === 'lost' ? <Unreachable /> : <Connecting />;
  return <Dashboard />;
}

/** The overview has a headline that can be seen. */
const TITLES: Readonly<Record<Tab, string>> = {
  overview: 'Overview',
  processes: 'Processes',
  watches: 'Watches',
  log: 'Log',
};

function Dashboard() {
  const { tab } = useRoute();
  useFilterKey();
  return (
    <Tabs
      value={tab}
      onChange={(value) => navigate({ tab: (value ?? 'overview') as Tab, watchId: null })}
      keepMounted={false}
      className={classes.shell}
      id="healdeck"
    >
      <div>
        <Header />
        <StormNotice />
      </div>
      <main style={{ minHeight: 0 }}>
        {tab === 'overview' ? null : <VisuallyHidden component="h1">{TITLES[tab]}</VisuallyHidden>}
        <Tabs.Panel value="overview" className={`${classes.panel} ${classes.scrolling}`} tabIndex={-1}>
          <OverviewTab />
        </Tabs.Panel>
        <Tabs.Panel value="processes" className={classes.panel} tabIndex={-1}>
          <ProcessesTab />
        </Tabs.Panel>
        <Tabs.Panel value="watches" className={`${classes.panel} ${classes.scrolling}`} tabIndex={-1}>
          <WatchesTab />
        </Tabs.Panel>
        <Tabs.Panel value="log" className={classes.panel} tabIndex={-1}>
          <LogTab />
        </Tabs.Panel>
      </main>
      <StatusBar />
      <LostNotice />
      <WatchDrawer />
      <ProcessDrawer />
      <EventDrawer />
      <WatchEditor />
      <RemoveDialog />
    </Tabs>
  );
}

function SignedOut() {
  return (
    <main className={classes.whole}>
      <EmptyState icon={IconLinkOff} title="This link is no longer valid">
        A link to the dashboard opens one session, and this one is over. Run <code>healdeck open</code> in a terminal on
        the machine for a new link.
      </EmptyState>
    </main>
  );
}

function Connecting() {
  return (
    <main className={classes.whole} aria-busy="true" aria-label="Connecting to the engine">
      <Loader size="sm" />
    </main>
  );
}

function Unreachable() {
  const { session } = useApp();
  const problem = useAppState((state) => (state.connection.kind === 'lost' ? state.connection.problem : ''));
  return (
    <main className={classes.whole}>
      <EmptyState
        icon={IconPlugConnectedX}
        title="The engine can’t be reached"
        actions={<Button onClick={session.retryNow}>Try again now</Button>}
      >
        {problem} Start it with <code>healdeck run</code>; this page connects by itself as soon as it is there.
      </EmptyState>
    </main>
  );
}
