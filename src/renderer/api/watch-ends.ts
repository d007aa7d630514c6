import type { WatchEndPreview } from '../../shared/model/process';
import type { WatchStatus } from '../../shared/model/snapshot';
import type { UiStore, WatchEndQuestion } from '../store/ui';
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

/**
 * Opens the question when an operator has to see first what ends: more than the one process of a watch, or less than all of it.
 * Resolves to whether it was opened.
 */
export async function isAskedFirst(client: HealdeckClient, ui: UiStore, question: WatchEndQuestion): Promise<boolean> {
  const previews = await previewEnds(client, question.watches);
  if (previews.every(({ ends, refused }) => ends.length <= 1 && refused.length === 0)) return false;
  ui.show({ endingWatches: question });
  return true;
}
