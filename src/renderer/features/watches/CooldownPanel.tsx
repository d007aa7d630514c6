import { Button, Group } from '@mantine/core';
import { IconClockPlus, IconPlayerSkipForward } from '@tabler/icons-react';
import { earlyReasonText } from '../../../shared/events/text';
import { escapeUnprintable } from '../../../shared/lib/text/escape';
import type { BudgetStatus, WatchStatus } from '../../../shared/model/snapshot';
import { formatClock, formatDuration, plural } from '../../format/format';
import { sentence } from '../../format/sentence';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { CooldownLeft } from '../../parts/CooldownLeft';
import classes from './CooldownPanel.module.css';

/** How much longer a press makes a cooldown. */
const EXTENSION_MS = 600_000;

/** The cooldown of a watch: why, for how long, and what can be done about it. Nothing when there is none. */
export function CooldownPanel({ status }: { status: WatchStatus }) {
  const { actions } = useApp();
  const busy = useUiState((state) => state.busy.get(status.watch.id));
  const { cooldown, trips } = status.budget;
  if (cooldown === null) return null;
  const { phase } = status;
  const isUp = status.processes.length > 0;
  return (
    <section className={classes.panel} aria-label="Cooldown">
      <CooldownLeft cooldown={cooldown} large />
      <p className={classes.why}>
        {reasonOf(cooldown)} {isUp ? 'It keeps running, but is not restarted' : 'It is not restarted'} until{' '}
        {formatClock(cooldown.until)}; then its budget is full again.
        {trips > 1 ? ` ${plural(trips, 'cooldown')} in a row without stable uptime in between.` : ''}
      </p>
      {/* In that phase the buttons of the watch do the same. */}
      {phase === 'cooldown' ? null : (
        <Group gap="xs">
          <Button
            leftSection={<IconPlayerSkipForward size={rem(16)} aria-hidden="true" />}
            loading={busy === 'reset'}
            disabled={busy !== undefined && busy !== 'reset'}
            onClick={() => void actions.resetCooldown(status)}
          >
            Reset cooldown
          </Button>
          <Button
            variant="default"
            leftSection={<IconClockPlus size={rem(16)} aria-hidden="true" />}
            loading={busy === 'extend'}
            disabled={busy !== undefined && busy !== 'extend'}
            onClick={() => void actions.extendCooldown(status, EXTENSION_MS)}
          >
            Extend {formatDuration(EXTENSION_MS)}
          </Button>
        </Group>
      )}
    </section>
  );
}

function reasonOf(cooldown: NonNullable<BudgetStatus['cooldown']>): string {
  const { restarts, windowMs } = cooldown;
  const early = earlyReasonText(cooldown);
  return early === null
    ? `${plural(restarts, 'restart')} in ${formatDuration(windowMs)} used up its budget.`
    : sentence(escapeUnprintable(early));
}
