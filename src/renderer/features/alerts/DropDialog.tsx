import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../../format/format';
import { useApp } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { Dialog } from '../../kit/Dialog';

interface DropDialogProps {
  /** One message, or all that failed (null). */
  request: { id: number | null } | null;
  failed: number;
  onClose: () => void;
}

/** Asks before a message is given up. */
export function DropDialog({ request, failed, onClose }: DropDialogProps) {
  const { alertActions } = useApp();
  const shown = useLast(request);
  const [isBusy, setBusy] = useState(false);
  const drop = async () => {
    if (shown === null) return;
    setBusy(true);
    await alertActions.drop(shown.id);
    setBusy(false);
    onClose();
  };
  return (
    <Dialog
      opened={request !== null}
      onClose={onClose}
      title={shown === null || shown.id === null ? `Drop ${plural(failed, 'failed message')}?` : 'Drop this message?'}
    >
      <Stack gap="md">
        <Text size="sm">A dropped message is never sent. It stays in the list, and its events stay in the log.</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep
          </Button>
          <Button color="#b3261e" loading={isBusy} onClick={() => void drop()}>
            Drop
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}
