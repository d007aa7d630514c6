import { z } from 'zod';
import { integer, list } from '../model/settings/kinds';
import type { ChannelDefinition } from './definition';

export const command = {
  name: 'command',
  label: 'Command',
  secrets: [],
  settings: {
    'command.argv': list({
      form: 'argv',
      label: 'Program and arguments',
      group: 'channel',
      range: 'words: a program and its arguments',
      item: z.string({ error: 'expected a text' }).regex(/^[^\0]*$/, 'expected no NUL character'),
      help: 'The program to run for each message, without a shell, with the message as JSON on its standard input. Exit code 0 means delivered; 64 to 78 (except 75), 126 and 127 mean a permanent failure; after any other code the program is run again later.',
    }),
    'command.timeoutMs': integer({
      label: 'Time limit',
      group: 'channel',
      default: 10_000,
      min: 1000,
      max: 600_000,
      unit: 'ms',
      help: 'How long the program may run before it is ended. Processes that it leaves in its process group are ended with it.',
    }),
    'command.perHour': integer({
      label: 'Hourly limit',
      group: 'channel',
      default: 60,
      min: 2,
      max: 10_000,
      unit: 'runs',
      help: 'Maximum number of runs of the program in any hour.',
    }),
  },
} as const satisfies ChannelDefinition;
