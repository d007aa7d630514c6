import { Button, Group, List, Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useApp, useUiState } from '../../lib/use-app';
import { useLast } from '../../lib/use-last';
import { Whole } from '../../ui/Clip';

/** Asks before a watch is removed, and says which processes go on running. */
export function RemoveDialog() {
  const { ui, actions } = useApp();
  const removing = useUiState((state) => state.removing);
  const shown = useLast(removing);
  const [isBusy, setBusy] = useState(false);
  const close = () => ui.show({ removing: null });
  const remove = async () => {
    if (shown === null) return;
    setBusy(true);
    const done = await actions.remove(shown);
    setBusy(false);
    if (done) close();
  };
  return (
    <Modal
      opened={removing !== null}
      onClose={close}
      title={shown === null ? '' : `Remove ${shown.watch.name}?`}
      centered
      transitionProps={{ duration: 120 }}
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { fontWeight: 650, fontSize: 17, minWidth: 0, overflowWrap: 'anywhere' } }}
    >
      {shown === null ? null : (
        <Stack gap="md">
          <Text size="sm">Healdeck stops watching it and forgets its definition. Its history stays in the log.</Text>
          {shown.processes.length === 0 ? (
            <Text size="sm">No process of it is running.</Text>
          ) : (
            <div>
              <Text size="sm" fw={600} mb={4}>
                {shown.processes.length === 1 ? 'This process keeps running:' : 'These processes keep running:'}
              </Text>
              <List size="sm" style={{ maxHeight: 180, overflow: 'auto' }}>
                {shown.processes.map((process) => (
                  <List.Item key={`${process.pid}:${process.startTime}`}>
                    <Whole text={`pid ${process.pid}, ${process.name}`} />
                  </List.Item>
                ))}
              </List>
            </div>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={close} data-autofocus>
              Keep it
            </Button>
            <Button color="#b3261e" loading={isBusy} onClick={() => void remove()}>
              Remove watch
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}
