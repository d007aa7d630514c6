import type {
  AlertsStatus,
  ChannelStatus,
  Delivery,
  GivenSetting,
  HeldAlerts,
  Mute,
  Templates,
} from '../../shared/model/alert';
import type { AlertChannel } from '../../shared/model/delivery';
import type { Incident } from '../../shared/model/incident';
import type { Settings } from '../../shared/model/settings';
import type { Engine } from '../engine/engine';
import type { Outbox, RouteName } from '../engine/outbox-store';
import type { Clock, Dispose, ReportError } from '../engine/ports';
import { Refusal, unknownWatch } from '../engine/refusal';
import { AlertState, LIMIT_WINDOW_MS } from './alert-state';
import { activeUntil } from './calendar';
import { Dispatcher } from './dispatcher';
import { isOver } from './holds';
import { takeEvents, type IntakeContext } from './intake';
import { Maker } from './maker';
import type { AlertMessage, Channel, Composer } from './message';
import { OutboxDesk } from './outbox-desk';
import { heldAlerts, mergeHolds, planHeld, type PlanContext } from './plan';
import { ALERTS_TOPIC } from './rules';
import { StatusBoard } from './status-board';
import { incidentOf, TEST_TELLING, tellingOfStory, type IncidentSource } from './telling';
import { Turns } from './turns';
import { WorkLoop } from './work-loop';

export interface AlertsOptions {
  engine: Engine;
  clock: Clock;
  store: Outbox;
  history: IncidentSource;
  /** The last event before this engine: where a history without alerts begins to be told. */
  lastEventId: number;
  channels: readonly Channel[];
  composer: Composer;
  hostname: string;
  newId: () => string;
  /** From 0 to 1. */
  random: () => number;
  report: ReportError;
  /** What the operator should know of settings and secrets, one sentence each. */
  warnings: () => readonly string[];
  fromEnvironment: () => readonly GivenSetting[];
}

/** The alerts of an engine: from its events to those who are to know. */
export type Alerts = ReturnType<typeof createAlerts>;

/** An event that waits for the disk is looked for so often. */
const UNWRITTEN_MS = 1000;
/**
 * Alerts beside an engine: they listen from the moment they are made and work in turns of their own, so that nothing of it, a dead
 * mail server or a full disk, costs the engine more than a note that there is something to do. Whatever can't be kept or sent
 * now is done later.
 */
