import { Button, Group, List, Stack, Text } from '@mantine/core';
import { rem } from '../../format/text-scale';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { ALL_WATCHES } from '../../store/ui';
import { Whole } from '../../kit/Clip';
import { Dialog } from '../../kit/Dialog';

/** Asks before all cooldowns end at once, and names them. */
export function ResetAllDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { actions } = useApp();
  const watches = useAppState((state) => state.live.watches);
  const isPaused = useAppState((state) => (state.live.engine?.healingPausedUntil ?? null) !== null);
  const isBusy = useUiState((state) => state.busy.has(ALL_WATCHES));
  const cooling = [...watches.values()].filter(({ budget }) => budget.cooldown !== null);
  const reset = async () => {
    await actions.resumeHealing();
    onClose();
  };
  return (
    <Dialog opened={opened} onClose={onClose} title="Reset all cooldowns?">
      <Stack gap="md">
        <Text size="sm">
          {cooling.length === 0 ? 'No watch is in cooldown.' : 'These watches may be restarted again at once:'}
          {isPaused ? ' Healing also resumes.' : ''}
        </Text>
        {cooling.length === 0 ? null : (
          <List size="sm" style={{ maxHeight: rem(180), overflow: 'auto' }}>
            {cooling.map(({ watch }) => (
              <List.Item key={watch.id}>
                <Whole text={watch.name} />
              </List.Item>
            ))}
          </List>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          <Button loading={isBusy} onClick={() => void reset()}>
            Reset all
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
