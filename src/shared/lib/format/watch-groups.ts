import type { WatchPhase, WatchStatus } from '../../model/snapshot';
import { sameName } from '../../model/watch';
import { compareNames } from '../text/compare-names';
import { nearest } from '../text/nearest';
import { byPhase, PHASE_WORDS, worstPhase } from './phases';

/** Watches that say they are in a group of one name. There is no group without a watch. */
export interface WatchGroup {
  /** Where its watches write it differently, the spelling that comes first by its characters. */
  name: string;
  /** In the order of all watches. */
  watches: readonly WatchStatus[];
}

/** How a group is. */
export interface GroupStatus {
  /** That of the watch that needs a look first; `stopped` only where all are. */
  phase: WatchPhase;
  counts: Readonly<Partial<Record<WatchPhase, number>>>;
  /** `2 of 3 running, db in cooldown` */
  text: string;
}

/** Most watches that are named for one phase. */
const NAMES_SHOWN = 2;

/** All groups by name, the case of which means nothing. A watch is in each of its groups. */
export function groupsOf(watches: Iterable<WatchStatus>): readonly WatchGroup[] {
  const groups = new Map<string, { name: string; watches: WatchStatus[] }>();
  for (const status of watches) {
    for (const name of status.watch.groups) {
      const key = name.toLowerCase();
      const group = groups.get(key) ?? { name, watches: [] };
      group.watches.push(status);
      if (name < group.name) group.name = name;
      groups.set(key, group);
    }
  }
  return [...groups.values()].sort((one, other) => compareNames(one.name, other.name));
}

/** Whether a watch is in the group of this name. */
export function isInGroup({ watch }: Pick<WatchStatus, 'watch'>, group: string): boolean {
  return watch.groups.some((name) => sameName(name, group));
}

/** How watches are as a group: how many run, then the others, the most urgent first. */
export function groupStatus(watches: readonly WatchStatus[]): GroupStatus {
  const phases = byPhase(watches);
  const running = watches.filter(({ phase }) => phase === 'running').length;
  const others = phases.filter(({ phase }) => phase !== 'running');
  return {
    phase: worstPhase(watches),
    counts: Object.fromEntries(phases.map(({ phase, those }) => [phase, those.length])),
    text: [
      `${running} of ${watches.length} running`,
      ...others.map(({ phase, those }) => `${namesOf(those)} ${PHASE_WORDS[phase]}`),
    ].join(', '),
  };
}

/** Few are named, many are counted. */
function namesOf(those: readonly WatchStatus[]): string {
  if (those.length > NAMES_SHOWN) return String(those.length);
  return those.map(({ watch }) => watch.name).join(' and ');
}

/** The error when no watch is in a group of this name. */
export function unknownGroupText(name: string, groups: readonly WatchGroup[]): string {
  const known = groups.map((group) => group.name);
  if (known.length === 0) return `No group is called "${name}": no watch is in a group`;
  const near = nearest(name, known);
  const hint = near.length > 0 ? `did you mean: ${near.join(', ')}? ` : '';
  return `No group is called "${name}"; ${hint}groups: ${known.join(', ')}`;
}
