import { readProgram } from '../../../shared/lib/process/program';
import {
  identityKey,
  sameIdentity,
  type MatchCandidate,
  type ProcessIdentity,
  type ProcessSample,
} from '../../../shared/model/process';
import type { Target } from '../../../shared/model/watch';
import type { LiveProcess } from '../heal/heal-state';
import { foundProcess } from '../heal/live-process';
import { allowedUser, isOfUser, whyNotAdmitted } from './match-admission';
import { choose, whyNotJoin, type Candidate, type Held } from './match-choice';
import type { Fitted, Matcher } from './matcher';
import { createMatcher } from './matching';
import type { Protection } from '../processes/protection';
import type { Clock, ProcessTable } from '../ports';
import type { ProcessIndex } from '../processes/process-index';

export interface MatchSearchDependencies {
  clock: Clock;
  table: Pick<ProcessTable, 'readPidfile' | 'facts'>;
  protect: (index: ProcessIndex) => Pick<Protection, 'reasonFor'>;
  machine: { readonly pid: number };
}

/** What a search starts from. */
export interface SearchFacts {
  index: ProcessIndex;
  /** Processes that the watch holds already. */
  held: readonly ProcessIdentity[];
  /** The last process that this engine started for the watch: a match too, it may be. */
  child: ProcessIdentity | null;
  /** Leave out processes too young to be judged. */
  settled: boolean;
}

/** What becomes of a process that fits. */
export interface Assessed extends Pick<MatchCandidate, 'verdict' | 'reason'> {
  sample: ProcessSample;
}

/** Looks for the processes that a watch may take because they match its target. A command is never looked for. */
export class MatchSearch {
  private matcher: Matcher | null;
  private doubt: string | null = null;
  private ambiguity: string | null = null;
  /** Processes that were held beside a main process that has died: none of them is that process come back. */
  private setAsideKeys: ReadonlySet<string> = new Set();
  /** What the program that was taken last is called: another one that only has the pattern in its arguments is not it come back. */
  private lastBase: string | null = null;
  /** Processes of other namespaces: that never changes, so it is asked once. */
  private foreign = new Map<string, string>();

  constructor(
    private target: Target,
    private readonly dependencies: MatchSearchDependencies,
    /** The name of another watch that keeps this process, or null: two that heal one process would heal it twice. */
    private readonly ownerOf: (identity: ProcessIdentity) => string | null,
  ) {
    this.matcher = this.matcherOf(target);
  }

  /** Whether anything is looked for at all. */
  get isOn(): boolean {
    return this.matcher !== null;
  }

  /** Why nothing was taken in the last search although something was there, or null. */
  get problem(): string | null {
    return this.matcher?.problem ?? this.ambiguity ?? this.doubt;
  }

  /** Several programs match, and none can be singled out, or null. */
  get ambiguous(): string | null {
    return this.ambiguity;
  }

  /** Looks for something else from now on. */
  retarget(target: Target): void {
    this.matcher = this.matcherOf(target);
    this.target = target;
    this.setAsideKeys = new Set();
    this.lastBase = null;
  }

  /** These run on beside a main process that has died: they join again once it is back, and are not taken for it. */
  setAside(processes: readonly ProcessIdentity[]): void {
    this.setAsideKeys = new Set(processes.map(identityKey));
  }

  /** Processes that match and are not held yet; protected ones, and those of other watches, are never taken. */
  find(facts: SearchFacts): readonly LiveProcess[] {
    const { clock } = this.dependencies;
    const { index, held, child, settled } = facts;
    if (this.matcher === null) return [];
    const known = new Set(held.map(identityKey));
    const user = allowedUser(this.target, this.ownUser(index));
    const found = this.matcher.find(index, {
      wallMs: clock.wallMs(),
      settled,
      mayBe: (sample) => isOfUser(sample, user),
    });
    const aside = held.length === 0 ? this.setAsideKeys : null;
    const fresh = found.filter(({ sample }) => {
      const key = identityKey(sample);
      return !known.has(key) && !(aside?.has(key) ?? false);
    });
    this.doubt = null;
    this.ambiguity = null;
    if (fresh.length === 0) return [];
    const assessed = this.assess(fresh, facts, user);
    return assessed
      .filter(({ verdict }) => verdict === 'taken')
      .map(({ sample }) =>
        foundProcess(sample, child !== null && sameIdentity(sample, child) ? 'child' : 'match', clock),
      );
  }

  /** What the search would find with nothing held: every process that fits or seems to, and why it is taken or not. */
  explain(index: ProcessIndex): readonly Assessed[] {
    if (this.matcher === null) return [];
    this.doubt = null;
    this.ambiguity = null;
    const user = allowedUser(this.target, this.ownUser(index));
    return this.assess(this.matcher.explain(index), { index, held: [], child: null, settled: false }, user);
  }

