import { notifications } from '@mantine/notifications';

/** What came of an operator's action. */
export interface Announcement {
  tone: 'ok' | 'bad';
  title: string;
  message: string;
  /** True: it is there to be read, and stays until it is put away. */
  stays?: boolean;
}

/** Shows it for a while in a corner, and reads it out. */
export function announce({ tone, title, message, stays = false }: Announcement): void {
  notifications.show({
    title,
    message,
    color: tone === 'ok' ? 'green' : 'red',
    autoClose: stays ? false : tone === 'ok' ? 4000 : 12_000,
    withBorder: true,
    role: tone === 'ok' ? 'status' : 'alert',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
