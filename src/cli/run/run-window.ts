import { spawn } from 'node:child_process';
import { constants } from 'node:os';

interface WindowLaunch {
  executable: string;
  /** Folder of Healdeck: the one with package.json. */
  appDir: string;
  /** Absolute. */
  dataDir: string;
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Numeric user of this process; -1 where the OS has none. */
  uid: number;
}

/** The arguments of Electron. Chromium's sandbox refuses to run as root on Linux; root is the only one who goes without. */
export function windowArguments({
  appDir,
  dataDir,
  platform,
  uid,
}: Omit<WindowLaunch, 'executable' | 'env'>): string[] {
  const sandbox = platform === 'linux' && uid === 0 ? ['--no-sandbox'] : [];
  return [...sandbox, appDir, `--data-dir=${dataDir}`];
}

/** Runs the desktop shell until it ends; resolves to its exit status, 128 + n when signal n ended it. */
export function runWindow(launch: WindowLaunch): Promise<number> {
  // Set by some editors' terminals: Electron would run as a plain Node.
  const { ELECTRON_RUN_AS_NODE: _unwanted, ...env } = launch.env;
  return new Promise((resolve, reject) => {
    const child = spawn(launch.executable, windowArguments(launch), { stdio: 'inherit', env, windowsHide: false });
    const onTerm = (): void => void child.kill('SIGTERM');
    // Ctrl-C in a terminal reaches the whole foreground group: the window has it already, and a second one would force its end.
    const onInt = (): void => void (process.stdin.isTTY || child.kill('SIGINT'));
    process.on('SIGTERM', onTerm).on('SIGINT', onInt);
    const stopForwarding = (): void => void process.removeListener('SIGTERM', onTerm).removeListener('SIGINT', onInt);
    child.once('error', (error) => {
      stopForwarding();
      reject(new Error(`Electron did not start: ${error.message}`, { cause: error }));
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}
