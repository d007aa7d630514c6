import { delimiter } from 'node:path';
import { ALERT_CHANNELS, type AlertChannel } from '../shared/model/delivery';
import type { Settings } from '../shared/model/settings';
import { inheritedEnvironment } from './adapters/launch/child-environment';
import { checkLaunch } from './adapters/launch/launch-check';
import { CommandChannel } from './alerts/channels/command';
import { createDesktopChannel, type Notifier } from './alerts/channels/desktop';
import { WebhookChannel } from './alerts/channels/webhook';
import { MailChannel } from './alerts/mail/mail-channel';
import type { Channel, SecretSource } from './alerts/message';
import type { Clock, ProcessTable } from './engine/ports';

/** The desktop as alerts use it. */
export interface Desktop {
  notifier: Notifier;
  /** Opens the window at an incident; null: at the list of them. */
  openIncident: (incident: number | null) => void;
}

export interface ChannelSources {
  settings: () => Settings;
  secrets: SecretSource;
  hostname: string;
  clock: Clock;
  /** Absolute; where the command runs. */
  dataDir: string;
  identify: ProcessTable['identify'];
  /** null without a window. */
  desktop: Desktop | null;
  onAcknowledge: (incident: number) => void;
}

/** How each channel is made. What it is called, its settings and its secrets are in shared/channels. */
const CREATE: Readonly<Record<AlertChannel, (sources: ChannelSources) => Channel>> = {
  mail: ({ settings, secrets, hostname, clock }) =>
    new MailChannel({ settings, env: process.env, secrets, hostname, clock }),
  desktop: ({ settings, desktop, onAcknowledge }) =>
    createDesktopChannel({
      settings,
      notifier: desktop?.notifier ?? null,
      onOpen: (incident) => desktop?.openIncident(incident),
      onAcknowledge,
    }),
  webhook: ({ settings, secrets, clock }) => new WebhookChannel({ settings, secrets, clock }),
  command: ({ settings, clock, dataDir, identify }) =>
    new CommandChannel({
      settings,
      clock,
      cwd: dataDir,
      environment: () => inheritedEnvironment(process.env, delimiter),
      checkLaunch,
      identify,
    }),
};

/** The ways to reach somebody. */
export function createChannels(sources: ChannelSources): readonly Channel[] {
  return ALERT_CHANNELS.map((name) => CREATE[name](sources));
}
