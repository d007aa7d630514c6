/** What the choice of a shell depends on. */
export interface ShellFacts {
  /** `--headless` was given. */
  headless: boolean;
  /** `--port` was given: it is about the web dashboard. */
  port: boolean;
  platform: string;
  env: Readonly<Record<string, string | undefined>>;
}

/** Where the engine is to run, and why. */
export type ShellChoice = { shell: 'window' } | { shell: 'headless'; because: string; fallback: boolean };

/** An Electron runtime, or why there is none. */
export type ElectronRuntime = { found: true; executable: string } | { found: false; problem: string };

/**
 * Whether a window is wanted and can be shown, before anybody looks for its runtime:
 *
 * | --headless or --port | display | choice   |
 * |----------------------|---------|----------|
 * | given                | any     | headless |
 * | not given            | none    | headless, as a fallback |
 * | not given            | present | window   |
 */
export function chooseShell({ headless, port, platform, env }: ShellFacts): ShellChoice {
  if (headless) return { shell: 'headless', because: '--headless was given', fallback: false };
  if (port)
    return { shell: 'headless', because: '--port was given, and only the web dashboard has one', fallback: false };
  if (hasDisplay(platform, env)) return { shell: 'window' };
  return {
    shell: 'headless',
    because: 'there is no display (DISPLAY and WAYLAND_DISPLAY are not set)',
    fallback: true,
  };
}

/** The choice once the runtime was looked for: without one, a window becomes the web dashboard. */
export function withRuntime(choice: ShellChoice, runtime: ElectronRuntime): ShellChoice {
  if (choice.shell === 'headless' || runtime.found) return choice;
  return { shell: 'headless', because: `there is no Electron runtime (${runtime.problem})`, fallback: true };
}

/** Whether windows can be shown. Elsewhere than on Linux and the BSDs every session has a display. */
export function hasDisplay(platform: string, env: ShellFacts['env']): boolean {
  if (platform === 'win32' || platform === 'darwin') return true;
  return Boolean(env['DISPLAY'] || env['WAYLAND_DISPLAY']);
}
