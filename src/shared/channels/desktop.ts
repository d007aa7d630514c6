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
      help: 'Shows desktop notifications when Healdeck runs with a window.',
    }),
    'desktop.minSeverity': choice({
      label: 'Minimum severity',
      group: 'channel',
      default: 'warning',
      choices: severitySchema.options,
      help: 'Messages below this severity are not shown on the desktop.',
    }),
    'desktop.perHour': integer({
      label: 'Hourly limit',
      group: 'channel',
      default: 30,
      min: 2,
      max: 1000,
      unit: 'notifications',
      help: 'Maximum number of desktop notifications in any hour.',
    }),
  },
} as const satisfies ChannelDefinition;
