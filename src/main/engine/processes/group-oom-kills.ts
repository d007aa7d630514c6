import { identityKey, type ProcessIdentity } from '../../../shared/model/process';
import type { Clock, MemoryGroupReading, MemoryGroups } from '../ports';
import type { ProcessIndex } from './process-index';

/** What the OOM killer did of late in the group of one program. */
export interface OomKillsInGroup {
  kills: number;
  /** Other processes of the group that are gone since. */
  othersGone: number;
}

/** A start is moved into its group soon after it; who changes groups later is still looked for in the first one. */
const MOVES_MS = 10_000;

/** A process whose group is looked for, and from then on read at each tick. */
interface FollowedProcess {
  sinceMs: number;
  /** null: its group is not known, or others are in it. */
  group: string | null;
  /** At the last two ticks; null: not read. */
  atTick: MemoryGroupReading | null;
  atTickBefore: MemoryGroupReading | null;
  /** Once it has ended: groups are removed soon after. */
  atEnd: MemoryGroupReading | null;
}

/**
 * Knows what the OOM killer did in the groups of watched programs, as far as such a group is of one program alone: what is counted
 * in a group that others share says nothing of one of them.
 */
export class GroupOomKills {
  private followed = new Map<string, FollowedProcess>();

  constructor(
    private readonly groups: MemoryGroups,
    private readonly clock: Pick<Clock, 'monotonicMs'>,
  ) {}

  /** `programs`: the processes of each watch. */
  onTick(programs: readonly (readonly ProcessIdentity[])[], index: ProcessIndex): void {
    const followed = new Map<string, FollowedProcess>();
    for (const program of programs) {
      for (const process of program) {
        const key = identityKey(process);
        const one = this.followed.get(key) ?? this.firstSeen();
        if (this.clock.monotonicMs() - one.sinceMs <= MOVES_MS) this.findGroup(one, process, program, index);
        // Its end is reported after it, and what happens meanwhile has nothing to do with it.
        if (one.group !== null && one.atEnd === null) {
          one.atTickBefore = one.atTick;
          one.atTick = this.groups.read(one.group);
        }
        followed.set(key, one);
      }
    }
    this.followed = followed;
  }

  /** A process has ended, whenever that is reported. */
  onEnd(process: ProcessIdentity): void {
    const one = this.followed.get(identityKey(process));
    if (one === undefined || one.group === null) return;
    one.atEnd ??= this.groups.read(one.group);
  }

  /** What happened in the group of a dead process, from the tick before the last to its end; null: that is not known. */
  ofLate(process: ProcessIdentity): OomKillsInGroup | null {
    this.onEnd(process);
    const { atTick = null, atTickBefore = null, atEnd = null } = this.followed.get(identityKey(process)) ?? {};
    const from = atTickBefore ?? atTick;
    if (from === null || atEnd === null) return null;
    const before = new Set([...from.pids, ...(atTick?.pids ?? [])]);
    for (const pid of [process.pid, ...atEnd.pids]) before.delete(pid);
    return { kills: Math.max(0, atEnd.oomKills - from.oomKills), othersGone: before.size };
  }

  private firstSeen(): FollowedProcess {
    const sinceMs = this.clock.monotonicMs();
    return { sinceMs, group: null, atTick: null, atTickBefore: null, atEnd: null };
  }

  private findGroup(
    one: FollowedProcess,
    process: ProcessIdentity,
    program: readonly ProcessIdentity[],
    index: ProcessIndex,
  ): void {
    const group = this.groups.of(process.pid);
    if (group === null || group === one.group) return;
    const pids = this.groups.read(group)?.pids ?? [];
    const own = pidsOf(program, index);
    const isItsOwn = pids.includes(process.pid) && pids.every((pid) => own.has(pid));
    one.group = isItsOwn ? group : null;
    one.atTick = null;
    one.atTickBefore = null;
  }
}

/** The processes of a program with all that they have started. */
function pidsOf(program: readonly ProcessIdentity[], index: ProcessIndex): ReadonlySet<number> {
  const roots = program.flatMap((process) => index.find(process) ?? []);
  return new Set(roots.flatMap((root) => [root, ...index.treeBelow(root)]).map(({ pid }) => pid));
}
