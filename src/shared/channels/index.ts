import type { ChannelDefinition, ChannelSecret } from './definition';
import { CHANNELS } from './list';

export type { ChannelDefinition, ChannelSecret };

/** Ways to notify an operator. */
export type AlertChannel = (typeof CHANNELS)[number]['name'];

const BY_NAME = new Map<string, ChannelDefinition>(CHANNELS.map((channel) => [channel.name, channel]));

/** The definition of a channel; one that only another version knows gets its name as label. */
export function channelOf(name: AlertChannel): ChannelDefinition {
  return BY_NAME.get(name) ?? { name, label: name, secrets: [], settings: {} };
}

/** The secrets of all channels. */
export const CHANNEL_SECRETS: readonly ChannelSecret[] = CHANNELS.flatMap(
  ({ secrets }): readonly ChannelSecret[] => secrets,
);