export function createAlerts(options: AlertsOptions) {
  const { engine, clock, store, history, channels, composer, hostname, report } = options;
  const state = new AlertState(clock);
  const turns = new Turns();
  let restored: Promise<void> | null = null;
  /** The newest event that was heard of: until the history has it on disk, it is looked for again. */
  let announced = 0;
  let cancelSettings: Dispose | null = null;
  /** The operator wants all that waits to be sent now. */
  let sendsHeld = false;
  let disposed = false;

  const channelNamed = (name: AlertChannel): Channel => {
    const channel = channels.find((channel) => channel.name === name);
    if (channel === undefined)
      throw new Refusal('not_found', `Expected a channel that this Healdeck has; it has no ${name}`);
    return channel;
  };

  const urgentPerHour = (): number => engine.settings.inForce()['alerts.criticalPerHour'];
  const dispatcher = new Dispatcher({
    ...{ ...options, state, turns, urgentPerHour, changed },
    publish: (draft) => engine.publish(draft),
  });
  const maker = new Maker({ ...options, state, turns });
  const loop = new WorkLoop({ clock, report, work, failing: () => board.changed() });
  const board = new StatusBoard({
    ...{ state, channels, clock, warnings: options.warnings, fromEnvironment: options.fromEnvironment },
    settings: () => engine.settings.inForce(),
    problem: () => loop.problem,
    holds,
  });
  const desk = new OutboxDesk({ state, store, turns, clock, changed });

  const intake = (): IntakeContext => {
    const { settingsOf, idOf, all } = lookUp();
    return {
      channels,
      settings: settingsOf,
      watchId: idOf,
      openIncidents: all.flatMap(({ incident }) => (incident === null ? [] : [incident])),
      inMaintenance: (watch, at) => activeUntil(settingsOf(watch)['alerts.maintenance'], at) !== null,
    };
  };

  /** Everything there is to do now. Returns when there may be more (monotonic). Rejects when the store can't be used. */
  async function work(): Promise<number> {
    await restoredOnce();
    if (await turns.take(() => takeEvents(state, store, intake))) return clock.monotonicMs();
    await turns.take(forgetPastMutes);
    await makeHeld();
    if (disposed) return Infinity;
    let wakeMs = announced > (state.cursor ?? 0) ? clock.monotonicMs() + UNWRITTEN_MS : Infinity;
    for (const channel of channels) {
      const recipients = channel.recipients();
      if (recipients.length > 0) await desk.closeRoutes(channel.name, recipients);
      for (const recipient of recipients) {
        const name: RouteName = { channel: channel.name, recipient };
        wakeMs = Math.min(wakeMs, await maker.makeDue(name, () => planContext(channel)));
        if (disposed) return Infinity;
      }
    }
    wakeMs = Math.min(wakeMs, await dispatcher.pump());
    board.changed();
    return wakeMs;
  }

  async function makeHeld(): Promise<void> {
    if (!sendsHeld) return;
    for (const { channel, name } of waysNow()) await maker.makeHeld(name, () => planContext(channel));
    sendsHeld = false;
  }

  /** What an earlier engine left, read once; after a failure it is tried again. */
  function restoredOnce(): Promise<void> {
    restored ??= turns.take(restore).catch((error: unknown) => {
      restored = null;
      throw error;
    });
    return restored;
  }

  async function restore(): Promise<void> {
    const { settingsOf } = lookUp();
    const contents = await store.load(clock.wallMs() - LIMIT_WINDOW_MS);
    if (contents.cursor === null) {
      await store.admit({ cursor: options.lastEventId, items: [], threads: [], endedMutes: [] });
    }
    state.restore(contents.cursor === null ? { ...contents, cursor: options.lastEventId } : contents, {
      of: ({ channel }) => channels.find(({ name }) => name === channel)?.perHour() ?? 1,
      ofWatch: (watch) => settingsOf(watch)['alerts.perWatchPerHour'],
      ofUrgent: urgentPerHour,
    });
  }

  /** The watches as they are at this moment: asked once for a piece of work, however often it needs them. */
  function lookUp() {
    const all = engine.watches.list();
    const settings = engine.settings.inForce();
    const byName = new Map(all.map((status) => [status.watch.name, status]));
    return {
      all,
      settings,
      statusOf: (name: string) => byName.get(name),
      idOf: (name: string) => byName.get(name)?.watch.id ?? null,
      settingsOf: (watch: string | null) => (watch === null ? settings : (byName.get(watch)?.settings ?? settings)),
    };
  }

  function planContext(channel: Channel): PlanContext {
    const { settings, settingsOf, statusOf, idOf } = lookUp();
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
      goesOn: (incident, watch) => {
        const status = watch === null ? undefined : statusOf(watch);
        return status !== undefined && (status.incident === incident || status.phase === 'failed');
      },
    };
  }

  /** The ways to everybody who gets alerts now. */
  function waysNow(): readonly { channel: Channel; name: RouteName }[] {
    return channels.flatMap((channel) =>
      channel.recipients().map((recipient) => ({ channel, name: { channel: channel.name, recipient } })),
    );
  }

  /** Why alerts wait: of several recipients, each reason with the most that waits for it. */
  function holds(): readonly HeldAlerts[] {
    return mergeHolds(waysNow().map(({ channel, name }) => heldAlerts(state.route(name), planContext(channel))));
  }

  async function forgetPastMutes(): Promise<void> {
    const past = state.mutes.filter((mute) => isOver(mute, clock.wallMs()));
    if (past.length === 0) return;
    await store.removeMutes(past.map((mute) => mute.id));
    state.mutes = state.mutes.filter((mute) => !past.includes(mute));
  }

  function changed(): void {
    loop.soon();
    board.changed();
  }

  /** Looks at the set-up of a channel without sending. */
  async function check(channel: Channel): Promise<ChannelStatus> {
    const problem = await channel.check();
    if (problem === null) state.problems.delete(channel.name);
    else state.problems.set(channel.name, problem);
    board.changed();
    return board.statusOf(channel);
  }

  async function checkAtStart(channel: Channel): Promise<void> {
    const { problem } = await check(channel);
    if (problem === null || disposed) return;
    engine.note({
      topic: ALERTS_TOPIC,
      severity: 'high',
      detail: `Alerts by ${channel.name} do not work as it is set up: ${problem.message} ${problem.advice}`,
    });
  }

  async function storyOf(incident: number): Promise<Incident> {
    const story = await incidentOf(incident, history);
    if (story === null) throw new Refusal('not_found', `No incident has the number ${incident}`);
    return story;
  }

  function mute(wanted: Omit<Mute, 'id' | 'at'>): Promise<Mute> {
    return turns.take(async () => {
      const made = { ...wanted, at: clock.wallMs() };
      const mute = { ...made, id: await store.addMute(made) };
      state.mutes = [...state.mutes, mute];
      changed();
      return mute;
    });
  }

  function unmute(ids: readonly number[] | null): Promise<{ ended: number }> {
    return turns.take(async () => {
      const ended = state.mutes.filter((mute) => ids === null || ids.includes(mute.id));
      await store.removeMutes(ended.map((mute) => mute.id));
      state.mutes = state.mutes.filter((mute) => !ended.includes(mute));
      changed();
      return { ended: ended.length };
    });
  }

  function settingsChanged(): void {
    for (const channel of channels) {
      channel.settingsChanged();
      check(channel).catch((error: unknown) => report(`checking alerts by ${channel.name}`, error));
    }
    dispatcher.settingsChanged();
    desk.tryAllNow();
  }

  // At once, so that what happens from now on is told even when this engine does not live for long. When the database can't be
  // read now, the first turn tries again.
  const restoring = restoredOnce().catch(() => undefined);

  let seen = engine.settings.inForce();
  let known = wayOf(seen);
  const unsubscribe = engine.subscribe((change) => {
    // This runs within the engine's own work: it only notes that there is something to do.
    for (const { id } of change.events ?? []) announced = Math.max(announced, id);
    if (change.events !== undefined) loop.soon();
    // Each tick tells of the engine, with the same settings until somebody changes one.
    if (change.engine === undefined || change.engine.settings === seen) return;
    seen = change.engine.settings;
    const settings = wayOf(seen);
    if (settings === known) return;
    known = settings;
    cancelSettings?.();
    cancelSettings = clock.after(0, settingsChanged);
  });

  return {
    /** Resolves once it was tried to read what an earlier engine left; what happens from then on is told. */
    restoring,

    /** Begins to work, and checks in the background how each channel is set up. */
    start(): void {
      loop.start();
      for (const channel of channels) {
        checkAtStart(channel).catch((error: unknown) => report(`checking alerts by ${channel.name}`, error));
      }
    },

    /** Secrets are others now: what could not be sent is tried at once. Changes of settings are noticed here. */
    settingsChanged,

    status: () => board.status(),
    subscribe: (listener: (status: AlertsStatus) => void): Dispose => board.subscribe(listener),
    list: desk.list.bind(desk),
    retry: desk.retry.bind(desk),
    drop: desk.drop.bind(desk),

    async test(name: AlertChannel): Promise<readonly { recipient: string; delivery: Delivery }[]> {
      const channel = channelNamed(name);
      const recipients = channel.recipients();
      if (recipients.length === 0) throw new Refusal('invalid', `Expected ${name} to be set up: ${channel.describe()}`);
      const content = await composer.compose(TEST_TELLING);
      const results: { recipient: string; delivery: Delivery }[] = [];
      for (const recipient of recipients) {
        const message: AlertMessage = {
          ...TEST_TELLING,
          ...content,
          id: 0,
          channel: name,
          recipient,
          incident: null,
          createdAt: new Date(clock.wallMs()).toISOString(),
          hostname,
          messageId: `<healdeck.${options.newId()}@${hostname.replace(/[^A-Za-z0-9.-]+/g, '-') || 'localhost'}>`,
          inReplyTo: null,
          references: [],
        };
        const delivery = await channel.deliver(message, new AbortController().signal);
        if (delivery.ok) state.problems.delete(name);
        else state.problems.set(name, delivery.problem);
        results.push({ recipient, delivery });
      }
      board.changed();
      return results;
    },

    check: (name: AlertChannel) => check(channelNamed(name)),

    async preview({ incident, templates }: { incident: number | null; templates?: Templates | undefined }) {
      const telling = incident === null ? null : tellingOfStory(await storyOf(incident));
      return composer.preview(telling, templates ?? null);
    },

    templates: () => composer.kit(),

    /** Sends now what waits for limits, groups and quiet hours; what somebody has snoozed, and maintenance, goes on to wait. */
    sendHeld(): { events: number } {
      const drafts = waysNow().map(({ channel, name }) => planHeld(state.route(name), planContext(channel)));
      // Made in the turns of the loop: two that make messages at a time would report the same events twice.
      sendsHeld = true;
      changed();
      return { events: new Set(drafts.flatMap((draft) => draft?.items.map(({ event }) => event) ?? [])).size };
    },

    async acknowledge(incident: number): Promise<Mute> {
      await storyOf(incident);
      const known = state.mutes.find((mute) => mute.kind === 'acknowledged' && mute.incident === incident);
      if (known !== undefined) return known;
      const made = await mute({ kind: 'acknowledged', watchId: null, incident, until: null });
      await desk.acknowledge(incident);
      return made;
    },

    async snooze({
      watch,
      incident,
      forMs,
    }: {
      watch: string | null;
      incident: number | null;
      forMs: number | null;
    }): Promise<Mute> {
      const found = engine.watches.list().find((status) => status.watch.id === watch || status.watch.name === watch);
      if (watch !== null && found === undefined) throw unknownWatch(watch);
      const until = forMs === null ? null : clock.wallMs() + forMs;
      return mute({ kind: 'snoozed', watchId: found?.watch.id ?? null, incident, until });
    },

    async unmute(id: number | null): Promise<{ ended: number }> {
      if (id !== null && !state.mutes.some((mute) => mute.id === id)) {
        throw new Refusal('not_found', `Nothing is muted by the number ${id}`);
      }
      return unmute(id === null ? null : [id]);
    },

    dispose(): void {
      if (disposed) return;
      disposed = true;
      unsubscribe();
      loop.dispose();
      dispatcher.dispose();
      board.dispose();
      cancelSettings?.();
      for (const channel of channels) channel.dispose();
    },
  };
}

/** Every setting that alerts depend on, as one value to compare. */
function wayOf(settings: Settings): string {
  const ours = Object.entries(settings).filter(([key]) => /^(?:alerts|mail|desktop|webhook|command)\./.test(key));
  return JSON.stringify(ours);
}
