import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { app } from 'electron';
import { openDataDir } from '../compose';
import { registerAppScheme } from './app-scheme';
import { startDesktop } from './desktop';
import { hardenWebContents } from './hardening';
import { debuggingProblem, readLaunchOptions } from './launch-options';
import { failStart } from './start-failure';

declare const __DEVELOPMENT__: boolean;

const { argv, execArgv, env, platform } = process;
const options = readLaunchOptions({ argv, env, platform, homedir, isDevelopment: __DEVELOPMENT__ });
const dataDir = resolve(options.dataDir);

try {
  const debugging = app.isPackaged ? debuggingProblem({ argv, execArgv, env }) : null;
  if (debugging !== null) throw new Error(debugging);
  // Chromium writes into it too: it must be safe before that.
  openDataDir(dataDir);
  // Chromium's files have a room of their own. The lock of the single instance lies there too: one for each data directory.
  app.setPath('userData', join(dataDir, 'chromium'));
  // Whoever starts it with --no-sandbox (as root Chromium can't have one) means it; the window is set up for a sandbox anyway.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerAppScheme();
  hardenWebContents(options.devServer);
  if (app.requestSingleInstanceLock()) {
    app
      .whenReady()
      .then(() => startDesktop({ ...options, dataDir }))
      .catch((error: unknown) => failStart(error, options.dialogs));
  } else {
    process.stdout.write('Healdeck is running already; its window was brought to the front.\n');
    app.quit();
  }
} catch (error) {
  failStart(error, options.dialogs);
}
