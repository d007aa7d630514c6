import { spawn } from 'node:child_process';
import { constants } from 'node:os';

interface WindowLaunch {
  executable: string;
  /** Folder of Healdeck: the one with package.json. */
  appDir: string;
  /** Absolute. */
  dataDir: string;
  env: Readonly<Record<string, string | undefined>>;
  /** Whether pages run in the sandbox of Chromium. */
  sandbox: boolean;
}

/** The arguments of Electron. */
export function windowArguments({ appDir, dataDir, sandbox }: Omit<WindowLaunch, 'executable' | 'env'>): string[] {
  return [...(sandbox ? [] : ['--no-sandbox']), appDir, `--data-dir=${dataDir}`];
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
    // The window ends in order when its terminal is closed; then this process ends with it.
    const onHup = (): void => void child.kill('SIGHUP');
    process.on('SIGTERM', onTerm).on('SIGINT', onInt).on('SIGHUP', onHup);
    const stopForwarding = (): void => {
      process.removeListener('SIGTERM', onTerm).removeListener('SIGINT', onInt).removeListener('SIGHUP', onHup);
    };
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
