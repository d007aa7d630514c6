import type { Notification, NotificationConstructorOptions } from 'electron';
import type { DesktopNotification, Notifier } from '../compose';
import { escapeMarkup } from './notify-send';

/** What we use of Electron's class. */
export interface NativeNotification {
  new (options: NotificationConstructorOptions): Pick<Notification, 'on' | 'show'>;
  isSupported(): boolean;
}

/** A desktop that says neither yes nor no has taken it: some are silent while the user does not want to be disturbed. */
const ANSWER_WITHIN_MS = 3000;
/** Only the newest can still be clicked; Electron forgets the listeners of one that nobody refers to. */
const KEPT = 30;

/** Notifications of Electron. Buttons show on macOS and Windows; under Linux `createNotifySend` has them. */
export function createNotifier(Native: NativeNotification, platform: NodeJS.Platform): Notifier {
  const kept = new Set<object>();
  return {
    get supported() {
      return Native.isSupported();
    },
    show: (notification) =>
      new Promise((resolve) => {
        const timer = setTimeout(() => resolve(true), ANSWER_WITHIN_MS);
        const answer = (taken: boolean): void => {
          clearTimeout(timer);
          resolve(taken);
        };
        const shown = new Native(nativeOptions(notification, platform));
        kept.add(shown);
        for (const oldest of [...kept].slice(0, -KEPT)) kept.delete(oldest);
        shown.on('show', () => answer(true));
        shown.on('failed', () => answer(false));
        shown.on('close', () => kept.delete(shown));
        shown.on('click', () => notification.onOpen());
        // The index is all that older Electrons give; newer ones repeat it in the event.
        shown.on('action', (_event, index) => notification.actions[index]?.run());
        shown.show();
      }),
  };
}

function nativeOptions(
  { title, body, priority, actions }: DesktopNotification,
  platform: NodeJS.Platform,
): NotificationConstructorOptions {
  return {
    title,
    body: platform === 'linux' ? escapeMarkup(body) : body,
    urgency: priority,
    silent: priority === 'low',
    // What is critical stays until somebody has seen it.
    timeoutType: priority === 'critical' ? 'never' : 'default',
    actions: actions.map(({ label }) => ({ type: 'button', text: label })),
  };
}
