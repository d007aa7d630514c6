import type { WatchStatus } from '../../model/snapshot';
import type { Watch } from '../../model/watch';
import { instancesText } from '../instances';
import { groupStatus, type GroupStatus } from './watch-groups';

/** A watch that is kept as several instances, and how it is as a whole. */
export interface InstanceSet extends GroupStatus {
  name: string;
  /** As it is kept. */
  of: Watch;
  /** In the order of their numbers, those that are leaving among them. */
  members: readonly WatchStatus[];
}

/** The watches with instances among these, in their order. */
export function instanceSets(watches: Iterable<WatchStatus>): readonly InstanceSet[] {
  const sets = new Map<string, WatchStatus[]>();
  for (const status of watches) {
    if (status.instance === undefined) continue;
    const members = sets.get(status.instance.of.id) ?? [];
    members.push(status);
    sets.set(status.instance.of.id, members);
  }
  return [...sets.values()].flatMap((members) => {
    members.sort((one, other) => (one.instance?.number ?? 0) - (other.instance?.number ?? 0));
    const instance = members[0]?.instance;
    return instance === undefined ? [] : [setOf(instance.of, members)];
  });
}

function setOf(of: Watch, members: readonly WatchStatus[]): InstanceSet {
  const staying = members.filter(({ instance }) => instance?.leaving !== true);
  const leaving = members.filter((member) => !staying.includes(member));
  const status = groupStatus(staying);
  const rolling = members[0]?.instance?.rolling;
  const parts = [
    of.instances !== undefined && `${of.instances.count} of ${instancesText(of.instances)} instances`,
    status.text,
    leaving.length > 0 && `ending ${leaving.map(({ watch }) => watch.name).join(', ')}`,
    rolling !== undefined && `rolling restart, ${rolling.done} of ${rolling.of} through`,
  ];
  return { ...status, name: of.name, of, members, text: parts.filter((part) => part !== false).join('; ') };
}
