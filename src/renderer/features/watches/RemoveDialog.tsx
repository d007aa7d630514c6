import { Button, Group, List, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { plural } from '../../format/format';
import { rem } from '../../format/text-scale';
import { useApp, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import { Whole } from '../../kit/Clip';
import { Dialog } from '../../kit/Dialog';

/** Asks before watches are removed, and names the processes that continue to run. */
export function RemoveDialog() {
  const { ui, actions } = useApp();
  const removing = useUiState((state) => state.removing);
  const shown = useLast(removing) ?? [];
  const [isBusy, setBusy] = useState(false);
  const close = () => ui.show({ removing: null });
  const remove = async () => {
    setBusy(true);
    const done = await actions.removeAll(shown);
    setBusy(false);
    if (done) close();
  };
  const [first, second] = shown;
  const what = second === undefined ? 'watch' : plural(shown.length, 'watch', 'watches');
  return (
    <Dialog
      opened={removing !== null}
      onClose={close}
      title={second === undefined ? `Remove ${first?.watch.name ?? ''}?` : `Remove ${what}?`}
    >
      <Stack gap="md">
        <Text size="sm">
          Healdeck stops watching {second === undefined ? 'it' : 'them'}. Running processes keep running; the history
          stays in the log. For a few seconds it can be undone.
        </Text>
        <Left watches={shown} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close} data-autofocus>
            Keep {second === undefined ? 'it' : 'them'}
          </Button>
          <Button color="#b3261e" loading={isBusy} onClick={() => void remove()}>
            Remove {what}
          </Button>
        </Group>
      </Stack>
    </Dialog>
  );
}

/** The watches, each with its processes that go on running. */
function Left({ watches }: { watches: readonly WatchStatus[] }) {
  return (
    <List size="sm" style={{ maxHeight: rem(220), overflow: 'auto' }}>
      {watches.map(({ watch, processes }) => (
        <List.Item key={watch.id}>
          <strong>{watch.name}</strong>
          {processes.length === 0 ? ': none of its processes is running' : ' keeps running:'}
          {processes.map((process) => (
            <div key={`${process.pid}:${process.startTime}`}>
              <Whole text={`pid ${process.pid}, ${process.name}`} />
            </div>
          ))}
        </List.Item>
      ))}
    </List>
  );
}
