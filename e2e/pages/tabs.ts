/** The views, by the words of their tabs. */
export const TABS = [
  'Overview',
  'Processes',
  'Watches',
  'Graph',
  'Incidents',
  'Crashes',
  'Anomalies',
  'Cooldowns',
  'Alerts',
  'Log',
  'Settings',
] as const;
export type TabName = (typeof TABS)[number];
