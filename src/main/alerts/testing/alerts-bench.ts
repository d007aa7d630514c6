import type { EventData, EventDraft, EventType, HealdeckEvent, Severity } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import { watchSpecSchema } from '../../../shared/model/watch';
import { FakeEngine } from '../../api/testing/fake-engine';
import type { Outbox } from '../../engine/outbox-store';
import { ManualClock } from '../../engine/testing/manual-clock';
import { Alerts } from '../alerts';
import { FakeChannel } from './fake-channel';
import { FakeComposer } from './fake-composer';
import { distant, MemoryOutbox } from './memory-outbox';

/** Alerts over parts in memory. Events happen and time passes as a test asks for. */
export class AlertsBench {
  readonly clock = new ManualClock();
  readonly engine = new FakeEngine();
  readonly events: HealdeckEvent[] = [];
  readonly outbox = new MemoryOutbox(() => this.events);
  readonly composer = new FakeComposer();
  readonly mail = new FakeChannel(() => this.clock.monotonicMs());
  channels: FakeChannel[] = [this.mail];
  readonly reported: unknown[] = [];
  readonly noted: string[] = [];
  alerts: Alerts;
  private ids = 0;

  constructor(
    settings: Partial<Settings> = {},
    /** A history of its own instead of the one in memory. */
    private readonly disk: { store: Outbox; record: (event: HealdeckEvent) => void } | null = null,
    /** Crashes before there were alerts. */
    past = 0,
  ) {
    this.engine.settings.set(settings, 'cli');
    this.engine.publish = (draft) => void this.append(draft);
    this.engine.note = ({ detail }) => void this.noted.push(detail);
    for (let i = 0; i < past; i += 1) this.crash();
    this.alerts = this.newAlerts();
    this.alerts.start();
  }

  /** The engine is killed and another one starts on the same outbox. */
  restart(): void {
    this.alerts.dispose();
    for (const channel of this.channels) channel.disposed = false;
    this.alerts = this.newAlerts();
    this.alerts.start();
  }

  /** An event happens now. */
  happens<T extends EventType>(
    type: T,
    more: {
      watch?: string | null;
      incident?: number | 'opens' | null;
      severity?: Severity;
      data?: Partial<EventData[T]>;
    } = {},
  ): HealdeckEvent {
    const { watch = 'web', incident = null, severity = SEVERITIES[type] ?? 'info', data = {} } = more;
    return this.append({
      type,
      severity,
      watch,
      pid: null,
      incident,
      message: `${watch ?? 'Healdeck'}: ${type}`,
      data: { ...DATA[type], ...data },
    } as EventDraft);
  }

  /** The program dies: the number of the incident that begins. */
  crash(watch = 'web'): number {
    return this.happens('crash_detected', { watch, incident: 'opens' }).id;
  }

  /** What arrived by mail, as `kind watch events`. */
  get mails(): readonly string[] {
    return this.mail.delivered.map(({ subject }) => subject);
  }

  private append(draft: EventDraft): HealdeckEvent {
    const id = (this.events.at(-1)?.id ?? 0) + 1;
    const incident = draft.incident === 'opens' ? id : draft.incident;
    const event = { ...draft, id, incident, at: new Date(this.clock.wallMs()).toISOString() } as HealdeckEvent;
    this.events.push(event);
    this.disk?.record(event);
    this.engine.emit({ events: [event] });
    return event;
  }

  private newAlerts(): Alerts {
    return new Alerts({
      engine: this.engine,
      clock: this.clock,
      store: this.disk?.store ?? distant(this.outbox),
      history: {
        listIncidentEvents: ({ id }) => Promise.resolve(this.events.filter((event) => event.incident === id)),
      },
      lastEventId: this.events.at(-1)?.id ?? 0,
      channels: this.channels,
      composer: this.composer,
      hostname: 'kiosk-3',
      newId: () => String((this.ids += 1)),
      random: () => 0.5,
      report: (where, error) => this.reported.push(where, error),
      warnings: () => [],
      fromEnvironment: () => [],
    });
  }
}

/** A watch to add. */
export const WEB = watchSpecSchema.parse({
  name: 'web',
  target: { kind: 'command', command: { argv: ['web'], cwd: '/' } },
});

const SEVERITIES: Partial<Record<EventType, Severity>> = {
  crash_detected: 'high',
  restarted: 'warning',
  restart_failed: 'critical',
  cooldown_started: 'critical',
  limit_exceeded: 'warning',
};

/** As much of the data of events as deciding looks at. */
const DATA: Partial<Record<EventType, object>> = {
  crash_detected: { policy: 'always', whileEngineWasDown: false },
  restarted: { attempt: 1 },
  restart_failed: { nextAttemptInMs: 1000 },
  recovered: { attempts: 1, durationMs: 10_000 },
  notice: { topic: 'test' },
};
