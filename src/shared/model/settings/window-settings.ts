import { flag } from './kinds';

/** How the window behaves. */
export const WINDOW_SETTINGS = {
  'window.keepRunning': flag({
    label: 'Keep running in the tray',
    group: 'window',
    default: true,
    help: 'When the window is closed, Healdeck keeps running in the tray; off: it quits.',
  }),
} as const;
