import { join } from 'node:path';
import { BrowserWindow, nativeImage, nativeTheme, screen } from 'electron';
import { APP_URL } from './app-scheme';
import { choosePlacement, MINIMUM_SIZE, remember } from './placement';
import { spendReload } from './reload-budget';
import type { WindowMemoryFile } from './window-memory';

export interface DashboardWindowOptions {
  memory: WindowMemoryFile;
  /** Folder of the icons. */
  icons: string;
  /** Address of the development server, or null for the built page. */
  devServer: string | null;
  /** A line for whoever reads our stderr. */
  warn: (line: string) => void;
}

/** The one window, which may be closed and opened again while the engine goes on. */
export interface DashboardWindow {
  /** Opens it, or brings it to the front. */
  show(): void;
  /** Closes it for good, and remembers where it was. */
  dispose(): void;
}

export function createDashboardWindow(options: DashboardWindowOptions): DashboardWindow {
  let current: BrowserWindow | null = null;
  return {
    show: () => {
      if (current === null) {
        const opened = open(options);
        opened.on('closed', () => {
          current = null;
        });
        current = opened;
        return;
      }
      if (current.isMinimized()) current.restore();
      current.show();
      current.focus();
    },
    dispose: () => {
      if (current === null) return;
      rememberPlacement(current, options.memory);
      current.destroy();
    },
  };
}

function open({ memory, icons, devServer, warn }: DashboardWindowOptions): BrowserWindow {
  const { maximized, ...bounds } = choosePlacement(memory.read(), screen.getAllDisplays(), screen.getPrimaryDisplay());
  const window = new BrowserWindow({
    ...bounds,
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Healdeck',
    icon: nativeImage.createFromPath(join(icons, 'icon-256.png')),
    show: false,
    autoHideMenuBar: true,
    // The colour of the page's ground, so that nothing flashes before it is drawn.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#0f1318' : '#f5f6f8',
    webPreferences: {
      preload: join(__dirname, '../preload/index.js'),
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
      devTools: devServer !== null,
    },
  });
  if (maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('close', () => rememberPlacement(window, memory));
  reloadAfterCrash(window, warn);
  // A failed load is reported by the event below; the promise would say it a second time.
  window.loadURL(devServer ?? APP_URL).catch(() => undefined);
  window.webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame) warn(`The window could not load ${url}: ${description} (${code}). The engine goes on.`);
  });
  return window;
}

function rememberPlacement(window: BrowserWindow, memory: WindowMemoryFile): void {
  // Normal bounds are those without being maximized or minimized; only these are worth coming back to.
  const bounds = window.getNormalBounds();
  const display = screen.getDisplayMatching(bounds);
  memory.write(remember(memory.read(), display, { ...bounds, maximized: window.isMaximized() }));
}

/** A page that died is loaded again: the window is a view, and losing it changes nothing for the engine. */
function reloadAfterCrash(window: BrowserWindow, warn: (line: string) => void): void {
  let reloads: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return;
    const { allowed, times } = spendReload(reloads, Date.now());
    reloads = times;
    const what = `The window's page has ended (${reason}, ${exitCode}); the engine goes on.`;
    if (!allowed) {
      warn(`${what} It crashed too often and is not loaded again: close the window and open it from the tray.`);
      return;
    }
    warn(`${what} Loading it again.`);
    // Not within the event: the old process is still being taken down.
    setImmediate(() => {
      if (!window.isDestroyed()) window.webContents.reload();
    });
  });
}
