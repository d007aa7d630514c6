import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { DesktopNotification, Notifier } from '../compose';

/** As long as this the desktop may take; its server may be started for it first. */
const ANSWER_WITHIN_MS = 3000;
/** notify-send(1) waits as long as a notification can be clicked: only the newest can be. */
const KEPT = 30;
/** The name of the action that a click on the notification itself is (Desktop Notifications Specification, “Basic Design”). */
const DEFAULT_ACTION = 'default';

export interface NotifySendOptions {
  /** Where there is no notify-send(1) that knows buttons, and where it fails. */
  fallback: Notifier;
  /** Looked up on PATH. */
  program?: string;
  env: NodeJS.ProcessEnv;
}

/** Notifications with buttons that also ends what waits for a click. */
export interface NotifySend extends Notifier {
  dispose(): void;
}

/**
 * Notifications with buttons under Linux, where Electron shows none: by notify-send(1) of libnotify 0.8 or later, which prints
 * the action that was clicked. A server without the capability `actions` shows them without buttons. Everything happens in
 * child processes: a session bus that hangs holds nothing up.
 */
export function createNotifySend({ fallback, program = 'notify-send', env }: NotifySendOptions): NotifySend {
  const waiting = new Set<ChildProcess>();
  let knowsActions: Promise<boolean> | null = null;

  return {
    get supported() {
      return fallback.supported;
    },
    async show(notification) {
      knowsActions ??= hasActions(program, env);
      if (!(await knowsActions)) return fallback.show(notification);
      return (await send(notification)) ?? fallback.show(notification);
    },
    dispose() {
      for (const child of waiting) child.kill();
      waiting.clear();
    },
  };

  /** Resolves with whether the desktop has taken it; null: the program failed, and nothing was shown. */
  function send(notification: DesktopNotification): Promise<boolean | null> {
    const child = spawn(program, argumentsOf(notification), { env, stdio: ['ignore', 'pipe', 'ignore'] });
    waiting.add(child);
    for (const oldest of [...waiting].slice(0, -KEPT)) {
      oldest.kill();
      waiting.delete(oldest);
    }
    child.unref();
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(true), ANSWER_WITHIN_MS);
      const answer = (taken: boolean | null): void => {
        clearTimeout(timer);
        resolve(taken);
      };
      child.on('error', () => answer(null));
      child.on('close', (code) => {
        waiting.delete(child);
        answer(code === 0 ? true : null);
      });
      // First its number, once the server has it, then the action, when one is clicked.
      let isShown = false;
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (isShown) return clicked(line, notification);
        // No notification has the number 0: it is what is printed where there is no server.
        isShown = Number(line) > 0;
        if (isShown) answer(true);
      });
    });
  }
}

function clicked(action: string, { actions, onOpen }: DesktopNotification): void {
  if (action === DEFAULT_ACTION) onOpen();
  else actions[Number(action)]?.run();
}

function argumentsOf({ title, body, priority, actions }: DesktopNotification): string[] {
  return [
    '--print-id',
    '--app-name=Healdeck',
    `--urgency=${priority}`,
    `--action=${DEFAULT_ACTION}=Open`,
    ...actions.map(({ label }, index) => `--action=${index}=${label}`),
    '--',
    title,
    escapeMarkup(body),
  ];
}

/** What a client of the session bus needs, and nothing that is secret. */
export function sessionEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'DISPLAY', 'WAYLAND_DISPLAY', 'XDG_RUNTIME_DIR', 'XDG_DATA_DIRS'];
  const given = [...names, 'DBUS_SESSION_BUS_ADDRESS'].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(given);
}

/** Servers on Linux read the body as markup (Desktop Notifications Specification, “Markup”), and only the body. */
export function escapeMarkup(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Whether the program is there and knows buttons: those before libnotify 0.8 do not. */
function hasActions(program: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, ['--help'], { env, stdio: ['ignore', 'pipe', 'ignore'], timeout: ANSWER_WITHIN_MS });
    let help = '';
    child.stdout.on('data', (data: Buffer) => (help += data.toString()));
    child.on('error', () => resolve(false));
    child.on('close', () => resolve(help.includes('--action')));
  });
}
