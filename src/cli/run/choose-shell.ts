/** What the choice of a shell depends on. */
export interface ShellFacts {
  /** `--headless` was given. */
  headless: boolean;
  /** `--port` was given: it is about the web dashboard. */
  port: boolean;
  /** `--no-sandbox` was given. */
  noSandbox: boolean;
  /** Numeric user of this process; -1 where the OS has none. */
  uid: number;
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Where the engine is to run, and why. */
export type ShellChoice =
  | { shell: 'window'; sandbox: boolean }
  | { shell: 'headless'; reason: string; fallback: boolean }
  /** A window was asked for, and is not opened. */
  | { shell: 'refused'; reason: string };

/** An Electron runtime, or why there is none. */
export type ElectronRuntime = { found: true; executable: string } | { found: false; problem: string };

/**
 * Whether a window is wanted and can be shown, before its runtime is searched for:
 *
 * | --headless or --port | display | root on Linux      | choice   |
 * |----------------------|---------|--------------------|----------|
 * | given                | any     | any                | headless |
 * | not given            | none    | any                | headless, as a fallback |
 * | not given            | present | no                 | window   |
 * | not given            | present | with --no-sandbox  | window without the sandbox of Chromium, which refuses to run as root |
 * | not given            | present | without            | refused  |
 */
export function chooseShell({ headless, port, noSandbox, uid, platform, env }: ShellFacts): ShellChoice {
  if (headless) return { shell: 'headless', reason: '--headless was given', fallback: false };
  if (port)
    return { shell: 'headless', reason: '--port was given, and only the web dashboard has one', fallback: false };
  if (hasDisplay(platform, env)) {
    if (platform === 'linux' && uid === 0 && !noSandbox) return { shell: 'refused', reason: ROOT_WINDOW };
    return { shell: 'window', sandbox: !noSandbox };
  }
  return {
    shell: 'headless',
    reason: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)',
    fallback: true,
  };
}

const ROOT_WINDOW =
  'as root a window would run without the sandbox of Chromium: run Healdeck as another user, add --headless for the dashboard in a browser, or --no-sandbox to open the window all the same';

/** The choice once the runtime was looked for: without one, a window becomes the web dashboard. */
export function withRuntime(choice: ShellChoice, runtime: ElectronRuntime): ShellChoice {
  if (choice.shell !== 'window' || runtime.found) return choice;
  return { shell: 'headless', reason: `there is no Electron runtime (${runtime.problem})`, fallback: true };
}

/** Whether windows can be shown. Elsewhere than on Linux and the BSDs every session has a display. */
export function hasDisplay(platform: string, env: ShellFacts['env']): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}
