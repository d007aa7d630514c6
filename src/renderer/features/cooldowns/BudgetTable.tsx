import { Button, Group, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconPlayerPlay, IconPlayerSkipForward } from '@tabler/icons-react';
import { memo } from 'react';
import { earlyReasonText, shortEarlyReason } from '../../../shared/events/text';
import { cooldownLengthMs } from '../../../shared/lib/format/cooldown-length';
import { escapeUnprintable } from '../../../shared/lib/text/escape';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { formatDuration, plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { navigate } from '../../hooks/use-route';
import { BudgetGauge } from '../../parts/BudgetGauge';
import { Clip } from '../../kit/Clip';
import { CooldownLeft } from '../../parts/CooldownLeft';
import table from '../../kit/DataTable.module.css';
import { ExtendMenu } from '../../parts/ExtendMenu';
import { StateBadge } from '../../parts/StateBadge';
import classes from './CooldownsTab.module.css';

/** The restart budget of each watch, with what can be done about a cooldown. */
export function BudgetTable({ watches }: { watches: readonly WatchStatus[] }) {
  return (
    <div className={table.wrap}>
      <table className={`${table.table} ${classes.budgets}`} aria-label="Restart budgets">
        <colgroup>
          <col />
          <col style={{ width: rem(124) }} />
          <col style={{ width: rem(212) }} />
          <col style={{ width: rem(116) }} />
          <col style={{ width: rem(170) }} className={table.widest} />
          <col className={classes.actionsColumn} />
        </colgroup>
        <thead>
          <tr>
            <th scope="col">Watch</th>
            <th scope="col">State</th>
            <th scope="col">
              Budget <small>restarts used in each window</small>
            </th>
            <th scope="col">Cooldown</th>
            <th scope="col" className={table.widest}>
              Next cooldown <small>growth</small>
            </th>
            <th scope="col" className={table.end}>
              Actions
            </th>
          </tr>
        </thead>
        <tbody>
          {watches.map((status) => (
            <BudgetRow key={status.watch.id} status={status} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

const BudgetRow = memo(function BudgetRow({ status }: { status: WatchStatus }) {
  const { watch, budget } = status;
  return (
    <tr>
      <td>
        <UnstyledButton className={table.name} onClick={() => navigate({ tab: 'cooldowns', item: watch.id })}>
          <Clip text={watch.name} />
        </UnstyledButton>
      </td>
      <td>
        <StateBadge phase={status.phase} />
      </td>
      <td>
        <ul className={table.plainList}>
          {budget.windows.map((window) => (
            <li key={window.windowMs} className={classes.window}>
              <BudgetGauge window={window} />
              <span className={table.dim}>in {formatDuration(window.windowMs)}</span>
            </li>
          ))}
        </ul>
      </td>
      <td>
        {budget.cooldown === null ? (
          <span className={table.dim}>none</span>
        ) : (
          <>
            <CooldownLeft cooldown={budget.cooldown} />
            <EarlyReason cooldown={budget.cooldown} />
          </>
        )}
      </td>
      <td className={table.widest}>
        <Growth status={status} />
      </td>
      <td>
        <Actions status={status} />
      </td>
    </tr>
  );
});

/** Why it is in cooldown though its budget is not spent; nothing when it is. */
function EarlyReason({ cooldown }: { cooldown: NonNullable<WatchStatus['budget']['cooldown']> }) {
  const reason = earlyReasonText(cooldown);
  if (reason === null) return null;
  return (
    <span className={table.sub} title={escapeUnprintable(reason)}>
      {shortEarlyReason(cooldown)}
    </span>
  );
}

function Growth({ status: { settings, budget } }: { status: WatchStatus }) {
  const lengthMs = cooldownLengthMs(budget.trips, {
    cooldownMs: settings['cooldown.durationMs'],
    growth: settings['cooldown.growth'],
    maxCooldownMs: settings['cooldown.maxMs'],
  });
  return (
    <>
      <span className={table.line}>{formatDuration(lengthMs)}</span>
      <span className={table.sub}>
        {budget.trips === 0
          ? 'none recently'
          : settings['cooldown.growth']
            ? `${budget.trips} in a row; resets after ${formatDuration(settings['cooldown.stableMs'])} healthy`
            : `${plural(budget.trips, 'cooldown')}; growth is off`}
      </span>
    </>
  );
}

function Actions({ status }: { status: WatchStatus }) {
  const { actions } = useApp();
  const busy = useUiState((state) => state.busy.get(status.watch.id));
  const { name } = status.watch;
  if (status.budget.cooldown === null) return null;
  const isDown = status.phase === 'cooldown';
  return (
    <Group gap={6} justify="flex-end" className={classes.actions}>
      {isDown ? (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconPlayerPlay size={rem(14)} aria-hidden="true" />}
          aria-label={`Retry now: ${name}`}
          loading={busy === 'start'}
          disabled={busy !== undefined && busy !== 'start'}
          onClick={() => void actions.act('start', status)}
        >
          Retry now
        </Button>
      ) : null}
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconPlayerSkipForward size={rem(14)} aria-hidden="true" />}
        aria-label={`Reset the cooldown of ${name}`}
        loading={busy === 'reset'}
        disabled={busy !== undefined && busy !== 'reset'}
        onClick={() => void actions.resetCooldown(status)}
      >
        Reset
      </Button>
      <ExtendMenu status={status}>
        <Button
          size="compact-sm"
          variant="default"
          rightSection={<IconChevronDown size={rem(13)} aria-hidden="true" />}
          aria-label={`Extend the cooldown of ${name}`}
          loading={busy === 'extend'}
          disabled={busy !== undefined && busy !== 'extend'}
        >
          Extend
        </Button>
      </ExtendMenu>
    </Group>
  );
}
