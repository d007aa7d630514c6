import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import classes from './announce.module.css';

/** What came of an operator's action. */
export interface Announcement {
  /** How what it is about is now: a stopped program is no success, and one in cooldown no failure. */
  tone: 'ok' | 'info' | 'idle' | 'warn' | 'bad';
  title: string;
  message: string;
  /** True: it is there to be read, and stays until it is put away. */
  stays?: boolean;
  /** Takes back what was done; offered for as long as the announcement is there. */
  undo?: () => void;
  /** What the button for it says; "Undo" unless something says it better. */
  undoLabel?: string;
}

const COLORS = { ok: 'green', info: 'blue', idle: 'gray', warn: 'yellow', bad: 'red' } as const;
const SHOWN_MS = { done: 4000, bad: 12_000, undo: 10_000 } as const;

/** Shows it for a while in a corner, and reads it out. */
export function announce({ tone, title, message, stays = false, undo, undoLabel = 'Undo' }: Announcement): void {
  const id = notifications.show({
    title,
    message:
      undo === undefined ? (
        message
      ) : (
        <div className={classes.row}>
          <span>{message}</span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => {
              notifications.hide(id);
              undo();
            }}
          >
            {undoLabel}
          </Button>
        </div>
      ),
    color: COLORS[tone],
    autoClose: stays ? false : SHOWN_MS[undo !== undefined ? 'undo' : tone === 'bad' ? 'bad' : 'done'],
    withBorder: true,
    role: tone === 'bad' ? 'alert' : 'status',
    closeButtonProps: { 'aria-label': 'Dismiss' },
  });
}
