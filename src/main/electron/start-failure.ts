import { app, dialog } from 'electron';

/** Says why Healdeck did not start, in a dialog too where somebody would see it, and ends with exit status 1. */
export function failStart(error: unknown, dialogs: boolean): void {
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(`Healdeck did not start: ${reason}\n`);
  // Before `ready` the box is written to stderr by Electron itself, where it was said already.
  if (dialogs && app.isReady()) dialog.showErrorBox('Healdeck did not start', reason);
  app.exit(1);
}
