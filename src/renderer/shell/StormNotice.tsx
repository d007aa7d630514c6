import { Button } from '@mantine/core';
import { IconHandStop } from '@tabler/icons-react';
import { formatClock, formatCountdown } from '../format/format';
import { rem } from '../format/text-scale';
import { useApp, useAppState, useUiState } from '../hooks/use-app';
import { useNow } from '../hooks/use-now';
import { ALL_WATCHES } from '../store/ui';
import classes from './Shell.module.css';

/** Below the header while the storm brake is on: nothing is restarted automatically. */
export function StormNotice() {
  const until = useAppState((state) => state.live.engine?.healingPausedUntil ?? null);
  const isObservedByAll = useAppState((state) => state.live.engine?.settings.observe ?? false);
  return (
    <>
      {until === null ? null : <Paused until={until} />}
      {isObservedByAll ? (
        <section className={classes.notice} data-tone="info" aria-label="Observe mode">
          Observe mode is on for all watches: Healdeck reports what it would do, and takes no action.
        </section>
      ) : null}
    </>
  );
}

function Paused({ until }: { until: number }) {
  const { actions } = useApp();
  const isBusy = useUiState((state) => state.busy.has(ALL_WATCHES));
  return (
    <section className={classes.notice} data-tone="bad" aria-label="Healing is paused">
      <IconHandStop size={rem(20)} aria-hidden="true" />
      <span>
        <strong role="alert">Healing is paused: too many restarts over all watches.</strong> Watches that were restarted
        in that minute are paused; all others are healed. Healing resumes at {formatClock(until)}
        <TimeLeft until={until} />. You can still start a watch manually.
      </span>
      <Button size="compact-sm" variant="default" loading={isBusy} onClick={() => void actions.resumeHealing()}>
        Resume healing
      </Button>
    </section>
  );
}

function TimeLeft({ until }: { until: number }) {
  const now = useNow();
  return <>{now >= until ? '' : `, in ${formatCountdown(until - now)}`}</>;
}
