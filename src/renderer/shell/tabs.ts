import {
  IconActivity,
  IconBell,
  IconBug,
  IconHeartRateMonitor,
  IconLayoutDashboard,
  IconListDetails,
  IconRadar2,
  IconSettings,
  IconSitemap,
  IconSnowflake,
  IconUrgent,
  type Icon,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { Tab } from '../store/route';
import { useAlertsAttention } from './use-alerts-attention';
import { AlertsTab } from '../features/alerts/AlertsTab';
import { AnomaliesTab } from '../features/anomalies/AnomaliesTab';
import { CooldownsTab } from '../features/cooldowns/CooldownsTab';
import { CrashesTab } from '../features/crashes/CrashesTab';
import { GraphTab } from '../features/graph/GraphTab';
import { IncidentsTab } from '../features/incidents/IncidentsTab';
import { LogTab } from '../features/log/LogTab';
import { OverviewTab } from '../features/overview/OverviewTab';
import { ProcessesTab } from '../features/processes/ProcessesTab';
import { SettingsTab } from '../features/settings/SettingsTab';
import { WatchesTab } from '../features/watches/WatchesTab';

/** A view of the window, with what leads to it. */
export interface View {
  tab: Tab;
  title: string;
  icon: Icon;
  Content: ComponentType;
  /** False: it keeps to the height of the window, and scrolls within. */
  scrolls: boolean;
  /** True: its headline is on the page already. */
  hasHeadline?: boolean;
  /** A hook that names in a few words what needs attention in it; null when nothing does. */
  useAttention?: () => string | null;
}

/** All views, in the order of the navigation. */
export const VIEWS: readonly View[] = [
  {
    tab: 'overview',
    title: 'Overview',
    icon: IconLayoutDashboard,
    Content: OverviewTab,
    scrolls: true,
    hasHeadline: true,
  },
  { tab: 'processes', title: 'Processes', icon: IconListDetails, Content: ProcessesTab, scrolls: false },
  { tab: 'watches', title: 'Watches', icon: IconHeartRateMonitor, Content: WatchesTab, scrolls: true },
  { tab: 'graph', title: 'Graph', icon: IconSitemap, Content: GraphTab, scrolls: true },
  { tab: 'incidents', title: 'Incidents', icon: IconUrgent, Content: IncidentsTab, scrolls: false },
  { tab: 'crashes', title: 'Crashes', icon: IconBug, Content: CrashesTab, scrolls: false },
  { tab: 'anomalies', title: 'Anomalies', icon: IconRadar2, Content: AnomaliesTab, scrolls: false },
  { tab: 'cooldowns', title: 'Cooldowns', icon: IconSnowflake, Content: CooldownsTab, scrolls: true },
  {
    tab: 'alerts',
    title: 'Alerts',
    icon: IconBell,
    Content: AlertsTab,
    scrolls: true,
    useAttention: useAlertsAttention,
  },
  { tab: 'log', title: 'Log', icon: IconActivity, Content: LogTab, scrolls: false },
  { tab: 'settings', title: 'Settings', icon: IconSettings, Content: SettingsTab, scrolls: true },
];
