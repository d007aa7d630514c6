import { Alert, Button, Group, SegmentedControl, Skeleton, Stack } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import { identityKey, type EndPreview, type EndScope } from '../../../shared/model/process';
import type { Failure } from '../../api/errors';
import { plural } from '../../format/format';
import { sentence } from '../../format/sentence';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import type { EndQuestion } from '../../store/ui';
import { Clip } from '../../kit/Clip';
import { Dialog } from '../../kit/Dialog';
import { EndList, ProtectedList } from '../../parts/EndList';
import classes from './EndDialog.module.css';

/** Shows every process that would end, and asks. What is ended then is what was shown, or nothing. */
export function EndDialog() {
  const { ui } = useApp();
  const ending = useUiState((state) => state.ending);
  const question = useLast(ending);
  const close = () => ui.show({ ending: null });
  return (
    <Dialog
      opened={ending !== null}
      onClose={close}
      title={question === null ? '' : <Clip text={`End ${question.name}, pid ${question.pid}?`} />}
      size={720}
    >
      {question === null ? null : (
        <Question key={`${identityKey(question)}/${String(question.force)}`} question={question} onClose={close} />
      )}
    </Dialog>
  );
}

function Question({ question, onClose }: { question: EndQuestion; onClose: () => void }) {
  const { actions } = useApp();
  const [scope, setScope] = useState<EndScope>('tree');
  const [force, setForce] = useState(question.force);
  const [refreshes, setRefreshes] = useState(0);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [isBusy, setBusy] = useState(false);
  const { pid, startTime } = question;
  const answer = useAnswer(`${identityKey(question)}/${scope}/${refreshes}`, (client, signal) =>
    client.processes.endPreview({ pid, startTime, scope }, { signal }),
  );
  const preview = answer.kind === 'answered' ? answer.value : null;
  const isPossible = preview !== null && preview.refused.length === 0 && preview.ends.length > 0 && failure === null;
  const refresh = () => {
    setFailure(null);
    setRefreshes(refreshes + 1);
  };
  const end = async () => {
    if (preview === null) return;
    setBusy(true);
    const problem = await actions.end(question, preview, force);
    setBusy(false);
    if (problem === null) onClose();
    else setFailure(problem);
  };
  return (
    <Stack gap="md">
      <Group gap="md">
        <SegmentedControl
          aria-label="How much"
          size="xs"
          value={scope}
          onChange={(value) => {
            setScope(value as EndScope);
            setFailure(null);
          }}
          data={[
            { value: 'tree', label: 'Its whole tree' },
            { value: 'process', label: 'Only this process' },
          ]}
        />
        <SegmentedControl
          aria-label="How"
          size="xs"
          value={force ? 'kill' : 'stop'}
          onChange={(value) => setForce(value === 'kill')}
          data={[
            { value: 'stop', label: 'Ask first (TERM, then KILL)' },
            { value: 'kill', label: 'At once (KILL)' },
          ]}
        />
      </Group>
      {answer.kind === 'asking' ? <Skeleton height={160} aria-label="Reading the tree" /> : null}
      {answer.kind === 'failed' ? (
        <Alert color="yellow" title="Nothing to end">
          {answer.failure.message}
        </Alert>
      ) : null}
      {preview === null ? null : <Preview preview={preview} onWatchStopped={onClose} />}
      {failure === null ? null : (
        <Alert
          color="red"
          icon={<IconAlertTriangle aria-hidden="true" />}
          title="Nothing was ended"
          role="alert"
          className={classes.failure}
        >
          {sentence(failure.message)}{' '}
          <Button size="compact-xs" variant="default" onClick={refresh}>
            Refresh
          </Button>
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="#b3261e" disabled={!isPossible} loading={isBusy} onClick={() => void end()}>
          {force ? 'Kill' : 'Stop'} {plural(preview?.ends.length ?? 0, 'process', 'processes')}
        </Button>
      </Group>
    </Stack>
  );
}

function Preview({ preview, onWatchStopped }: { preview: EndPreview; onWatchStopped: () => void }) {
  const { ends, refused, warnings } = preview;
  return (
    <>
      <ProtectedList title="Protected: nothing can be ended here" refused={refused} />
      {warnings.length === 0 ? null : (
        <Alert color="yellow" icon={<IconAlertTriangle aria-hidden="true" />} title="Watched">
          {warnings.map((warning) => (
            <p key={warning} className={classes.warning}>
              {sentence(warning)}
            </p>
          ))}
          <StopWatches names={new Set(ends.flatMap(({ watch }) => watch ?? []))} onStopped={onWatchStopped} />
        </Alert>
      )}
      <EndList
        ends={ends}
        caption={refused.length === 0 ? 'Only these processes would end:' : 'These processes would have ended with it:'}
      />
    </>
  );
}

/** What keeps a watched program down: the watch is stopped, not only its process. */
function StopWatches({ names, onStopped }: { names: ReadonlySet<string>; onStopped: () => void }) {
  const { actions } = useApp();
  const watches = useAppState((state) => state.live.watches);
  const concerned = [...watches.values()].filter(({ watch }) => names.has(watch.name));
  if (concerned.length === 0) return null;
  return (
    <Group gap={8} mt={6}>
      {concerned.map((status) => (
        <Button
          key={status.watch.id}
          size="compact-sm"
          variant="default"
          onClick={() => {
            onStopped();
            void actions.act('stop', status);
          }}
        >
          Stop the watch {status.watch.name} instead
        </Button>
      ))}
    </Group>
  );
}
