import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useApp, useAppState } from '../lib/use-app';
import classes from './Shell.module.css';
import { Countdown } from './times';

/** Lies over the window while the connection is lost: what is shown is old, and nothing can be done. Moves nothing. */
export function LostNotice() {
  const { session } = useApp();
  const connection = useAppState((state) => state.connection);
  if (connection.kind !== 'lost') return null;
  return (
    <div className={classes.lost} role="alert">
      <IconPlugConnectedX size={18} aria-hidden="true" />
      <span>
        Connection lost. What you see is the last known state. Trying again <Countdown at={connection.retryAt} />.
      </span>
      <Button
        size="compact-sm"
        radius="xl"
        color="yellow"
        variant="outline"
        c="var(--hd-warn)"
        onClick={session.retryNow}
      >
        Try now
      </Button>
    </div>
  );
}
