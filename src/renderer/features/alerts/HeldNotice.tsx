import { Alert, Button, Group } from '@mantine/core';
import { IconClockPause, IconSend } from '@tabler/icons-react';
import { describeHold, isCriticalHold } from '../../words/present-alert';
import { rem } from '../../format/text-scale';
import { useApp, useAppState } from '../../hooks/use-app';

/** Why events wait that no message reports yet, and until when; nothing when none does. */
export function HeldNotice() {
  const { alertActions } = useApp();
  const holds = useAppState((state) => state.live.alerts.holds);
  if (holds.length === 0) return null;
  return (
    <Alert
      variant="light"
      color={holds.some(isCriticalHold) ? 'yellow' : 'gray'}
      icon={<IconClockPause aria-hidden="true" />}
      role="group"
      aria-label="Held alerts"
    >
      <Group justify="space-between" wrap="nowrap">
        <div>
          {holds.map((hold) => (
            <div key={hold.reason}>
              {hold.critical ? 'Critical: ' : ''}
              {describeHold(hold)}.
            </div>
          ))}
        </div>
        <Button
          variant="default"
          leftSection={<IconSend size={rem(16)} aria-hidden="true" />}
          onClick={() => void alertActions.sendHeld()}
        >
          Send now
        </Button>
      </Group>
    </Alert>
  );
}
