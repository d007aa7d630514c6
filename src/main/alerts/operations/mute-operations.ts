import { findByReference } from '../../../shared/lib/watch-reference';
import type { Mute } from '../../../shared/model/alert';
import type { Engine } from '../../engine/engine';
import type { Outbox } from '../../engine/outbox-store';
import type { Clock } from '../../engine/ports';
import { Refusal, unknownWatch } from '../../engine/refusal';
import type { AlertState } from '../outbox/alert-state';
import { isOver } from '../plan/suppressions';
import type { OutboxOperations } from '../outbox/outbox-operations';
import { knownIncident, type IncidentSource } from '../outbox/incident-facts';
import type { Turns } from '../outbox/turns';

export interface MuteOperationsOptions {
  engine: Pick<Engine, 'watches'>;
  state: AlertState;
  store: Outbox;
  turns: Turns;
  clock: Clock;
  history: IncidentSource;
  desk: OutboxOperations;
  /** There may be more to do, and a new status to report. */
  changed: () => void;
}

/** What somebody has acknowledged or snoozed, and takes back. */
export class MuteOperations {
  constructor(private readonly options: MuteOperationsOptions) {}

  async acknowledge(incident: number): Promise<Mute> {
    const { state, history, desk } = this.options;
    await knownIncident(incident, history);
    const known = state.mutes.find((mute) => mute.kind === 'acknowledged' && mute.incident === incident);
    if (known !== undefined) return known;
    const made = await this.mute({ kind: 'acknowledged', watchId: null, incident, until: null });
    await desk.acknowledge(incident);
    return made;
  }

  /** Of a watch by id or name, of an incident, or (null for both) everything; null: until it is taken back. */
  async snooze({
    watch,
    incident,
    forMs,
  }: {
    watch: string | null;
    incident: number | null;
    forMs: number | null;
  }): Promise<Mute> {
    const { engine, clock } = this.options;
    const found = watch === null ? undefined : findByReference(engine.watches.list(), watch);
    if (watch !== null && found === undefined) throw unknownWatch(watch);
    const until = forMs === null ? null : clock.wallMs() + forMs;
    return this.mute({ kind: 'snoozed', watchId: found?.watch.id ?? null, incident, until });
  }

  /** One by its number, or (null) all. */
  async unmute(id: number | null): Promise<{ ended: number }> {
    const { state, store, turns, changed } = this.options;
    if (id !== null && !state.mutes.some((mute) => mute.id === id)) {
      throw new Refusal('not_found', `No mute has the number ${id}`);
    }
    return turns.take(async () => {
      const ended = state.mutes.filter((mute) => id === null || mute.id === id);
      await store.removeMutes(ended.map((mute) => mute.id));
      state.mutes = state.mutes.filter((mute) => !ended.includes(mute));
      changed();
      return { ended: ended.length };
    });
  }

  /** Those whose time is over no longer count. */
  forgetPast(): Promise<void> {
    const { state, store, turns, clock } = this.options;
    return turns.take(async () => {
      const past = state.mutes.filter((mute) => isOver(mute, clock.wallMs()));
      if (past.length === 0) return;
      await store.removeMutes(past.map((mute) => mute.id));
      state.mutes = state.mutes.filter((mute) => !past.includes(mute));
    });
  }

  private mute(wanted: Omit<Mute, 'id' | 'at'>): Promise<Mute> {
    const { state, store, turns, clock, changed } = this.options;
    return turns.take(async () => {
      const made = { ...wanted, at: clock.wallMs() };
      const mute = { ...made, id: await store.addMute(made) };
      state.mutes = [...state.mutes, mute];
      changed();
      return mute;
    });
  }
}
