import { severitySchema } from '../model/event-parts';
import { choice, flag, integer } from '../model/settings/kinds';
import type { ChannelDefinition } from './definition';

export const desktop = {
  name: 'desktop',
  label: 'Desktop notifications',
  secrets: [],
  settings: {
    'desktop.enabled': flag({
      label: 'Show notifications',
      group: 'channel',
      default: true,
      help: 'Shows notifications of the desktop, where the app has a window.',
    }),
    'desktop.minSeverity': choice({
      label: 'Minimum severity',
      group: 'channel',
      default: 'warning',
      choices: severitySchema.options,
      help: 'Messages below this severity are not shown on the desktop.',
    }),
    'desktop.perHour': integer({
      label: 'At most in an hour',
      group: 'channel',
      default: 30,
      min: 2,
      max: 1000,
      unit: 'notifications',
      help: 'Never more notifications of the desktop than this in any hour.',
    }),
  },
} as const satisfies ChannelDefinition;
