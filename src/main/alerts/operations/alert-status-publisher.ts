import type { AlertsStatus, ChannelStatus, GivenSetting, HeldAlerts } from '../../../shared/model/alert';
import type { Settings } from '../../../shared/model/settings';
import type { Clock, Dispose } from '../../engine/ports';
import type { AlertState } from '../outbox/alert-state';
import { activeUntil, calendarProblem } from '../plan/calendar';
import type { Channel } from '../message';

/** The shortest time between two reports of the status. */
const PUBLISH_INTERVAL_MS = 200;

export interface StatusBoardOptions {
  state: AlertState;
  channels: readonly Channel[];
  clock: Clock;
  settings: () => Settings;
  /** Why nothing can be done just now, or null. */
  problem: () => string | null;
  /** Why alerts wait. */
  holds: () => readonly HeldAlerts[];
  /** What the operator should know of settings and secrets, one sentence each. */
  warnings: () => readonly string[];
  fromEnvironment: () => readonly GivenSetting[];
}

/** How the alerts stand, for those who ask and for those who subscribe. */
export class AlertStatusPublisher {
  private readonly listeners = new Set<(status: AlertsStatus) => void>();
  private cancel: Dispose | null = null;
  private disposed = false;

  constructor(private readonly options: StatusBoardOptions) {}

  status(): AlertsStatus {
    const { state, channels, clock } = this.options;
    const settings = this.options.settings();
    const routes = [...state.routes.values()];
    return {
      channels: channels.map((channel) => this.statusOf(channel)),
      waiting: routes.reduce((sum, route) => sum + route.queue.length, 0),
      failed: state.failed,
      held: new Set(routes.flatMap((route) => route.waiting.map((item) => item.event))).size,
      holds: this.options.holds(),
      mutes: state.mutes,
      quietUntil: activeUntil(settings['alerts.quietHours'], clock.wallMs()),
      warnings: this.warnings(settings),
      fromEnvironment: this.options.fromEnvironment(),
    };
  }

  statusOf(channel: Channel): ChannelStatus {
    const { state } = this.options;
    const recipients = channel.recipients();
    const problem = state.problems.get(channel.name) ?? null;
    return {
      channel: channel.name,
      state: recipients.length === 0 ? 'off' : problem === null ? 'ready' : 'failing',
      recipients,
      description: channel.describe(),
      problem,
      lastSentAt: state.lastSentAt.get(channel.name) ?? null,
    };
  }

  subscribe(listener: (status: AlertsStatus) => void): Dispose {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Something has changed: subscribers are notified soon, and once for all that changes meanwhile. */
  changed(): void {
    if (this.cancel !== null || this.disposed) return;
    this.cancel = this.options.clock.after(PUBLISH_INTERVAL_MS, () => {
      this.cancel = null;
      if (this.listeners.size === 0) return;
      const status = this.status();
      for (const listener of this.listeners) listener(status);
    });
  }

  dispose(): void {
    this.disposed = true;
    this.cancel?.();
    this.listeners.clear();
  }

  private warnings(settings: Settings): readonly string[] {
    const times = [settings['alerts.quietHours'], settings['alerts.maintenance']].map(calendarProblem);
    const problem = this.options.problem();
    return [
      ...this.options.warnings(),
      ...times.filter((text) => text !== null),
      ...(problem === null ? [] : [`Alerts wait: ${problem}`]),
    ];
  }
}
