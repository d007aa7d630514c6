import { delimiter } from 'node:path';
import type { Settings } from '../shared/model/settings';
import { inheritedEnvironment } from './adapters/launch/child-environment';
import { checkLaunch } from './adapters/launch/launch-check';
import { CommandChannel } from './alerts/channels/command';
import { createDesktopChannel, type Notifier } from './alerts/channels/desktop';
import { WebhookChannel } from './alerts/channels/webhook';
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
  clock: Clock;
  /** Absolute; where the command runs. */
  dataDir: string;
  identify: ProcessTable['identify'];
  /** null without a window. */
  desktop: Desktop | null;
  onAcknowledge: (incident: number) => void;
}

/** The ways to reach somebody besides mail. */
export function createChannels(sources: ChannelSources): readonly Channel[] {
  const { settings, secrets, clock, dataDir, identify, desktop, onAcknowledge } = sources;
  return [
    createDesktopChannel({
      settings,
      notifier: desktop?.notifier ?? null,
      onOpen: (incident) => desktop?.openIncident(incident),
      onAcknowledge,
    }),
    new WebhookChannel({ settings, secrets, clock }),
    new CommandChannel({
      settings,
      clock,
      cwd: dataDir,
      environment: () => inheritedEnvironment(process.env, delimiter),
      checkLaunch,
      identify,
    }),
  ];
}
