import { compareSeverity } from '../../../shared/lib/format/severity';
import type { Settings } from '../../../shared/model/settings';
import { escapeUnprintable, truncate } from '../../../shared/lib/text/escape';
import type { AlertMessage, Channel } from '../message';

/** What a desktop shows for a moment. */
export interface DesktopNotification {
  title: string;
  /** Plain text. */
  body: string;
  priority: 'low' | 'normal' | 'critical';
  /** Buttons, where the desktop has them. */
  actions: readonly { label: string; run: () => void }[];
  /** A click on the notification itself. */
  onOpen: () => void;
}

/** The notifications of a desktop. */
export interface Notifier {
  /** Whether the desktop has any. */
  readonly supported: boolean;
  /** Resolves with whether the desktop has taken it. */
  show(notification: DesktopNotification): Promise<boolean>;
}

export interface DesktopChannelOptions {
  settings: () => Settings;
  /** null without a window. */
  notifier: Notifier | null;
  /** Opens the window at an incident; null: as it is. */
  onOpen: (incident: number | null) => void;
  onAcknowledge: (incident: number) => void;
}

const TITLE_CHARACTERS = 120;
const SENTENCE_CHARACTERS = 150;
/** A desktop shows a handful of lines. */
const SENTENCES = 3;

/** Shows messages as notifications of the desktop, with buttons to open and to acknowledge. */
export function createDesktopChannel(options: DesktopChannelOptions): Channel {
  const { settings, notifier, onOpen, onAcknowledge } = options;
  const showing = (): Notifier | null =>
    notifier !== null && notifier.supported && settings()['desktop.enabled'] ? notifier : null;

  return {
    name: 'desktop',
    recipients: () => (showing() === null ? [] : ['']),
    perHour: () => settings()['desktop.perHour'],
    takes: (severity) => compareSeverity(severity, settings()['desktop.minSeverity']) >= 0,
    describe() {
      if (notifier === null) return 'only with a window';
      if (!notifier.supported) return 'this desktop shows no notifications';
      if (!settings()['desktop.enabled']) return 'switched off';
      return `desktop notifications of severity ${settings()['desktop.minSeverity']} and above`;
    },
    check: () => Promise.resolve(null),
    async deliver(message) {
      const shown = await showing()?.show({
        ...desktopText(message),
        priority: message.severity === 'critical' ? 'critical' : message.severity === 'info' ? 'low' : 'normal',
        actions: actionsOf(message),
        onOpen: () => onOpen(message.incident),
      });
      if (shown === true) return { ok: true, reply: 'handed to the desktop' };
      return {
        ok: false,
        problem: {
          step: 'connection',
          message: 'The desktop did not accept the notification.',
          advice: 'Check that notifications are allowed for Healdeck in the settings of this desktop.',
          temporary: true,
        },
      };
    },
    settingsChanged() {},
    dispose() {},
  };

  function actionsOf({ kind, incident }: AlertMessage): DesktopNotification['actions'] {
    const open = { label: 'Open', run: () => onOpen(incident) };
    // What is over needs nobody any more.
    if (incident === null || kind === 'recovery') return [open];
    return [open, { label: 'Acknowledge', run: () => onAcknowledge(incident) }];
  }
}

/** The subject, and the last sentences of the message. */
function desktopText({ subject, text, events, eventCount }: AlertMessage): Pick<DesktopNotification, 'title' | 'body'> {
  const reported =
    events.length === 0 ? text.trim().split('\n').slice(0, SENTENCES) : events.map(({ message }) => message);
  const last = reported.slice(-SENTENCES).map((sentence) => truncate(escapeUnprintable(sentence), SENTENCE_CHARACTERS));
  const more = events.length === 0 ? 0 : eventCount - last.length;
  return {
    title: truncate(escapeUnprintable(subject), TITLE_CHARACTERS),
    body: [...last, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n'),
  };
}
