import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useShallow } from 'zustand/shallow';
import { identityKey } from '../../../shared/model/process';
import type { WatchStatus } from '../../../shared/model/snapshot';
import { dependantsOf, previewEnds } from '../../api/watch-ends';
import { formatDuration, plural, pluralNoun } from '../../format/format';
import { useAnswer } from '../../hooks/use-answer';
import { useApp, useAppState, useUiState } from '../../hooks/use-app';
import { useLast } from '../../hooks/use-last';
import type { WatchEndQuestion } from '../../store/ui';
import { Clip } from '../../kit/Clip';
import { Dialog } from '../../kit/Dialog';
import { EndList, ProtectedList } from '../../parts/EndList';

const VERBS: Readonly<Record<WatchEndQuestion['action'], string>> = { stop: 'Stop', restart: 'Restart' };

/** Shows every process that ends with a stop or a restart of watches, and asks. */
export function EndWatchesDialog() {
  const { ui } = useApp();
  const asked = useUiState((state) => state.endingWatches);
  const question = useLast(asked);
  const close = () => ui.show({ endingWatches: null });
  return (
    <Dialog
      opened={asked !== null}
      onClose={close}
      title={question === null ? '' : <Clip text={`${VERBS[question.action]} ${nameOf(question.watches)}?`} />}
      size={720}
    >
      {question === null ? null : <Question key={keyOf(question)} question={question} onClose={close} />}
    </Dialog>
  );
}

function Question({ question, onClose }: { question: WatchEndQuestion; onClose: () => void }) {
  const { actions } = useApp();
  const { action, watches } = question;
  const trees = useAppState((state) => watches.map(({ watch }) => treeKey(state.live.watches.get(watch.id))).join(' '));
  const answer = useAnswer(trees, (client, signal) => previewEnds(client, watches, signal));
  // The list stays while the next one is read: trees of busy programs change all the time.
  const previews = useLast(answer.kind === 'answered' ? answer.value : null);
  const ends = previews?.flatMap((one) => one.ends) ?? [];
  const refused = previews?.flatMap((one) => one.refused) ?? [];
  const [only] = watches;
  const confirm = () => {
    onClose();
    if (question.scaling !== undefined) return void actions.scale(question.scaling, -1, true);
    void (only !== undefined && watches.length === 1
      ? actions.act(action, only, true)
      : actions.actAll(action, watches, true));
  };
  return (
    <Stack gap="md">
      <Text size="sm">{howItEnds(question)}</Text>
      <Dependants watches={watches} />
      {answer.kind === 'failed' ? (
        <Alert color="yellow" title="The processes can't be listed" role="alert">
          {answer.failure.message}
        </Alert>
      ) : null}
      {previews === null && answer.kind === 'asking' ? <Skeleton height={160} aria-label="Reading the tree" /> : null}
      <ProtectedList title="Protected: these keep running" refused={refused} />
      <EndList ends={ends} caption="These processes and any that they start until then will end:" />
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button color="#b3261e" disabled={answer.kind === 'failed' || previews === null} onClick={confirm}>
          {action === 'stop' ? 'Stop' : 'End'} {plural(ends.length, 'process', 'processes')}
          {action === 'stop' ? '' : ' and restart'}
        </Button>
      </Group>
    </Stack>
  );
}

/** Who starts after these and runs: it is not stopped with them, and may miss them. */
function Dependants({ watches }: { watches: readonly WatchStatus[] }) {
  const names = useAppState(
    useShallow(({ live }) => dependantsOf(watches, live.watches.values()).map(({ watch }) => watch.name)),
  );
  if (names.length === 0) return null;
  return (
    <Text size="sm">
      <strong>{names.join(', ')}</strong> {pluralNoun(names.length, 'starts', 'start')} after{' '}
      {pluralNoun(watches.length, 'it', 'them')} and {pluralNoun(names.length, 'keeps', 'keep')} running.
    </Text>
  );
}

function keyOf({ action, watches }: WatchEndQuestion): string {
  return [action, ...watches.map(({ watch }) => watch.id)].join(' ');
}

function nameOf(watches: readonly WatchStatus[]): string {
  const [first, second] = watches;
  return first !== undefined && second === undefined ? first.watch.name : plural(watches.length, 'watch', 'watches');
}

function howItEnds({ action, watches }: WatchEndQuestion): string {
  const graces = new Set(watches.map(({ settings }) => settings['stop.graceMs']));
  const [graceMs] = graces;
  const grace = graceMs !== undefined && graces.size === 1 ? formatDuration(graceMs) : 'the stop grace of its watch';
  const how = `Each process gets TERM, and KILL if it still runs after ${grace}.`;
  const then = pluralNoun(watches.length, 'the program', 'each program');
  return action === 'stop' ? how : `${how} Then ${then} is started again.`;
}

/** Changes when processes of a watch begin or end. */
function treeKey(status: WatchStatus | undefined): string {
  return status?.processes.map((process) => `${identityKey(process)}+${process.descendants}`).join(',') ?? 'removed';
}
