/** Settings that are shown together, in the order in which they are shown. What belongs to an alert channel is shown with it. */
export const SETTING_GROUPS = [
  { id: 'limits', title: 'Limits' },
  { id: 'disk', title: 'Disk' },
  { id: 'counts', title: 'Threads, open files, children and sockets' },
  { id: 'anomalies', title: 'Anomalies' },
  { id: 'machine', title: 'Machine' },
  { id: 'probes', title: 'Probes and readiness' },
  { id: 'budget', title: 'Restart budget and cooldown' },
  { id: 'healing', title: 'Starting, stopping and healing' },
  { id: 'files', title: 'Output and healing log' },
  { id: 'history', title: 'History' },
  { id: 'secrets', title: 'Secrets' },
  { id: 'window', title: 'Window' },
  { id: 'alerts', title: 'Alerts' },
] as const;

/** Where a setting is shown; `profile`: above all groups; `channel`: with the alert channel that it belongs to. */
export type SettingGroupId = (typeof SETTING_GROUPS)[number]['id'] | 'profile' | 'channel';
