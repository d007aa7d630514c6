/** The tabs, in their order. */
export const TABS = ['overview', 'processes', 'watches', 'log'] as const;
export type Tab = (typeof TABS)[number];

/** A place in the window: a tab, and the watch whose details are open over it. */
export interface Route {
  tab: Tab;
  watchId: string | null;
}

/** Reads `#/overview` or `#/watches/<id of a watch>`; anything else is the overview. */
export function parseRoute(hash: string): Route {
  const [tab, watchId] = hash.replace(/^#\/?/, '').split('/');
  const known = TABS.find((one) => one === tab);
  return { tab: known ?? 'overview', watchId: known !== undefined && watchId ? decode(watchId) : null };
}

/** The address of a place. */
export function formatRoute({ tab, watchId }: Route): string {
  return watchId === null ? `#/${tab}` : `#/${tab}/${encodeURIComponent(watchId)}`;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
