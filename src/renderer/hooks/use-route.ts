import { useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route, type Tab } from '../store/route';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

/** Where in the window we are, and how to go elsewhere. It is kept in the address, so that a reload comes back here. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return parseRoute(hash);
}

/** The view alone: who needs no more is not made anew when something is opened or closed in it. */
export function useTab(): Tab {
  return useSyncExternalStore(subscribe, () => parseRoute(window.location.hash).tab);
}

/** Goes to another place of the window. */
export function navigate(route: Route): void {
  window.location.hash = formatRoute(route);
}
