import { integer } from './kinds';

/** How programs are asked whether they work; what they are asked belongs to each watch. */
export const PROBE_SETTINGS = {
  'probes.concurrency': integer({
    label: 'Concurrent probes',
    group: 'probes',
    default: 32,
    min: 1,
    max: 256,
    unit: 'probes',
    help: 'Maximum number of probes that are under way at once, over all watches; the others wait for their turn.',
  }),
  'start.readyMs': integer({
    label: 'Readiness timeout',
    group: 'probes',
    default: 60_000,
    min: 100,
    max: 86_400_000,
    unit: 'ms',
    perWatch: true,
    help: 'How long a started program may take until its startup and readiness probes pass. After that the start has failed: the program is ended, and started again as after a crash.',
  }),
} as const;
