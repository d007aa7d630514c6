import '@mantine/core/styles.css';
import '@mantine/charts/styles.css';
import '@mantine/notifications/styles.css';
import './theme.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createActions } from './api/actions';
import type { Connect } from './api/client';
import { startSession } from './api/session';
import { AppContext, type App } from './lib/use-app';
import { wait } from './lib/abort';
import { createAppStore } from './store/store';
import { tasteMemory } from './store/process-taste';
import { createUiStore } from './store/ui';
import { colorSchemeManager, cssVariablesResolver, theme } from './theme';
import { announce } from './ui/announce';
import { Shell } from './ui/Shell';

/** The nonce that this page's Content-Security-Policy allows for styles made at run time. */
function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
}

/** Connects, and shows the dashboard in the element. */
export function mountApp(root: HTMLElement | null, connect: Connect): void {
  if (root === null) throw new Error('expected an element to show the dashboard in');
  // Where the scroll lock of dialogs, which makes a style element of its own, looks for its nonce.
  Object.assign(window, { __webpack_nonce__: styleNonce() });

  const store = createAppStore();
  const ui = createUiStore(tasteMemory(() => window.localStorage));
  const session = startSession({ connect, store, wait, wallMs: Date.now, chance: Math.random });
  const app: App = { store, ui, session, actions: createActions({ session, ui, announce }) };

  createRoot(root).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={cssVariablesResolver}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <Notifications position="bottom-right" limit={4} autoClose={6000} />
        <AppContext value={app}>
          <Shell />
        </AppContext>
      </MantineProvider>
    </StrictMode>,
  );
}
