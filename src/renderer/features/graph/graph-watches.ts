import { instanceSets } from '../../../shared/lib/format/instance-sets';
import { byUrgency } from '../../../shared/lib/format/standing';
import type { WatchStatus } from '../../../shared/model/snapshot';

/**
 * Watches as the graph has them, by id: of one with instances the watch as it is kept, since that alone waits for others and is waited
 * for, in the state of the instance that needs a look first.
 */
export function graphWatches(watches: Iterable<WatchStatus>): ReadonlyMap<string, WatchStatus> {
  const all = [...watches];
  const sets = instanceSets(all).flatMap(({ of, members }) => {
    const [first] = byUrgency(members);
    return first === undefined ? [] : [{ ...first, watch: of }];
  });
  const alone = all.filter(({ instance }) => instance === undefined);
  return new Map([...alone, ...sets].map((status) => [status.watch.id, status]));
}
