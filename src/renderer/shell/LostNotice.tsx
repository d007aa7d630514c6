import { Button } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { formatSpan } from '../format/format';
import { rem } from '../format/text-scale';
import { useApp, useAppState } from '../hooks/use-app';
import { useNow } from '../hooks/use-now';
import classes from './Shell.module.css';
import { Countdown } from '../kit/times';

/** Lies over the window while the connection is lost: what is shown is old, and nothing can be done. Moves nothing. */
export function LostNotice() {
  const { session } = useApp();
  const connection = useAppState((state) => state.connection);
  const shownAt = useAppState((state) => state.live.machine?.at ?? null);
  if (connection.kind !== 'lost') return null;
  return (
    <div className={classes.lost}>
      <IconPlugConnectedX size={rem(18)} aria-hidden="true" />
      <span>
        {/* Read out once: what counts beside it would be read out every second. */}
        <span role="alert">Connection lost.</span> {shownAt === null ? null : <Age at={shownAt} />} Trying again{' '}
        <Countdown at={connection.retryAt} />.
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

/** How old what is shown is; by the clock of the machine, on which both sides run. */
function Age({ at }: { at: number }) {
  const now = useNow();
  return <>The data is {formatSpan(now - at)} old.</>;
}
