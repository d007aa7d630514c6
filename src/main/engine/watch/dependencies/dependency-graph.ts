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

/** A watch that others may wait for, as it stands now. */
export interface AwaitedWatch {
  readonly watch: Watch;
  /** Whether a start that waits for it may take place. */
  meets(condition: DependencyCondition): boolean;
  /** `heal/runs.ts`; null: it does not run. */
  readonly run: string | null;
  /** It is about to be restarted with what it follows. */
  readonly isToFollow: boolean;
}

/** The watches in force. */
export interface WatchesInForce<W extends AwaitedWatch> {
  all: Iterable<W>;
  /** Whether this engine has taken it over from the one before. */
  isTakenOver: (supervisor: W) => boolean;
}

/** Which watch waits for which, with how these stand now. */
export class DependencyGraph<W extends AwaitedWatch> {
  constructor(private readonly watches: WatchesInForce<W>) {}

  /** Why a start has to wait for other watches, a sentence for each. */
  blockersOf({ after }: Pick<Watch, 'after'>): readonly string[] {
    return after.flatMap(({ watch: name, until }) => {
      const supervisor = this.named(name);
      if (supervisor === null) return [`${name} does not exist`];
      return supervisor.meets(until) ? [] : [`${supervisor.watch.name} ${UNMET[until]}`];
    });
  }

  /** Those that a watch is restarted with. The runs of a job are no news: they begin and end by its schedule. */
  followedBy({ after }: Pick<Watch, 'after'>): readonly FollowedWatch[] {
    return after.flatMap(({ watch: name, until, restart }) => {
      const supervisor = restart ? this.named(name) : null;
      if (supervisor === null || isJob(supervisor.watch)) return [];
      const { id, name: watch } = supervisor.watch;
      const run = this.watches.isTakenOver(supervisor) ? supervisor.run : undefined;
      return { id, watch, until, run, isSettled: supervisor.meets(until) && this.isSettled(supervisor, new Set()) };
    });
  }

  /** Those that wait for this watch, not through others. */
  dependantsOf({ name }: Pick<Watch, 'name'>): readonly W[] {
    return [...this.watches.all].filter(({ watch: { after } }) => after.some(({ watch }) => sameName(watch, name)));
  }

  /** Those that this watch waits for, not through others. */
  dependenciesOf({ after }: Pick<Watch, 'after'>): readonly W[] {
    return after.flatMap(({ watch }) => this.named(watch) ?? []);
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
      const followed = restart ? this.named(watch) : null;
      return followed === null || isJob(followed.watch) || (followed.meets(until) && this.isSettled(followed, seen));
    });
  }

  private named(name: string): W | null {
    for (const supervisor of this.watches.all) if (sameName(supervisor.watch.name, name)) return supervisor;
    return null;
  }
}
