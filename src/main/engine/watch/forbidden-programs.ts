import { identityKey, sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Watch } from '../../../shared/model/watch';
import { isEnding } from '../heal/forbidden/transition';
import { processesOf, type Sighted } from '../heal/heal-state';
import { foundProcess } from '../heal/live-process';
import { ForbiddenSearch, type ForbiddenSearchDependencies } from '../matching/forbidden-search';
import type { Assessed } from '../matching/match-search';
import type { Clock } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { Lifecycle } from './lifecycle';
import type { OpenIncident } from './open-incident';

export interface ForbiddenProgramsDependencies extends ForbiddenSearchDependencies {
  clock: Clock;
  life: Lifecycle;
  incident: Pick<OpenIncident, 'report'>;
  watch: () => Watch;
}

/** Looks in each scan for the program of a watch that must not run; its state machine decides what is done about it. */
export class ForbiddenPrograms {
  private search: ForbiddenSearch | null;
  /** Those that are never ended, which is reported once for each. */
  private refused: ReadonlySet<string> = new Set();

  constructor(private readonly dependencies: ForbiddenProgramsDependencies) {
    this.search = this.searchNow();
  }

  /** Why nothing can be found at the moment, or null. */
  get problem(): string | null {
    return this.search?.problem ?? null;
  }

  /** The watch is another now. */
  retarget(): void {
    this.search = this.searchNow();
    this.refused = new Set();
  }

  look(index: ProcessIndex): void {
    const { life } = this.dependencies;
    const { phase } = life.state;
    if (this.search === null || (phase !== 'absent' && phase !== 'present') || isEnding(life.state)) return;
    const { programs, untouchable } = this.search.find(index);
    this.reportRefused(untouchable);
    if (sameProcesses(programs, processesOf(life.state))) return;
    life.dispatch({ type: 'sighted', programs: programs.map((sample) => this.sighted(sample, index)) });
  }

  private sighted(sample: ProcessSample, index: ProcessIndex): Sighted {
    const { clock, table } = this.dependencies;
    const { name, user, startTime } = sample;
    const argv = sample.argvCut === true ? (table.facts(sample)?.argv ?? sample.argv) : sample.argv;
    return {
      process: foundProcess(sample, 'match', clock),
      facts: { name, argv, user, startTime },
      startedBy: startedBy(sample, index),
    };
  }

  private reportRefused(untouchable: readonly Assessed[]): void {
    const { incident, watch } = this.dependencies;
    const { name } = watch();
    for (const { sample, reason } of untouchable) {
      if (this.refused.has(identityKey(sample))) continue;
      const detail = `${name} must not run, but pid ${sample.pid} (${sample.name}) is never ended: ${reason}`;
      const message = `SIGTERM was not sent to pid ${sample.pid}: ${detail}`;
      const data = { reason: 'protected', signal: 'SIGTERM', detail } as const;
      incident.report(name, { type: 'signal_refused', severity: 'warning', pid: sample.pid, message, data }, 'none');
    }
    this.refused = new Set(untouchable.map(({ sample }) => identityKey(sample)));
  }

  private searchNow(): ForbiddenSearch | null {
    const { target } = this.dependencies.watch();
    return target.kind === 'forbidden' ? new ForbiddenSearch(target, this.dependencies) : null;
  }
}

/** The parent; of one whose parent has ended, the leader of its session, where that lives. */
function startedBy(sample: ProcessSample, index: ProcessIndex): string | null {
  const parent = index.byPidOrNull(sample.ppid);
  const leader = sample.session === sample.pid ? null : index.byPidOrNull(sample.session);
  const starter = parent !== null && parent.pid > 1 ? parent : (leader ?? parent);
  return starter === null ? null : `${starter.name} (pid ${starter.pid})`;
}

function sameProcesses(some: readonly ProcessIdentity[], others: readonly ProcessIdentity[]): boolean {
  return some.length === others.length && some.every((one) => others.some((other) => sameIdentity(one, other)));
}
