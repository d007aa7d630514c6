import type { ProcessIdentity, ProcessSample } from '../../../shared/model/process';
import type { ForbiddenTarget } from '../../../shared/model/watch';
import type { ProcessTable } from '../ports';
import { descends, type ProcessIndex } from '../processes/process-index';
import type { Protection } from '../processes/protection';
import { allowedUser, isOfUser, whyNotAdmitted } from './match-admission';
import type { Assessed } from './match-search';
import type { Fitted, Matcher } from './matcher';
import { createMatcher } from './matching';
import { isOfSession, sessionProblem } from './session-programs';

export interface ForbiddenSearchDependencies {
  table: Pick<ProcessTable, 'readPidfile' | 'facts'>;
  protect: (index: ProcessIndex) => Pick<Protection, 'reasonFor'>;
  machine: { readonly pid: number };
  /** The name of another watch that keeps this process, or null. */
  ownerOf: (identity: ProcessIdentity) => string | null;
}

/**
 * Finds what must not run. Other than a match, which is one program, it is all that fits: however young, and however many. What is
 * protected, or kept by another watch, is never ended.
 */
export class ForbiddenSearch {
  private readonly matcher: Matcher;
  /** Why nothing is ended by this pattern, also where it was edited into config.json and nobody refused it. */
  private readonly refused: string | null;

  /** @throws Refusal `invalid` when the pattern is no usable one. */
  constructor(
    private readonly target: ForbiddenTarget,
    private readonly dependencies: ForbiddenSearchDependencies,
  ) {
    this.matcher = createMatcher(target, dependencies.table);
    this.refused = sessionProblem(target);
  }

  /** Why nothing can be found at the moment (an unusable pidfile, a pattern that is refused), or null. */
  get problem(): string | null {
    return this.refused ?? this.matcher.problem;
  }

  /** The programs to end, each with all that it has started, and those that fit and are never ended. */
  find(index: ProcessIndex): { programs: readonly ProcessSample[]; untouchable: readonly Assessed[] } {
    if (this.refused !== null) return { programs: [], untouchable: [] };
    const user = this.user(index);
    const mayBe = (sample: ProcessSample): boolean => isOfUser(sample, user);
    const fitted = this.matcher.find(index, { wallMs: 0, settled: false, mayBe });
    const assessed = this.assess(fitted, index);
    const taken = assessed.filter(({ verdict }) => verdict === 'taken').map(({ sample }) => sample);
    return {
      programs: taken.filter((sample) => !taken.some(({ pid }) => descends(sample, pid, index))),
      untouchable: assessed.filter(({ verdict }) => verdict === 'protected'),
    };
  }

  /** Every process that fits or seems to, and why it would be ended or not. */
  explain(index: ProcessIndex): readonly Assessed[] {
    return this.assess(this.matcher.explain(index), index);
  }

  private assess(fitted: readonly Fitted[], index: ProcessIndex): readonly Assessed[] {
    if (fitted.length === 0) return [];
    const protection = this.dependencies.protect(index);
    const user = this.user(index);
    return fitted.map(({ sample, fit, reason }): Assessed => {
      if (fit === 'mention') return { sample, verdict: 'left', reason };
      const kept = this.whyKept(sample, protection);
      if (kept !== null) return { sample, verdict: isOfUser(sample, user) ? 'protected' : 'left', reason: kept };
      const left = this.whyLeft(sample, user);
      return { sample, verdict: left === null ? 'taken' : 'left', reason: left ?? reason };
    });
  }

  /** Why it is never ended, whoever asks. */
  private whyKept(sample: ProcessSample, protection: Pick<Protection, 'reasonFor'>): string | null {
    const { ownerOf, table } = this.dependencies;
    const owner = ownerOf(sample);
    const reason = protection.reasonFor(sample) ?? (owner === null ? null : `it belongs to the watch "${owner}"`);
    return reason ?? (isOfSession(sample, table.facts(sample)) ? 'it keeps an operator logged in' : null);
  }

  private whyLeft(sample: ProcessSample, user: string | null): string | null {
    if (!isOfUser(sample, user)) {
      return `it belongs to user ${sample.user}, and only processes of user ${user ?? ''} are considered`;
    }
    // A start that is under way is of a watch already, which learns of it a moment later.
    if (sample.ppid === this.dependencies.machine.pid) return 'it was started by Healdeck';
    return whyNotAdmitted(sample, this.dependencies.table.facts(sample), this.target, user);
  }

  /** The engine's own user, as the scan names it, unless the target names another. */
  private user(index: ProcessIndex): string | null {
    return allowedUser(this.target, index.byPidOrNull(this.dependencies.machine.pid)?.user ?? null);
  }
}
