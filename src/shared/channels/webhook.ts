import { choice, flag, integer } from '../model/settings/kinds';
import type { ChannelDefinition } from './definition';

export const webhook = {
  name: 'webhook',
  label: 'Webhook',
  secrets: [
    {
      name: 'webhook.url',
      variable: 'HEALDECK_WEBHOOK_URL',
      label: 'Address',
      meaning: 'the address that alerts are posted to',
      help: 'The address that alerts are posted to, as in https://chat.example.org/hooks/…; anyone who knows it can post, so it is stored as a secret',
    },
    {
      name: 'webhook.key',
      variable: 'HEALDECK_WEBHOOK_KEY',
      label: 'Key',
      meaning: 'the key that posts are signed with',
      help: 'Signs each post (HMAC), so that the receiver can verify where it came from; only with the format Healdeck JSON',
    },
  ],
  settings: {
    'webhook.enabled': flag({
      label: 'Post alerts',
      group: 'channel',
      default: true,
      help: 'Posts alerts to a web address, once the secret `webhook.url` is set.',
    }),
    'webhook.format': choice({
      label: 'Format',
      group: 'channel',
      default: 'json',
      choices: ['json', 'slack', 'discord', 'teams'],
      help: 'The format of the posts: Healdeck JSON, or that of a chat service.',
    }),
    'webhook.timeoutMs': integer({
      label: 'Server timeout',
      group: 'channel',
      default: 10_000,
      min: 1000,
      max: 120_000,
      unit: 'ms',
      help: 'How long the server may take to respond.',
    }),
    'webhook.perHour': integer({
      label: 'Hourly limit',
      group: 'channel',
      default: 60,
      min: 2,
      max: 10_000,
      unit: 'posts',
      help: 'Maximum number of posts in any hour.',
    }),
  },
} as const satisfies ChannelDefinition;
