import type { Certainty } from '../../../shared/model/event-parts';
import type { ChildExit } from '../ports';
import type { PortFault } from './wanted-ports';
import type { Scene } from '../ports';
import type { OomKillsInGroup } from '../processes/group-oom-kills';
import type { FileChange, VersionChange } from './start-record';

/** All that is known of one death, from which its explanation is made. */
export interface DeathFacts {
  pid: number;
  /** null: how it ended is not known. */
  exit: ChildExit | null;
  /** ms since the epoch. */
  diedAt: number;
  /** The last lines of its standard error, oldest first. */
  stderrTail: readonly string[];
  /** What the crash is recognised by; null: nothing but its exit. */
  crashTitle: string | null;
  /** Processes of the machine that the OOM killer ended at about that time. */
  oomKills: number;
  /** Those of its control group; null: not known, or the group is not of this program alone. */
  oomKillsInGroup: OomKillsInGroup | null;
  /** Whether no other process that vanished in the same moment held as much memory. */
  wasLargest: boolean;
  /** Its parent, where that has ended at about the same time. */
  endedParent: { pid: number; name: string } | null;
  /** Other watches whose programs have ended within seconds. */
  othersEnded: readonly string[];
  /** How long nobody watched right before, in ms; null: there was no gap. */
  gapMs: number | null;
  /** The largest processes of that moment. */
  largest: readonly { pid: number; name: string; rssBytes: number }[];
  portFault: PortFault | null;
  /** Pids that starts of this watch have left. */
  leftovers: ReadonlySet<number>;
  /** What holders of ports run, by pid, as far as the last pass has shown it. */
  programs: ReadonlyMap<number, string>;
  /** Against the last good start; null: there is none to compare with. */
  changes: Changes | null;
  scene: Scene;
}

export interface Changes {
  files: readonly FileChange[];
  versions: readonly VersionChange[];
  edited: readonly string[];
  rebooted: boolean;
}

/** A reason for a death, to follow the name of the watch and a colon. */
export interface Cause {
  certainty: Certainty;
  reason: string;
  /** Whether a change of its files may be what lies behind it. */
  isOfProgram: boolean;
}

/** One kind of reason: null where the facts do not show it. */
export type CauseRule = (facts: DeathFacts) => Cause | null;
