import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';

/** What came of an operator's action. */
export interface Announcement {
  tone: 'ok' | 'bad';
  title: string;
  message: string;
  /** True: it is there to be read, and stays until it is put away. */
  stays?: boolean;
  /** Takes back what was done; offered for as long as the announcement is there. */
  undo?: () => void;
}

const SHOWN_MS = { ok: 4000, bad: 12_000, undo: 10_000 } as const;

/** Shows it for a while in a corner, and reads it out. */
export function announce({ tone, title, message, stays = false, undo }: Announcement): void {
  const id = notifications.show({
    title,
    message:
      undo === undefined ? (
        message
      ) : (
        <>
          {message}
          <div>
            <Button
              mt={8}
              size="compact-sm"
              variant="default"
              onClick={() => {
                notifications.hide(id);
                undo();
              }}
            >
              Undo
            </Button>
          </div>
        </>
      ),
    color: tone === 'ok' ? 'green' : 'red',
    autoClose: stays ? false : SHOWN_MS[undo === undefined ? tone : 'undo'],
    withBorder: true,
    role: tone === 'ok' ? 'status' : 'alert',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
