import { randomUUID } from 'node:crypto';
import type { Settings } from '../shared/model/settings';
import type { EngineRecord } from './adapters/record/record';
import type { SecretFileStore } from './adapters/stores/secret-store';
import { Alerts } from './alerts/alerts';
import { createComposer } from './alerts/content/composer';
import { readMailEnvironment } from './alerts/mail/mail-environment';
import { OperatorActs } from './api/operator-acts';
import { createChannels, type Desktop } from './compose-channels';
import type { Engine } from './engine/engine';
import type { Clock, ProcessTable, ReportError } from './engine/ports';

export interface ComposeAlertsOptions {
  engine: Engine;
  history: EngineRecord;
  secrets: SecretFileStore;
  /** Everything that no text may hold: secrets, and those of watches. */
  secretValues: () => readonly string[];
  clock: Clock;
  hostname: string;
  /** Absolute. */
  dataDir: string;
  identify: ProcessTable['identify'];
  /** null without a window. */
  desktop: Desktop | null;
  report: ReportError;
}

/** The alerts of this machine: its ways to reach people, and what is reported to them. They begin to work at `start()`. */
export function composeAlerts(options: ComposeAlertsOptions): Alerts {
  const { engine, history, secrets, secretValues, clock, hostname, dataDir, identify, desktop, report } = options;
  const settings = (): Settings => engine.settings.inForce();
  const channels = createChannels({
    ...{ settings, secrets, hostname, clock, dataDir, identify, desktop },
    onAcknowledge: (incident) => {
      acts.acknowledge(incident, 'window').catch((error: unknown) => report('acknowledging an incident', error));
    },
  });
  const alerts = new Alerts({
    ...{ engine, history, clock, channels, hostname, report },
    store: history.outbox,
    lastEventId: history.lastEventId,
    composer: createComposer({
      hostname,
      nowMs: () => clock.wallMs(),
      howToOpen: (incident) => (incident === null ? 'healdeck open' : `healdeck incidents ${incident}\nhealdeck open`),
      watch: (name) => engine.watches.list().find(({ watch }) => watch.name === name) ?? null,
      samples: (query) => history.samples(query),
      templates: () => ({
        subject: settings()['mail.subjectTemplate'],
        text: settings()['mail.textTemplate'],
        html: settings()['mail.htmlTemplate'],
      }),
      secretValues,
    }),
    newId: randomUUID,
    random: Math.random,
    warnings: () => secrets.warnings(),
    fromEnvironment: () => readMailEnvironment(process.env).given,
  });
  const acts = new OperatorActs({ engine, alerts });
  return alerts;
}
