import type { AlertsStatus, GivenSetting, TemplateKit, Templates } from '../../shared/model/alert';
import { ALERT_SETTING_KEYS, type Settings } from '../../shared/model/settings';
import type { Engine, EngineChange } from '../engine/engine';
import type { Outbox } from '../engine/outbox-store';
import type { Clock, Dispose, ReportError } from '../engine/ports';
import { AlertState } from './outbox/alert-state';
import { AlertWork } from './operations/alert-work';
import { ChannelOperations } from './operations/channel-operations';
import { DecisionContext } from './operations/decision-context';
import { Dispatcher } from './outbox/dispatcher';
import { MessageBuilder } from './outbox/message-builder';
import type { Channel, Composer } from './message';
import { MuteOperations } from './operations/mute-operations';
import { OutboxOperations } from './outbox/outbox-operations';
import { AlertStatusPublisher } from './operations/alert-status-publisher';
import { knownIncident, factsOfIncident, type IncidentSource } from './outbox/incident-facts';
import { Turns } from './outbox/turns';
import { WorkLoop } from './outbox/work-loop';

export interface AlertsOptions {
  engine: Engine;
  clock: Clock;
  store: Outbox;
  history: IncidentSource;
  /** The last event before this engine: where a history without alerts begins to be reported. */
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

/**
 * Alerts beside an engine, from its events to those who are to know: they listen from the moment they are made and work in turns of
 * their own, so that nothing of it, a dead mail server or a full disk, costs the engine more than a note that there is something
 * to do. Whatever can't be kept or sent now is done later.
 */
export class Alerts {
  readonly outbox: OutboxOperations;
  readonly channels: ChannelOperations;
  readonly mutes: MuteOperations;
  /** Resolves once it was tried to read what an earlier engine left; what happens from then on is reported. */
  readonly restoring: Promise<void>;
  private readonly context: DecisionContext;
  private readonly dispatcher: Dispatcher;
  private readonly work: AlertWork;
  private readonly loop: WorkLoop;
  private readonly board: AlertStatusPublisher;
  private readonly unsubscribe: Dispose;
  private cancelSettings: Dispose | null = null;
  /** The settings of the engine when it last published them, and what of them alerts depend on. */
  private seen: { settings: Settings; ours: string };
  private disposed = false;

  constructor(private readonly options: AlertsOptions) {
    const { engine, clock, report } = options;
    const state = new AlertState(clock);
    const turns = new Turns();
    const changed = (): void => this.changed();
    this.context = new DecisionContext({ ...options, state });
    const { context } = this;
    this.dispatcher = new Dispatcher({
      ...{ ...options, state, turns, changed },
      urgentPerHour: () => context.urgentPerHour(),
      publish: (draft) => engine.publish(draft),
    });
    this.board = new AlertStatusPublisher({
      ...{ ...options, state },
      settings: () => engine.settings.inForce(),
      problem: () => this.loop.problem,
      holds: () => context.holds(),
    });
    const { dispatcher, board } = this;
    const desk = new OutboxOperations({ ...options, state, turns, changed });
    this.outbox = desk;
    this.channels = new ChannelOperations({ ...options, state, board });
    this.mutes = new MuteOperations({ ...options, state, turns, desk, changed });
    const { mutes } = this;
    const maker = new MessageBuilder({ ...options, state, turns });
    this.work = new AlertWork({ ...options, context, state, turns, mutes, maker, desk, dispatcher, board });
    this.loop = new WorkLoop({ clock, report, work: () => this.work.turn(), failing: () => board.changed() });

    // At once, so that what happens from now on is reported even when this engine does not live for long. When the database can't be
    // read now, the first turn tries again.
    this.restoring = this.work.restore().catch(() => undefined);
    const settings = engine.settings.inForce();
    this.seen = { settings, ours: wayOf(settings) };
    this.unsubscribe = engine.subscribe((change) => this.onEngineChange(change));
  }

  /** Begins to work, and checks in the background how each channel is set up. */
  start(): void {
    this.loop.start();
    this.channels.checkAtStart();
  }

  status(): AlertsStatus {
    return this.board.status();
  }

  /** Called with each new status. */
  subscribe(listener: (status: AlertsStatus) => void): Dispose {
    return this.board.subscribe(listener);
  }

  /** Sends now what waits for limits, groups and quiet hours; what somebody has snoozed, and maintenance, goes on to wait. */
  sendHeld(): { events: number } {
    const events = this.context.heldEvents();
    this.work.sendHeld();
    this.changed();
    return { events };
  }

  /** What would be reported of an incident, or of an example (null), by these templates or those in force. */
  async preview({ incident, templates }: { incident: number | null; templates?: Templates | undefined }) {
    const { composer, history } = this.options;
    const facts = incident === null ? null : factsOfIncident(await knownIncident(incident, history));
    return composer.preview(facts, templates ?? null);
  }

  templates(): TemplateKit {
    return this.options.composer.kit();
  }

  /** Secrets are others now: what could not be sent is tried at once. Changes of settings are noticed here. */
  settingsChanged(): void {
    this.channels.settingsChanged();
    this.dispatcher.settingsChanged();
    this.outbox.tryAllNow();
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.unsubscribe();
    this.work.dispose();
    this.loop.dispose();
    this.dispatcher.dispose();
    this.board.dispose();
    this.cancelSettings?.();
    this.channels.dispose();
  }

  /** This runs within the engine's own work: it only notes that there is something to do. */
  private onEngineChange({ engine, events }: EngineChange): void {
    for (const { id } of events ?? []) this.work.onEvent(id);
    if (events !== undefined) this.loop.soon();
    // Each tick publishes the engine, with the same settings until somebody changes one.
    if (engine === undefined || engine.settings === this.seen.settings) return;
    const before = this.seen.ours;
    this.seen = { settings: engine.settings, ours: wayOf(engine.settings) };
    if (this.seen.ours === before) return;
    this.cancelSettings?.();
    this.cancelSettings = this.options.clock.after(0, () => this.settingsChanged());
  }

  private changed(): void {
    this.loop.soon();
    this.board.changed();
  }
}

/** Every setting that alerts depend on, as one value to compare. */
function wayOf(settings: Settings): string {
  return JSON.stringify(ALERT_SETTING_KEYS.map((key) => settings[key]));
}
