import { baseNameOf } from '../../../../shared/lib/instances';
import { sameName, type Watch } from '../../../../shared/model/watch';
import { isJob } from '../../../../shared/model/schedule';
import type { DependencyCondition } from '../../../../shared/model/dependency';
import type { FollowedWatch } from '../../heal/heal-state';

/** What is missing of a watch that others wait for. */
const UNMET: Readonly<Record<DependencyCondition, string>> = {
  started: 'does not run',
  ready: 'is not ready',
  completed: 'has not ended successfully',
};

/** Of a job at rest: nobody starts it for those that wait. */
const JOB_RESTS = ', and runs only by its schedule or when it is started';

/** A watch that others may wait for, as it stands now. */
export interface AwaitedWatch {
  readonly watch: Watch;
  /** Whether a start that waits for it may take place. */
  meets(condition: DependencyCondition): boolean;
  /** Whether only a start brings it up. */
  readonly needsStart: boolean;
  /** `heal/runs.ts`; null: it does not run. */
  readonly run: string | null;
  /** It is about to be restarted with what it follows. */
  readonly isToFollow: boolean;
}

/** The watches in force. */
export interface WatchesInForce<W extends AwaitedWatch> {
  all: Iterable<W>;
  /** The watch of this name, or the instances that it is to have. */
  named: (name: string) => readonly W[];
  /** Whether this engine has taken it over from the one before. */
  isTakenOver: (supervisor: W) => boolean;
}

/** Which watch waits for which, with how these stand now. */
export class DependencyGraph<W extends AwaitedWatch> {
  constructor(private readonly watches: WatchesInForce<W>) {}

  /** Why a start has to wait for other watches, a sentence for each. */
  blockersOf({ after }: Pick<Watch, 'after'>): readonly string[] {
    return after.flatMap(({ watch: name, until }) => {
      const those = this.watches.named(name);
      if (those.length === 0) return [`${name} does not exist`];
      const unmet = those.filter((supervisor) => !supervisor.meets(until));
      if (those.length - unmet.length >= neededOf(those, until)) return [];
      return unmet.map((supervisor) => {
        const rests = isJob(supervisor.watch) && supervisor.needsStart ? JOB_RESTS : '';
        return `${supervisor.watch.name} ${UNMET[until]}${rests}`;
      });
    });
  }

  /**
   * Those that a watch is restarted with. The runs of a job are no news: they begin and end by its schedule; nor are those of an instance,
   * beside which others go on.
   */
  followedBy({ after }: Pick<Watch, 'after'>): readonly FollowedWatch[] {
    return after.flatMap(({ watch: name, until, restart }) => {
      const supervisor = restart ? this.single(name) : null;
      if (supervisor === null || isJob(supervisor.watch)) return [];
      const { id, name: watch } = supervisor.watch;
      const run = this.watches.isTakenOver(supervisor) ? supervisor.run : undefined;
      return { id, watch, until, run, isSettled: supervisor.meets(until) && this.isSettled(supervisor, new Set()) };
    });
  }

  /** Those that wait for this watch, not through others. */
  dependantsOf({ name: member }: Pick<Watch, 'name'>): readonly W[] {
    const name = baseNameOf(member);
    return [...this.watches.all].filter(({ watch: { after } }) => after.some(({ watch }) => sameName(watch, name)));
  }

  /** Those that this watch waits for, not through others. */
  dependenciesOf({ after }: Pick<Watch, 'after'>): readonly W[] {
    return after.flatMap(({ watch }) => this.watches.named(watch));
  }

  /**
   * Whether nothing restarts it soon: else those that depend on it and on what it follows would be restarted twice. `seen`: a
   * configuration that was edited by hand may go round.
   */
  private isSettled(supervisor: W, seen: Set<W>): boolean {
    if (seen.has(supervisor)) return true;
    seen.add(supervisor);
    if (supervisor.isToFollow) return false;
    return supervisor.watch.after.every(({ watch, until, restart }) => {
      const followed = restart ? this.single(watch) : null;
      return followed === null || isJob(followed.watch) || (followed.meets(until) && this.isSettled(followed, seen));
    });
  }

  /** The watch of this name; null: there is none, or it is kept several times. */
  private single(name: string): W | null {
    const those = this.watches.named(name);
    return those.length === 1 ? (those[0] ?? null) : null;
  }
}

/**
 * How many instances have to meet a condition: the fewest that the watch may have, so that a rolling restart, or one that is in cooldown, stops
 * nobody else from starting; but all of them have to have ended.
 */
function neededOf(those: readonly AwaitedWatch[], until: DependencyCondition): number {
  return until === 'completed' ? those.length : (those[0]?.watch.instances?.min ?? 1);
}
