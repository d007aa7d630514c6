import { Button, Menu } from '@mantine/core';
import { IconBellOff, IconBellZ, IconCheck, IconChevronDown } from '@tabler/icons-react';
import type { Mute } from '../../shared/model/alert';
import type { SnoozeTarget } from '../api/alert-actions';
import { formatDuration, formatInstant } from '../format/format';
import { muteLeft, muteOfWatch } from '../words/present-alert';
import { rem } from '../format/text-scale';
import { useApp, useAppState } from '../hooks/use-app';
import { useNow } from '../hooks/use-now';
import { ToneBadge } from '../kit/ToneBadge';

/** For how long alerts can be snoozed with one press, in ms; null: until it is resolved. */
export const SNOOZE_SPANS: readonly (number | null)[] = [900_000, 3_600_000, null];

/** Snoozes the alerts of one watch, one incident, or all. */
export function SnoozeMenu({ target, label = 'Snooze alerts' }: { target: SnoozeTarget; label?: string }) {
  const { alertActions } = useApp();
  return (
    <Menu position="bottom-end" transitionProps={{ duration: 80 }} withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconBellZ size={rem(15)} aria-hidden="true" />}
          rightSection={<IconChevronDown size={rem(14)} aria-hidden="true" />}
        >
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {SNOOZE_SPANS.map((forMs) => (
          <Menu.Item key={forMs} onClick={() => void alertActions.snooze(target, forMs)}>
            {forMs === null ? 'Until resolved' : `For ${formatDuration(forMs)}`}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Somebody knows of an incident: its reminders end. Shows that it is known already. */
export function AcknowledgeButton({ incident }: { incident: number }) {
  const { alertActions } = useApp();
  const isKnown = useAppState((state) =>
    state.live.alerts.mutes.some((mute) => mute.kind === 'acknowledged' && mute.incident === incident),
  );
  if (isKnown) {
    return (
      <ToneBadge tone="ok" icon={IconCheck} plain>
        Acknowledged
      </ToneBadge>
    );
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={<IconCheck size={rem(15)} aria-hidden="true" />}
      onClick={() => void alertActions.acknowledge(incident)}
    >
      Acknowledge
    </Button>
  );
}

/** Whether alerts of a watch are held back now, with the way to end it. Nothing when they are sent. */
export function MutedNote({ watchId }: { watchId: string }) {
  const { alertActions } = useApp();
  const mute = useAppState((state) => muteOfWatch(state.live.alerts.mutes, watchId));
  if (mute === null) return null;
  return (
    <>
      <ToneBadge tone="warn" icon={IconBellOff} plain>
        {mute.watchId === null ? 'All alerts snoozed' : 'Alerts snoozed'}, <MuteLeft mute={mute} />
      </ToneBadge>
      <Button size="compact-sm" variant="default" onClick={() => void alertActions.unmute(mute)}>
        End it
      </Button>
    </>
  );
}

/** How long a mute still holds, counting down. */
export function MuteLeft({ mute }: { mute: Mute }) {
  const now = useNow();
  return (
    <span title={mute.until === null ? undefined : `until ${formatInstant(mute.until)}`}>{muteLeft(mute, now)}</span>
  );
}