  private assess(fitted: readonly Fitted[], facts: SearchFacts, user: string | null): readonly Assessed[] {
    const { index, held, child } = facts;
    const { table } = this.dependencies;
    const protection = this.dependencies.protect(index);
    const assessed: Assessed[] = [];
    const candidates: Candidate[] = [];
    for (const one of fitted) {
      const { sample } = one;
      const judged = this.evaluate(one, protection, user);
      if (judged !== null) {
        assessed.push({ sample, ...judged });
        continue;
      }
      const known = table.facts(sample);
      const refusal = this.foreign.get(identityKey(sample)) ?? whyNotAdmitted(sample, known, this.target, user);
      if (known === null || refusal !== null) {
        if (known?.foreign === true && refusal !== null) this.foreign.set(identityKey(sample), refusal);
        assessed.push({ sample, verdict: 'left', reason: refusal ?? 'it has ended' });
        this.doubt ??= `Pid ${sample.pid} matches, but is not taken: ${refusal ?? 'it has ended'}`;
        continue;
      }
      candidates.push({ ...one, ...inPlace(sample, known) });
    }
    this.forgetForeign(fitted);
    if (held.length > 0) {
      const present = held.flatMap((identity) => this.heldIn(index, identity));
      for (const candidate of candidates) {
        const reason = whyNotJoin(candidate, present, index);
        assessed.push(verdictOf(candidate, reason));
      }
      return assessed;
    }
    const start = this.target.kind === 'match' ? this.target.start : null;
    const others = candidates.filter((candidate) => this.isAnotherProgram(candidate));
    const choice = choose(
      candidates.filter((candidate) => !others.includes(candidate)),
      { index, child, start },
    );
    this.ambiguity = choice.ambiguous;
    this.lastBase = choice.taken[0]?.program.base ?? this.lastBase;
    for (const candidate of others)
      assessed.push(verdictOf(candidate, `it runs another program than the watch held last (${this.lastBase ?? ''})`));
    for (const candidate of choice.taken) assessed.push(verdictOf(candidate, null));
    for (const { candidate, reason } of choice.left) assessed.push(verdictOf(candidate, reason));
    return assessed;
  }

  /** The verdict on a process that fits, as far as the scan decides it; null: more has to be read. */
  private evaluate(
    { sample, fit, reason }: Fitted,
    protection: Pick<Protection, 'reasonFor'>,
    user: string | null,
  ): Omit<Assessed, 'sample'> | null {
    if (fit === 'mention') return { verdict: 'left', reason };
    if (!isOfUser(sample, user)) {
      const foreignUser = `it belongs to user ${sample.user}, and only processes of user ${user ?? ''} are considered`;
      return { verdict: 'left', reason: foreignUser };
    }
    const protectionReason = protection.reasonFor(sample);
    if (protectionReason !== null) return { verdict: 'protected', reason: protectionReason };
    const owner = this.ownerOf(sample);
    if (owner === null) return null;
    this.doubt ??= `Pid ${sample.pid} matches, but belongs to the watch "${owner}"`;
    return { verdict: 'left', reason: `it belongs to the watch "${owner}"` };
  }

  private isAnotherProgram({ fit, program }: Candidate): boolean {
    return this.lastBase !== null && fit === 'argument' && program.base !== this.lastBase;
  }

  private heldIn(index: ProcessIndex, identity: ProcessIdentity): readonly Held[] {
    const sample = index.find(identity);
    const known = sample === null ? null : this.dependencies.table.facts(sample);
    return sample === null || known === null ? [] : [{ sample, ...inPlace(sample, known) }];
  }

  /** Keeps only what was seen in this search. */
  private forgetForeign(fitted: readonly Fitted[]): void {
    if (this.foreign.size === 0) return;
    const seen = new Set(fitted.map(({ sample }) => identityKey(sample)));
    this.foreign = new Map([...this.foreign].filter(([key]) => seen.has(key)));
  }

  /** The engine's own user, as the scan names it. */
  private ownUser(index: ProcessIndex): string | null {
    return index.byPidOrNull(this.dependencies.machine.pid)?.user ?? null;
  }

  private matcherOf(target: Target): Matcher | null {
    return target.kind === 'match' ? createMatcher(target, this.dependencies.table) : null;
  }
}

function verdictOf({ sample, reason }: Candidate, whyNot: string | null): Assessed {
  return { sample, verdict: whyNot === null ? 'taken' : 'left', reason: whyNot ?? reason };
}

function inPlace(
  { name }: ProcessSample,
  { argv, executable, cwd }: NonNullable<ReturnType<ProcessTable['facts']>>,
): Pick<Held, 'program' | 'cwd'> {
  return { program: readProgram({ name, argv, executable }), cwd };
}
