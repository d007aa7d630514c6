import { Button, Loader, Tabs, VisuallyHidden } from '@mantine/core';
import { IconLinkOff, IconPlugConnectedX } from '@tabler/icons-react';
import { DrillDialog } from '../features/drill/DrillDialog';
import { EventDrawer } from '../features/log/EventDrawer';
import { HelpSheet } from './palette/HelpSheet';
import { Palette } from './palette/Palette';
import { EndDialog } from '../features/processes/EndDialog';
import { PastProcessDrawer } from '../features/processes/PastProcessDrawer';
import { ProcessDrawer } from '../features/processes/ProcessDrawer';
import { EndWatchesDialog } from '../features/watches/EndWatchesDialog';
import { ImportDialog } from '../features/watches/ImportDialog';
import { RemoveDialog } from '../features/watches/RemoveDialog';
import { WatchDrawer } from '../features/watches/drawer/WatchDrawer';
import { WatchEditor } from '../features/watches/editor/WatchEditor';
import { VIEWS } from './tabs';
import type { Tab } from '../store/route';
import { sentence } from '../format/sentence';
import { useApp, useAppState } from '../hooks/use-app';
import { useCommands } from './use-commands';
import { useHotkeys } from './use-hotkeys';
import { usePageTitle } from './use-page-title';
import { navigate, useTab } from '../hooks/use-route';
import { AlertsNotice } from './AlertsNotice';
import { EmptyState } from '../kit/EmptyState';
import { Header } from './Header';
import { LostNotice } from './LostNotice';
import { Navigation } from './Navigation';
import classes from './Shell.module.css';
import { StatusBar } from './StatusBar';
import { Toasts } from './Toasts';
import { StormNotice } from './StormNotice';

/** The window: what it shows depends on whether the engine has ever answered. */
export function Shell() {
  const kind = useAppState((state) => state.connection.kind);
  const hasState = useAppState((state) => state.live.seq !== null);
  if (kind === 'signed_out') return <SignedOut />;
  if (!hasState) return kind === 'lost' ? <Unreachable /> : <Connecting />;
  return <Dashboard />;
}

function Dashboard() {
  const tab = useTab();
  const commands = useCommands(VIEWS);
  useHotkeys(commands);
  usePageTitle();
  return (
    <Tabs
      value={tab}
      onChange={(value) => navigate({ tab: (value ?? 'overview') as Tab, item: null })}
      keepMounted={false}
      orientation="vertical"
      className={classes.shell}
      id="healdeck"
    >
      <div className={classes.top}>
        <Header />
        <StormNotice />
        <AlertsNotice />
      </div>
      <Navigation views={VIEWS} />
      <main className={classes.main}>
        {VIEWS.map(({ tab: value, title, Content, scrolls, hasHeadline }) => (
          <Tabs.Panel
            key={value}
            value={value}
            className={scrolls ? `${classes.panel} ${classes.scrolling}` : classes.panel}
            tabIndex={-1}
          >
            {hasHeadline ? null : <VisuallyHidden component="h1">{title}</VisuallyHidden>}
            <Content />
          </Tabs.Panel>
        ))}
      </main>
      <Toasts />
      <StatusBar />
      <LostNotice />
      <WatchDrawer />
      <ProcessDrawer />
      <PastProcessDrawer />
      <EndDialog />
      <EndWatchesDialog />
      <EventDrawer />
      <WatchEditor />
      <RemoveDialog />
      <ImportDialog />
      <DrillDialog />
      <Palette commands={commands} />
      <HelpSheet commands={commands} />
    </Tabs>
  );
}

function SignedOut() {
  return (
    <main className={classes.whole}>
      <EmptyState icon={IconLinkOff} title="This session has ended">
        The engine was restarted, or no page of this session was open for 15 minutes, or this tab was not opened with a
        link. Run <code>healdeck open</code> in a terminal on the machine for a new link. No program is affected.
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
        title="The engine can't be reached"
        actions={<Button onClick={session.retryNow}>Try again now</Button>}
      >
        {sentence(problem)} Start it with <code>healdeck run</code>; this page connects automatically as soon as it is
        running.
      </EmptyState>
    </main>
  );
}
