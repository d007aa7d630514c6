import type {
  AlertPreview,
  AlertsStatus,
  ChannelStatus,
  Delivery,
  Mute,
  OutboxEntry,
  OutboxState,
  TemplateKit,
  Templates,
} from '../../shared/model/alert';
import type { AlertChannel } from '../../shared/model/delivery';
import type { Actor } from '../../shared/model/event';
import type { SecretName, SecretStatus } from '../../shared/model/secret';
import type { Dispose } from '../engine/ports';

/** The alerts as the API needs them. Requests are refused with a `Refusal`; then nothing has changed. */
export interface AlertsControl {
  status(): AlertsStatus;
  /** Called with each new status. */
  subscribe(listener: (status: AlertsStatus) => void): Dispose;
  sendHeld(): { events: number };
  preview(request: { incident: number | null; templates?: Templates | undefined }): Promise<AlertPreview>;
  templates(): TemplateKit;
  readonly outbox: {
    list(query: { state?: OutboxState | undefined; limit: number }): Promise<readonly OutboxEntry[]>;
    retry(id: number | null): Promise<{ tried: number }>;
    drop(id: number | null): Promise<{ dropped: number }>;
  };
  readonly channels: {
    test(channel: AlertChannel): Promise<readonly { recipient: string; delivery: Delivery }[]>;
    check(channel: AlertChannel): Promise<ChannelStatus>;
  };
  readonly mutes: {
    acknowledge(incident: number, actor: Actor): Promise<Mute>;
    snooze(request: {
      watch: string | null;
      incident: number | null;
      forMs: number | null;
      actor: Actor;
    }): Promise<Mute>;
    unmute(id: number | null): Promise<{ ended: number }>;
  };
}

/** Where secrets are kept, as the API needs it: they go in and never come out. */
export interface SecretsControl {
  list(): readonly SecretStatus[];
  /** @throws Refusal `conflict` when the environment gives it. */
  set(name: SecretName, value: string | null): readonly SecretStatus[];
}
