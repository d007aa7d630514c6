import { randomUUID } from 'node:crypto';
import type { History } from './adapters/history/history';
import type { SecretStore } from './adapters/secret-store';
import { createAlerts, type Alerts } from './alerts/alerts';
import { createMailChannel } from './alerts/mail/mail-channel';
import { plainComposer } from './alerts/plain-content';
import { createChannels, type Desktop } from './compose-channels';
import type { Engine } from './engine/engine';
import type { Clock, ProcessTable, ReportError } from './engine/ports';

export interface ComposeAlertsOptions {
  engine: Engine;
  history: History;
  secrets: SecretStore;
  clock: Clock;
  hostname: string;
  /** Absolute. */
  dataDir: string;
  identify: ProcessTable['identify'];
  /** null without a window. */
  desktop: Desktop | null;
  report: ReportError;
}

/** The alerts of this machine: its ways to reach people, and what they are told. They begin to work at `start()`. */
export function composeAlerts(options: ComposeAlertsOptions): Alerts {
  const { engine, history, secrets, clock, hostname, dataDir, identify, desktop, report } = options;
  const settings = engine.settings.bind(engine);
  const channels = [
    createMailChannel({ settings, env: process.env, secrets, hostname, clock }),
    ...createChannels({
      ...{ settings, secrets, clock, dataDir, identify, desktop },
      onAcknowledge: (incident) => {
        alerts.acknowledge(incident).catch((error: unknown) => report('acknowledging an incident', error));
      },
    }),
  ];
  const alerts = createAlerts({
    ...{ engine, history, clock, channels, hostname, report },
    store: history.outbox,
    lastEventId: history.lastEventId,
    composer: plainComposer(hostname),
    newId: randomUUID,
    random: Math.random,
    warnings: () => secrets.warnings(),
    fromEnvironment: () => [],
  });
  return alerts;
}
