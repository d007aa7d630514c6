/** The views, in their order. */
export const TABS = [
  'overview',
  'processes',
  'watches',
  'graph',
  'incidents',
  'crashes',
  'anomalies',
  'cooldowns',
  'alerts',
  'log',
  'settings',
] as const;
export type Tab = (typeof TABS)[number];

/** The parts of the view of alerts, in their order. */
export const ALERT_SECTIONS = ['channels', 'rules', 'templates', 'outbox', 'mutes'] as const;
export type AlertSection = (typeof ALERT_SECTIONS)[number];

/** A place in the window: a view, and what is open in it. */
export interface Route {
  tab: Tab;
  /**
   * The number of an incident in `incidents`, the id of a crash in `crashes`, a part of `alerts`, a group of `settings`, the id of a
   * watch in all others; null: nothing is open.
   */
  item: string | null;
}

/** Reads `#/overview`, `#/watches/<id of a watch>`, `#/incidents/<number>`, `#/crashes/<id>` or `#/alerts/<part>`; anything else is the overview. */
export function parseRoute(hash: string): Route {
  const [tab, item] = hash.replace(/^#\/?/, '').split('/');
  const known = TABS.find((one) => one === tab);
  return { tab: known ?? 'overview', item: known !== undefined && item ? decode(item) : null };
}

/** The address of a place. */
export function formatRoute({ tab, item }: Route): string {
  return item === null ? `#/${tab}` : `#/${tab}/${encodeURIComponent(item)}`;
}

/** Views that open something else than a watch. */
const WITHOUT_WATCH: readonly Tab[] = ['incidents', 'crashes', 'alerts', 'settings'];

/** The id of the watch whose details are open over a view, or null. */
export function openWatchId({ tab, item }: Route): string | null {
  return WITHOUT_WATCH.includes(tab) ? null : item;
}

/** The part of the view of alerts that is shown. */
export function openSection({ tab, item }: Route): AlertSection {
  return ALERT_SECTIONS.find((section) => tab === 'alerts' && section === item) ?? 'channels';
}

/** The number of the incident that is open, or null. */
export function openIncident({ tab, item }: Route): number | null {
  return tab === 'incidents' && item !== null && /^[1-9]\d{0,14}$/.test(item) ? Number(item) : null;
}

/** The id of the crash that is open, in hex, or null. */
export function openCrash({ tab, item }: Route): string | null {
  return tab === 'crashes' && item !== null && /^[0-9a-f]{1,32}$/.test(item) ? item : null;
}

function decode(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
