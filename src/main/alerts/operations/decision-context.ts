import { definitionOf } from '../../../shared/lib/instances';
import { allDependencies } from '../../../shared/lib/dependency-order';
import type { HeldAlerts } from '../../../shared/model/alert';
import type { Settings } from '../../../shared/model/settings';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { Engine } from '../../engine/engine';
import type { RouteName } from '../../engine/outbox-store';
import type { Clock } from '../../engine/ports';
import type { AlertState, HourlyLimits } from '../outbox/alert-state';
import { activeUntil } from '../plan/calendar';
import type { IntakeContext } from '../outbox/intake';
import type { Channel } from '../message';
import { heldAlerts, mergeHolds, planHeld, type PlanContext } from '../plan/plan';

export interface DecisionContextOptions {
  engine: Pick<Engine, 'watches' | 'settings' | 'distress'>;
  clock: Clock;
  state: AlertState;
  channels: readonly Channel[];
}

/** Somebody who gets alerts now. */
export interface Recipient {
  channel: Channel;
  name: RouteName;
}

/** What decisions about alerts depend on: the watches, settings and mutes of the moment at which it is asked. */
export class DecisionContext {
  constructor(private readonly options: DecisionContextOptions) {}

  /** For what becomes of the next events. */
  intake(): IntakeContext {
    const { settingsOf, idOf, all, distress } = this.lookUp();
    return {
      channels: this.options.channels,
      settings: settingsOf,
      watchId: idOf,
      openIncidents: [...all, ...distress].flatMap(({ incident }) => (incident === null ? [] : [incident])),
      inMaintenance: (watch, at) => activeUntil(settingsOf(watch)['alerts.maintenance'], at) !== null,
    };
  }

  /** For what is sent to a recipient of a channel next. */
  plan(channel: Channel): PlanContext {
    const { clock, state } = this.options;
    const { settings, settingsOf, statusOf, idOf, dependenciesOf, distress } = this.lookUp();
    const now = clock.wallMs();
    return {
      nowMs: clock.monotonicMs(),
      now,
      perHour: { hourly: channel.perHour(), urgent: settings['alerts.criticalPerHour'] },
      holds: {
        mutes: state.mutes,
        quietUntil: activeUntil(settings['alerts.quietHours'], now),
        criticalBreaksThrough: settings['alerts.criticalBreaksThrough'],
        maintenanceUntil: (watch) => activeUntil(settingsOf(watch)['alerts.maintenance'], now),
        watchId: idOf,
      },
      settings: settingsOf,
      dependenciesOf,
      isUnready: (watch) => statusOf(watch)?.readiness === 'lost',
      isOngoing: (incident, watch) => {
        if (watch === null) return distress.some((one) => one.incident === incident);
        const status = statusOf(watch);
        return status !== undefined && (status.incident === incident || status.phase === 'failed');
      },
    };
  }

  /** Urgent messages an hour to each recipient. */
  urgentPerHour(): number {
    return this.options.engine.settings.inForce()['alerts.criticalPerHour'];
  }

  /** By what the messages of the last hour are counted. */
  limits(): HourlyLimits {
    const { settingsOf } = this.lookUp();
    return {
      of: ({ channel }) => this.options.channels.find(({ name }) => name === channel)?.perHour() ?? 1,
      ofWatch: (watch) => settingsOf(watch)['alerts.perWatchPerHour'],
      ofUrgent: () => this.urgentPerHour(),
    };
  }

  /** Everybody who gets alerts now. */
  recipients(): readonly Recipient[] {
    return this.options.channels.flatMap((channel) =>
      channel.recipients().map((recipient) => ({ channel, name: { channel: channel.name, recipient } })),
    );
  }

  /** Why alerts wait: of several recipients, each reason with the most that waits for it. */
  holds(): readonly HeldAlerts[] {
    const { state } = this.options;
    return mergeHolds(this.recipients().map(({ channel, name }) => heldAlerts(state.route(name), this.plan(channel))));
  }

  /** How many events wait for limits, groups and quiet hours. */
  heldEvents(): number {
    const { state } = this.options;
    const drafts = this.recipients().map(({ channel, name }) => planHeld(state.route(name), this.plan(channel)));
    return new Set(drafts.flatMap((draft) => draft?.items.map(({ event }) => event) ?? [])).size;
  }

  /** The watches as they are at this moment: asked once for a piece of work, however often it needs them. */
  private lookUp() {
    const { engine } = this.options;
    const all = engine.watches.list();
    const settings = engine.settings.inForce();
    const distress = engine.distress();
    const byName = new Map(all.map((status) => [status.watch.name, status]));
    // What happens to a watch with instances as a whole; all of them have the same settings.
    const byDefinition = new Map(all.map((status) => [definitionOf(status).name, status]));
    const specs = all.map(({ watch }) => watch);
    const known = new Map<string, readonly string[]>();
    const dependenciesOf = (watch: string | null): readonly string[] => {
      const own = watch === null ? undefined : byName.get(watch)?.watch;
      if (own === undefined) return [];
      const names = known.get(own.name) ?? allDependencies(own, specs).map(({ name }) => name);
      known.set(own.name, names);
      return names;
    };
    return {
      all,
      distress,
      settings,
      dependenciesOf,
      statusOf: (name: string): WatchStatus | undefined => byName.get(name),
      idOf: (name: string): string | null => byName.get(name)?.watch.id ?? null,
      settingsOf: (watch: string | null): Settings =>
        watch === null ? settings : ((byName.get(watch) ?? byDefinition.get(watch))?.settings ?? settings),
    };
  }
}
