import '@mantine/core/styles.css';
import '@mantine/charts/styles.css';
import '@mantine/notifications/styles.css';
import '../theme.css';
import { MantineProvider } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createActions } from '../api/actions';
import { createAlertActions } from '../api/alert-actions';
import type { Connect } from '../api/client';
import { startSession } from '../api/session';
import { AppContext, type App } from '../hooks/use-app';
import { wait } from '../platform/abort';
import { pageNonce } from '../platform/page-nonce';
import { chartMemory } from '../store/chart-preferences';
import { createAppStore } from '../store/store';
import { recentCommands } from '../store/recent-commands';
import { tasteMemory } from '../store/process-table-preferences';
import { createUiStore } from '../store/ui';
import { watchTableMemory } from '../store/watch-table-preferences';
import { colorSchemeManager, cssVariablesResolver, theme } from '../theme';
import { announce } from '../platform/announce';
import { Shell } from './Shell';

/** Connects, and shows the dashboard in the element. */
export function mountApp(root: HTMLElement | null, connect: Connect): void {
  if (root === null) throw new Error('expected an element to show the dashboard in');
  // Where the scroll lock of dialogs, which makes a style element of its own, looks for its nonce.
  Object.assign(window, { __webpack_nonce__: pageNonce() });

  const store = createAppStore();
  const storage = () => window.localStorage;
  const ui = createUiStore({
    processTable: tasteMemory(storage),
    recent: recentCommands(storage),
    watchTable: watchTableMemory(storage),
    charts: chartMemory(storage),
  });
  const session = startSession({ connect, store, wait, wallMs: Date.now, random: Math.random });
  const actions = createActions({
    session,
    ui,
    announce,
    watches: () => store.getState().live.watches.values(),
  });
  const app: App = { store, ui, session, actions, alertActions: createAlertActions({ session, announce }) };

  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        getStyleNonce={pageNonce}
      >
        <AppContext value={app}>
          <Shell />
        </AppContext>
      </MantineProvider>
    </StrictMode>,
  );
}
