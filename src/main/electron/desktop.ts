import { join } from 'node:path';
import { app, Notification, powerMonitor, session } from 'electron';
import { composeHealdeck } from '../compose';
import { serveApp } from './app-scheme';
import { createDashboardWindow } from './dashboard-window';
import { serveDirectoryDialog } from './directory-dialog';
import { hardenSession } from './hardening';
import type { LaunchOptions } from './launch-options';
import { sessionKeyring } from './keyring';
import { Quit, setupQuit, setupWindowClose } from './lifetime';
import { setApplicationMenu } from './menu';
import { createNotifier } from './notifier';
import { createNotifySend, sessionEnvironment } from './notify-send';
import { openConfig } from './open-config';
import { connectPages } from './page-connection';
import { createTray, showBadge } from './tray';
import { openWindowMemory } from './window-memory';

/** The folders beside the bundle of this code. */
const RENDERER = join(__dirname, '../renderer');
const ICONS = join(__dirname, '../../resources/icons');

const warn = (line: string): void => void process.stderr.write(`${line}\n`);

/** Starts the engine and shows its window. `dataDir` is absolute. Rejects when the engine can't start. */
export async function startDesktop({ dataDir, devServer }: LaunchOptions): Promise<void> {
  const keyring = sessionKeyring(process.platform);
  const electronsNotifier = createNotifier(Notification, process.platform);
  const buttons =
    process.platform === 'linux' ? createNotifySend({ fallback: electronsNotifier, env: sessionEnvironment() }) : null;
  const notifier = buttons ?? electronsNotifier;
  const memory = openWindowMemory(dataDir);
  const window = createDashboardWindow({ memory, icons: ICONS, devServer, warn });
  const { engine, router, machine, info, taken, dispose } = await composeHealdeck({
    dataDir,
    threadsDir: __dirname,
    shell: 'desktop',
    openConfig,
    keyring,
    desktop: { notifier, openIncident: window.showIncident },
  });
  powerMonitor.on('shutdown', () => machine.noteShutdown());

  hardenSession(session.defaultSession, devServer);
  serveApp(session.defaultSession, RENDERER);
  connectPages(router, devServer);
  serveDirectoryDialog(devServer);

  const quit = new Quit(async (reason) => {
    disposeTray?.();
    disposeBadge();
    buttons?.dispose();
    window.dispose();
    await dispose(reason);
  }, warn);
  const disposeBadge = showBadge(engine);
  const disposeTray = createTray({
    ...{ engine, warn },
    icons: ICONS,
    onShow: window.show,
    onQuit: () => quit.now('quit by the operator'),
  });

  void taken.then((reason) => {
    warn(`Healdeck ends: ${reason}.`);
    quit.now(reason);
  });
  setupQuit(quit);
  setupWindowClose({
    keepsRunning: () => engine.settings.inForce()['window.keepRunning'],
    hasTray: disposeTray !== null,
    memory,
    notifier,
    onOpen: window.show,
    warn,
    quit,
  });
  setApplicationMenu({ development: devServer !== null, onQuit: () => quit.now('quit by the operator') });
  app.on('second-instance', window.show);
  app.on('activate', window.show);

  window.show();
  process.stdout.write(`Healdeck ${info.version} is ready: window (data in ${dataDir}, pid ${process.pid})\n`);
}
