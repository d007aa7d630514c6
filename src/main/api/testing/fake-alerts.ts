import type {
  AlertsStatus,
  ChannelStatus,
  Delivery,
  GivenSetting,
  HeldAlerts,
  Mute,
  OutboxEntry,
  TemplateKit,
} from '../../../shared/model/alert';
import type { SecretName, SecretStatus } from '../../../shared/model/secret';
import { Refusal } from '../../engine/refusal';
import type { AlertsControl, SecretsControl } from '../alerts-control';

const OFF: ChannelStatus = {
  channel: 'mail',
  state: 'off',
  recipients: [],
  description: 'no server is set',
  problem: null,
  lastSentAt: null,
};

/** Alerts without channels: what is asked of them is kept, and what is muted is reported. */
export class FakeAlerts implements AlertsControl {
  entries: OutboxEntry[] = [];
  channel: ChannelStatus = OFF;
  holds: HeldAlerts[] = [];
  warnings: string[] = [];
  fromEnvironment: GivenSetting[] = [];
  /** What a test of a channel comes to. */
  deliveries: { recipient: string; delivery: Delivery }[] = [
    { recipient: 'ada@example.org', delivery: { ok: true, reply: '250 OK' } },
  ];
  private muted: Mute[] = [];
  private readonly listeners = new Set<(status: AlertsStatus) => void>();

  status(): AlertsStatus {
    return {
      channels: [this.channel],
      waiting: this.entries.filter(({ state }) => state === 'queued').length,
      failed: this.entries.filter(({ state }) => state === 'failed').length,
      held: 0,
      holds: this.holds,
      mutes: this.muted,
      quietUntil: null,
      warnings: this.warnings,
      fromEnvironment: this.fromEnvironment,
    };
  }
  subscribe(listener: (status: AlertsStatus) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
  sendHeld(): { events: number } {
    const events = this.holds.reduce((sum, hold) => sum + hold.events, 0);
    this.holds = [];
    return { events };
  }
  preview() {
    return Promise.resolve({ subject: '[test] web crashed', text: 'web crashed', html: '<p>web crashed</p>' });
  }
  templates(): TemplateKit {
    return {
      standard: { subject: '{{headline}}', text: '{{headline}}', html: '<p>{{headline}}</p>' },
      variables: [{ name: 'headline', help: 'What happened, in a line' }],
    };
  }
  readonly outbox: AlertsControl['outbox'] = {
    list: ({ state, limit }) => {
      const found = this.entries.filter((entry) => state === undefined || entry.state === state);
      return Promise.resolve(found.slice(0, limit));
    },
    retry: (id: number | null): Promise<{ tried: number }> => Promise.resolve({ tried: this.asked(id).length }),
    drop: (id: number | null): Promise<{ dropped: number }> => {
      const dropped = new Set(this.asked(id));
      this.entries = this.entries.map((entry) => (dropped.has(entry) ? { ...entry, state: 'dropped' } : entry));
      this.changed();
      return Promise.resolve({ dropped: dropped.size });
    },
  };
  readonly channels: AlertsControl['channels'] = {
    test: () => Promise.resolve(this.deliveries),
    check: (): Promise<ChannelStatus> => Promise.resolve(this.channel),
  };
  readonly mutes: AlertsControl['mutes'] = {
    acknowledge: (incident: number): Promise<Mute> =>
      Promise.resolve(this.mute({ kind: 'acknowledged', watchId: null, incident, until: null })),
    snooze: (request: { watch: string | null; incident: number | null; forMs: number | null }): Promise<Mute> => {
      const { watch, incident, forMs } = request;
      return Promise.resolve(this.mute({ kind: 'snoozed', watchId: watch, incident, until: forMs }));
    },
    unmute: (id: number | null): Promise<{ ended: number }> => {
      const before = this.muted.length;
      this.muted = id === null ? [] : this.muted.filter((mute) => mute.id !== id);
      this.changed();
      return Promise.resolve({ ended: before - this.muted.length });
    },
  };
  private mute(mute: Omit<Mute, 'id' | 'at'>): Mute {
    const made = { ...mute, id: (this.muted.at(-1)?.id ?? 0) + 1, at: 0 };
    this.muted = [...this.muted, made];
    this.changed();
    return made;
  }
  private asked(id: number | null): readonly OutboxEntry[] {
    const found = this.entries.filter((entry) => (id === null ? entry.state === 'failed' : entry.id === id));
    if (id !== null && found.length === 0) throw new Refusal('not_found', `no message has the number ${id}`);
    return found;
  }
  private changed(): void {
    for (const listener of this.listeners) listener(this.status());
  }
}

/** Secrets in memory. */
export class FakeSecrets implements SecretsControl {
  readonly values = new Map<SecretName, string>();
  /** Those that the environment gives. */
  readonly given = new Set<SecretName>();

  list(): readonly SecretStatus[] {
    const names = [...new Set([...this.given, ...this.values.keys()])];
    return names.map((name) => ({ name, where: this.given.has(name) ? 'environment' : 'file' }));
  }
  set(name: SecretName, value: string | null): readonly SecretStatus[] {
    if (this.given.has(name)) throw new Refusal('conflict', `${name} is given by the environment`);
    if (value === null) this.values.delete(name);
    else this.values.set(name, value);
    return this.list();
  }
}
