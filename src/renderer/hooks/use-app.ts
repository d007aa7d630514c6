import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Actions } from '../api/actions';
import type { AlertActions } from '../api/alert-actions';
import type { Session } from '../api/session';
import type { AppState } from '../store/state';
import type { AppStore } from '../store/store';
import type { UiState, UiStore } from '../store/ui';

/** What every component may reach: the state of the world, what is open in the window, and the engine. */
export interface App {
  store: AppStore;
  ui: UiStore;
  session: Session;
  actions: Actions;
  alertActions: AlertActions;
}

/** Provided once, by the root. */
export const AppContext = createContext<App | null>(null);

/** The app that this component is part of. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === null) throw new Error('AppContext is missing');
  return app;
}

/** A part of the state; the component renders again when that part is another value. */
export function useAppState<T>(select: (state: AppState) => T): T {
  return useStore(useApp().store, select);
}

/** A part of what is open in the window. */
export function useUiState<T>(select: (state: UiState) => T): T {
  return useStore(useApp().ui, select);
}
