import type { Mute } from '../../shared/model/alert';
import type { Actor, Change, EventDraft } from '../../shared/model/event';
import type { SecretName, SecretStatus } from '../../shared/model/secret';
import type { Engine } from '../engine/engine';
import type { AlertsControl, SecretsControl } from './alerts-control';

export interface OperatorActsDeps {
  engine: Pick<Engine, 'publish'> & { watches: Pick<Engine['watches'], 'list'> };
  alerts: Pick<AlertsControl, 'status' | 'mutes'>;
}

/** What an operator does to alerts and secrets: done, then recorded as an event with who did it and what was before and after. */
export class OperatorActs {
  constructor(private readonly deps: OperatorActsDeps) {}

  async acknowledge(incident: number, actor: Actor): Promise<Mute> {
    const { alerts, engine } = this.deps;
    const known = alerts.status().mutes;
    const mute = await alerts.mutes.acknowledge(incident, actor);
    // Somebody had acknowledged it before.
    if (known.some(({ id }) => id === mute.id)) return mute;
    engine.publish({
      type: 'incident_acknowledged',
      ...this.concerning(mute),
      message: `${this.prefix(mute)}incident ${incident} acknowledged by the operator (${actor})`,
      data: { actor, incident, changes: [{ field: 'acknowledged', before: 'no', after: 'yes' }] },
    });
    return mute;
  }

  async snooze(request: Parameters<AlertsControl['mutes']['snooze']>[0]): Promise<Mute> {
    const { alerts, engine } = this.deps;
    const { actor } = request;
    const before = alerts.status().mutes.find((known) => concernsTheSame(known, request)) ?? null;
    const mute = await alerts.mutes.snooze(request);
    engine.publish({
      type: 'alerts_snoozed',
      ...this.concerning(mute),
      message: `${this.prefix(mute)}alerts${scopeOf(mute)} snoozed ${untilText(mute)} by the operator (${actor})`,
      data: { actor, changes: [{ field: 'snoozed', before: before && untilText(before), after: untilText(mute) }] },
    });
    return mute;
  }

  async unmute(id: number | null, actor: Actor): Promise<{ ended: number }> {
    const { alerts, engine } = this.deps;
    const ended = alerts.status().mutes.filter((mute) => id === null || mute.id === id);
    const result = await alerts.mutes.unmute(id);
    for (const mute of ended) {
      engine.publish({
        type: 'mute_ended',
        ...this.concerning(mute),
        message: `${this.prefix(mute)}${whatEnded(mute)} by the operator (${actor})`,
        data: { actor, changes: [endOf(mute)] },
      });
    }
    return result;
  }

  setSecret(
    secrets: SecretsControl,
    { name, value, actor }: { name: SecretName; value: string | null; actor: Actor },
  ): readonly SecretStatus[] {
    const wasSet = secrets.list().some((secret) => secret.name === name);
    const after = secrets.set(name, value);
    const verb = value === null ? 'removed' : wasSet ? 'replaced' : 'set';
    if (value !== null || wasSet) {
      this.deps.engine.publish({
        type: 'secret_changed',
        ...{ severity: 'info', watch: null, pid: null, incident: null },
        message: `Secret ${name} ${verb} by the operator (${actor})`,
        data: {
          actor,
          name,
          changes: [{ field: name, before: wasSet ? 'set' : null, after: value === null ? null : 'set' }],
        },
      });
    }
    return after;
  }

  private concerning(mute: Mute): Pick<EventDraft, 'severity' | 'watch' | 'pid' | 'incident'> {
    return { severity: 'info', watch: this.nameOf(mute), pid: null, incident: mute.incident };
  }

  private prefix(mute: Mute): string {
    const name = this.nameOf(mute);
    return name === null ? '' : `${name}: `;
  }

  /** The watch that a mute is of, as far as it is known here: of an incident while that is open. */
  private nameOf({ watchId, incident }: Mute): string | null {
    const found = this.deps.engine.watches
      .list()
      .find((status) =>
        watchId === null ? incident !== null && status.incident === incident : status.watch.id === watchId,
      );
    return found?.watch.name ?? null;
  }
}

function concernsTheSame(mute: Mute, { watch, incident }: { watch: string | null; incident: number | null }): boolean {
  return mute.kind === 'snoozed' && mute.watchId === watch && mute.incident === incident;
}

function scopeOf({ watchId, incident }: Mute): string {
  if (incident !== null) return ` of incident ${incident}`;
  return watchId === null ? ' of all watches' : '';
}

function untilText({ until }: Mute): string {
  return until === null ? 'until it is resolved' : `until ${new Date(until).toISOString()}`;
}

function whatEnded(mute: Mute): string {
  return mute.kind === 'acknowledged'
    ? `acknowledgement of incident ${mute.incident} ended`
    : `alerts${scopeOf(mute)} no longer snoozed: ended`;
}

function endOf(mute: Mute): Change {
  return mute.kind === 'acknowledged'
    ? { field: 'acknowledged', before: 'yes', after: 'no' }
    : { field: 'snoozed', before: untilText(mute), after: null };
}
