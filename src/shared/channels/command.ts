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
      help: 'A program that is run for each message, with the message as JSON on its standard input; no shell is between. Exit code 0 means delivered, 64 to 78 (but not 75), 126 and 127 that no further try helps; after any other it is run again later.',
    }),
    'command.timeoutMs': integer({
      label: 'Time limit',
      group: 'channel',
      default: 10_000,
      min: 1000,
      max: 600_000,
      unit: 'ms',
      help: 'How long the program may run before it is ended; what it leaves running in its process group is ended with it.',
    }),
    'command.perHour': integer({
      label: 'At most in an hour',
      group: 'channel',
      default: 60,
      min: 2,
      max: 10_000,
      unit: 'runs',
      help: 'Never more runs of the program than this in any hour.',
    }),
  },
} as const satisfies ChannelDefinition;
