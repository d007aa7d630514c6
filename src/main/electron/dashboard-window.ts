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

/** The one window, which may be closed and opened again while the engine keeps running. */
export interface DashboardWindow {
  /** Opens it, or brings it to the front. */
  show(): void;
  /** The same, at an incident; null: at the list of them. */
  showIncident(incident: number | null): void;
  /** Closes it for good, and remembers where it was. */
  dispose(): void;
}

export function createDashboardWindow(options: DashboardWindowOptions): DashboardWindow {
  const addressOf = (route: string | null): string => new URL(route ?? '', options.devServer ?? APP_URL).href;
  let current: BrowserWindow | null = null;

  /** At another address within the page the page stays, with all that it knows: only its route changes. */
  const show = (route: string | null): void => {
    if (current === null) {
      const opened = open(options, addressOf(route));
      opened.on('closed', () => {
        current = null;
      });
      current = opened;
      return;
    }
    const address = addressOf(route);
    if (route !== null && current.webContents.getURL() !== address) load(current, address);
    if (current.isMinimized()) current.restore();
    current.show();
    current.focus();
  };

  return {
    show: () => show(null),
    showIncident: (incident) => show(incident === null ? '#/incidents' : `#/incidents/${incident}`),
    dispose: () => {
      if (current === null) return;
      rememberPlacement(current, options.memory);
      current.destroy();
    },
  };
}

function open({ memory, icons, devServer, warn }: DashboardWindowOptions, address: string): BrowserWindow {
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
  load(window, address);
  window.webContents.on('did-fail-load', (_event, code, description, url, isMainFrame) => {
    if (isMainFrame) warn(`The window could not load ${url}: ${description} (${code}). The engine keeps running.`);
  });
  return window;
}

/** A failed load is reported by `did-fail-load`; the promise would say it a second time. */
function load(window: BrowserWindow, address: string): void {
  window.loadURL(address).catch(() => undefined);
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
    const what = `The window's page has ended (${reason}, ${exitCode}); the engine keeps running.`;
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
