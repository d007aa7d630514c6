import { app } from 'electron';
import { endOnAbort } from '../../host/abort-signal';
import type { Notifier } from '../compose';
import type { WindowMemoryFile } from './window-memory';
import { formatDuration } from '../../shared/lib/format/duration';

/** An engine that can't be ended cleanly in this time is ended anyway; its files are written atomically. */
const END_WITHIN_MS = 10_000;

/** The end of the app: once, first what `dispose` holds, then Electron. Watched programs keep running. */
export class Quit {
  private begun = false;

  constructor(
    private readonly dispose: (reason: string) => Promise<void>,
    private readonly warn: (line: string) => void,
  ) {}

  get hasBegun(): boolean {
    return this.begun;
  }

  now(reason: string): void {
    if (this.begun) return;
    this.begun = true;
    const limit = setTimeout(() => {
      this.warn(`The engine did not end within ${formatDuration(END_WITHIN_MS)} and is left behind.`);
      app.exit(1);
    }, END_WITHIN_MS);
    this.dispose(reason).then(
      () => {
        clearTimeout(limit);
        app.exit(0);
      },
      (error: unknown) => {
        this.warn(`The engine did not end cleanly: ${error instanceof Error ? error.message : String(error)}`);
        app.exit(1);
      },
    );
  }
}

/** Quitting from the menu, the dock, the session or by a signal all go the same way. */
export function setupQuit(quit: Quit): void {
  app.on('before-quit', (event) => {
    event.preventDefault();
    quit.now('quit by the operator');
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => quit.now(signal));
  endOnAbort();
}

/**
 * What closing the window means. With `window.keepRunning` Healdeck goes on healing even where no tray shows it: a death that nobody
 * notices is worse than a program without a window, and starting Healdeck again brings the window back.
 */
export function setupWindowClose(options: {
  keepsRunning: () => boolean;
  hasTray: boolean;
  memory: WindowMemoryFile;
  notifier: Notifier;
  onOpen: () => void;
  warn: (line: string) => void;
  quit: Quit;
}): void {
  const { keepsRunning, hasTray, memory, notifier, onOpen, warn, quit } = options;
  app.on('window-all-closed', () => {
    if (quit.hasBegun) return;
    if (!keepsRunning()) {
      quit.now('window closed');
      return;
    }
    warn(
      `The window is closed; healing continues. ${hasTray ? 'The tray icon or starting' : 'Starting'} Healdeck again shows it.`,
    );
    notifyOnce({ memory, notifier, hasTray, onOpen });
  });
}

function notifyOnce({
  memory,
  notifier,
  hasTray,
  onOpen,
}: {
  memory: WindowMemoryFile;
  notifier: Notifier;
  hasTray: boolean;
  onOpen: () => void;
}): void {
  const remembered = memory.read();
  if (remembered.reportedThatItKeepsRunning || !notifier.supported) return;
  void notifier.show({
    title: 'Healdeck keeps healing',
    body: `The window is closed; all watches keep running. Open it ${hasTray ? 'from the tray or ' : ''}by starting Healdeck again; quit from there.`,
    priority: 'low',
    actions: [],
    onOpen,
  });
  memory.write({ ...remembered, reportedThatItKeepsRunning: true });
}
