import { instanceSets, type InstanceSet } from '../../shared/lib/format/instance-sets';
import type { WatchStatus } from '../../shared/model/snapshot';

/** A row of a table of watches, or the instances of a watch below a head of their own. */
export type TableItem =
  | { kind: 'watch'; key: string; status: WatchStatus }
  | { kind: 'set'; key: string; set: InstanceSet; shown: readonly WatchStatus[] };

/** By which the instances of a watch are folded: no name of a group begins so. */
export function foldKeyOf(keptId: string): string {
  return `#${keptId}`;
}

/**
 * The rows of these watches: instances stand together, by their numbers, where the first of them is. The head shows how all of them are,
 * whatever is shown of them.
 */
export function tableItems(shown: readonly WatchStatus[], all: Iterable<WatchStatus> = shown): readonly TableItem[] {
  if (shown.every(({ instance }) => instance === undefined)) return shown.map(itemOf);
  const sets = new Map(instanceSets(all).map((set) => [set.of.id, set]));
  const isShown = new Set(shown);
  const begun = new Set<InstanceSet>();
  const items: TableItem[] = [];
  for (const status of shown) {
    const set = status.instance === undefined ? undefined : sets.get(status.instance.of.id);
    if (set === undefined) items.push(itemOf(status));
    else if (!begun.has(set)) {
      begun.add(set);
      const those = set.members.filter((member) => isShown.has(member));
      items.push({ kind: 'set', key: foldKeyOf(set.of.id), set, shown: those });
    }
  }
  return items;
}

function itemOf(status: WatchStatus): TableItem {
  return { kind: 'watch', key: status.watch.id, status };
}

/** Whether an instance is folded away below the head of its watch. */
export function isFoldedAway({ instance }: WatchStatus, folded: ReadonlySet<string>): boolean {
  return instance !== undefined && folded.has(foldKeyOf(instance.of.id));
}
