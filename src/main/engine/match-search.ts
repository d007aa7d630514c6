import { identityKey, sameIdentity, type ProcessIdentity } from '../../shared/model/process';
import type { Target } from '../../shared/model/watch';
import type { LiveProcess } from './heal-state';
import { foundProcess } from './live-process';
import { createMatcher, type Matcher } from './matching';
import type { Protection } from './policy/protection';
import type { Clock, ProcessTable } from './ports';
import type { ProcessIndex } from './process-index';

export interface MatchSearchDependencies {
  clock: Clock;
  table: Pick<ProcessTable, 'readPidfile'>;
  protect: (index: ProcessIndex) => Protection;
}

/** What a search starts from. */
export interface SearchFacts {
  index: ProcessIndex;
  /** Processes that the watch holds already. */
  held: readonly ProcessIdentity[];
  /** The last process that this engine started for the watch: a match too, it may be. */
  child: ProcessIdentity | null;
  /** Leave out processes too young to tell. */
  settled: boolean;
}

/** Looks for the processes that a watch may take because they match its target. A command is never looked for. */
export class MatchSearch {
  private matcher: Matcher | null;

  constructor(
    target: Target,
    private readonly dependencies: MatchSearchDependencies,
    /** Whether another watch keeps this process: two that heal one process would heal it twice. */
    private readonly isKeptByAnother: (identity: ProcessIdentity) => boolean,
  ) {
    this.matcher = this.matcherOf(target);
  }

  /** Whether anything is looked for at all. */
  get isOn(): boolean {
    return this.matcher !== null;
  }

  /** Why nothing can match at the moment (an unusable pidfile), or null. */
  get problem(): string | null {
    return this.matcher?.problem ?? null;
  }

  /** Looks for something else from now on. */
  retarget(target: Target): void {
    this.matcher = this.matcherOf(target);
  }

  /** Processes that match and are not held yet; protected ones, and those of other watches, are never taken. */
  find({ index, held, child, settled }: SearchFacts): readonly LiveProcess[] {
    if (this.matcher === null) return [];
    const { clock, protect } = this.dependencies;
    const found = this.matcher.find(index, { wallMs: clock.wallMs(), settled });
    if (found.length === 0) return [];
    const known = new Set(held.map(identityKey));
    const fresh = found.filter((sample) => !known.has(identityKey(sample)));
    if (fresh.length === 0) return [];
    const protection = protect(index);
    return fresh
      .filter((sample) => protection.because(sample) === null && !this.isKeptByAnother(sample))
      .map((sample) => foundProcess(sample, child !== null && sameIdentity(sample, child) ? 'child' : 'match', clock));
  }

  private matcherOf(target: Target): Matcher | null {
    if (target.kind !== 'match') return null;
    return createMatcher(target, (path) => this.dependencies.table.readPidfile(path));
  }
}
