import { groupsOf } from '../../shared/lib/format/watch-groups';
import { worstPhase, URGENCY } from '../../shared/lib/format/phases';
import type { WatchStatus } from '../../shared/model/snapshot';

/** A part of a table of watches: a group, or the watches that are in none. */
export interface WatchSection {
  key: string;
  /** null: no group. */
  group: string | null;
  /** All watches of the group, whatever is shown of them. */
  members: readonly WatchStatus[];
  /** Those that are shown, in the order of the table. */
  shown: readonly WatchStatus[];
}

/** Key of the section without a group: no name of a group has a slash. */
const NO_GROUP = '/';

/**
 * The table of these watches (`shown` of `all`) by groups: those by name, then the watches that are in none. A watch stands in each of
 * its groups. `only`: nothing but this group.
 */
export function sectionsOf(
  shown: readonly WatchStatus[],
  all: Iterable<WatchStatus>,
  only: string | null = null,
): readonly WatchSection[] {
  const isShown = new Map(groupsOf(shown).map(({ name, watches }) => [keyOf(name), watches]));
  const groups = groupsOf(all).flatMap(({ name, watches }): WatchSection[] => {
    const key = keyOf(name);
    const those = isShown.get(key) ?? [];
    return those.length === 0 ? [] : [{ key, group: name, members: watches, shown: those }];
  });
  if (only !== null) return groups.filter(({ key }) => key === keyOf(only));
  const alone = shown.filter(({ watch }) => watch.groups.length === 0);
  return alone.length === 0 ? groups : [...groups, { key: NO_GROUP, group: null, members: alone, shown: alone }];
}

/** The same with what needs a look first; what is in no group stays last. */
export function byNeed(sections: readonly WatchSection[]): readonly WatchSection[] {
  const urgency = ({ group, members }: WatchSection): number =>
    group === null ? URGENCY.length : URGENCY.indexOf(worstPhase(members));
  return sections.toSorted((one, other) => urgency(one) - urgency(other));
}

/** The watches that can be seen, each once, in the order of the table. */
export function seenIn(
  shown: readonly WatchStatus[],
  sections: readonly WatchSection[],
  folded: ReadonlySet<string>,
): readonly WatchStatus[] {
  const open = new Set(sections.filter(({ key }) => !folded.has(key)).flatMap((section) => section.shown));
  return shown.filter((status) => open.has(status));
}

function keyOf(group: string): string {
  return group.toLowerCase();
}
