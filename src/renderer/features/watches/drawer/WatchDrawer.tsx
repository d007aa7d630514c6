import { Tabs } from '@mantine/core';
import { memo, useDeferredValue } from 'react';
import type { WatchStatus } from '../../../../shared/model/snapshot';
import { useAppState } from '../../../hooks/use-app';
import { useLast } from '../../../hooks/use-last';
import { navigate, useRoute } from '../../../hooks/use-route';
import { Clip } from '../../../kit/Clip';
import { SideDrawer } from '../../../kit/SideDrawer';
import { openWatchId } from '../../../store/route';
import { Healing } from '../Healing';
import { OutputTail } from '../OutputTail';
import { Definition } from './Definition';
import { DrawerHead } from './DrawerHead';
import { History } from './History';
import { Summary } from './Summary';
import classes from './WatchDrawer.module.css';

/** One watch, whole: how it is, what it writes, what happened to it and how it is set. */
export function WatchDrawer() {
  const route = useRoute();
  const watchId = openWatchId(route);
  const opened = useAppState((state) => (watchId === null ? null : (state.live.watches.get(watchId) ?? null)));
  // Drawn as a transition, which gives way to clicks and keys.
  const status = useDeferredValue(useLast(opened));
  return (
    <SideDrawer
      opened={opened !== null}
      title={status === null ? '' : <Clip text={status.watch.name} />}
      width="min(96vw, max(50rem, 55vw))"
      onClose={() => navigate({ tab: route.tab, item: null })}
    >
      {status === null ? null : <Details key={status.watch.id} status={status} />}
    </SideDrawer>
  );
}

/** Not made again while the drawer closes: with its charts it takes longer than that. */
const Details = memo(function Details({ status }: { status: WatchStatus }) {
  return (
    <Tabs defaultValue="summary" keepMounted={false} className={classes.tabs}>
      <DrawerHead status={status}>
        <Tabs.List aria-label="Parts of this watch" className={classes.list}>
          <Tabs.Tab value="summary">Summary</Tabs.Tab>
          <Tabs.Tab value="output">Output</Tabs.Tab>
          <Tabs.Tab value="history">History</Tabs.Tab>
          <Tabs.Tab value="settings">Settings</Tabs.Tab>
        </Tabs.List>
      </DrawerHead>
      <Tabs.Panel value="summary" className={classes.panel}>
        <Summary status={status} />
      </Tabs.Panel>
      <Tabs.Panel value="output" className={classes.panel}>
        <OutputTail status={status} />
      </Tabs.Panel>
      <Tabs.Panel value="history" className={classes.panel}>
        <History status={status} />
      </Tabs.Panel>
      <Tabs.Panel value="settings" className={classes.panel}>
        <Healing status={status} />
        <Definition status={status} />
      </Tabs.Panel>
    </Tabs>
  );
});
