import type { WatchEndPreview } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import { dependenciesOf } from '../../shared/lib/dependency-order';
import type { WatchEndQuestion } from '../store/ui';
import type { ActionPorts } from './action-ports';
import type { HealdeckClient } from './client';

/** What ends with each of these watches when it is stopped or restarted; every process with the name of its watch. */
export function previewEnds(
  client: HealdeckClient,
  watches: readonly WatchStatus[],
  signal?: AbortSignal,
): Promise<readonly WatchEndPreview[]> {
  return Promise.all(
    watches.map(async ({ watch: { id, name } }) => {
      const { ends, refused } = await client.watches.endPreview({ watch: id }, signal === undefined ? {} : { signal });
      return { ends: ends.map((one) => ({ ...one, watch: name })), refused };
    }),
  );
}

/** The watches with running programs that start after one of these, and are none of them. */
export function dependantsOf(watches: readonly WatchStatus[], all: Iterable<WatchStatus>): readonly WatchStatus[] {
  const those = watches.map(({ watch }) => watch);
  const isOne = ({ watch }: WatchStatus) => those.some(({ id }) => id === watch.id);
  return [...all].filter(
    (status) => status.processes.length > 0 && !isOne(status) && dependenciesOf(status.watch, those).length > 0,
  );
}

/**
 * Opens the question where one press would reach further than it shows: several watches, programs that others start after, or less
 * than all of it (protected processes). One program alone is asked about by nobody: it can be started again. Resolves to whether it
 * was opened.
 */
export async function isAskedFirst(
  client: HealdeckClient,
  { ui, watches }: Pick<ActionPorts, 'ui' | 'watches'>,
  question: WatchEndQuestion,
): Promise<boolean> {
  const previews = await previewEnds(client, question.watches);
  const isFar = question.watches.length > 1 || dependantsOf(question.watches, watches()).length > 0;
  if (!isFar && previews.every(({ refused }) => refused.length === 0)) return false;
  ui.show({ endingWatches: question });
  return true;
}
