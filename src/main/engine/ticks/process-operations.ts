import {
  identityKey,
  type EndCandidate,
  type EndPreview,
  type EndResult,
  type MatchPreview,
  type ProcessDetails,
  type ProcessIdentity,
  type ProcessRow,
  type ProcessSample,
  type Relative,
  type WatchEndPreview,
} from '../../../shared/model/process';
import type { Target } from '../../../shared/model/watch';
import type { ConfirmedKill, OperatorKillRequest, ProcessControl } from '../engine';
import { endedReport } from '../events/engine-reports';
import type { HiddenValues } from '../events/hidden-values';
import type { KillRequest } from '../kill/kill-ladder';
import { TreeActions, type TreeActionsDependencies } from '../kill/tree-actions';
import { ForbiddenSearch } from '../matching/forbidden-search';
import { MatchSearch } from '../matching/match-search';
import type { EnginePorts } from '../ports';
import { ProcessIndex } from '../processes/process-index';
import type { Protection } from '../processes/protection';
import { Refusal } from '../refusal';
import { checkUnchanged, killScope, partOf, planEnd, planWatchEnd } from '../watch/end-plan';
import type { Roster } from '../watch/roster';
import type { Supervisor } from '../watch/supervisor';
import type { ProcessSnapshot } from './process-snapshot';

export interface ProcessOperationsDependencies
  extends Omit<TreeActionsDependencies, 'protect'>, Pick<EnginePorts, 'machine'> {
  latestScan: ProcessSnapshot;
  roster: Roster;
  hidden: Pick<HiddenValues, 'argv'>;
  graceMs: () => number;
}

/** What an operator sees of all processes by the latest scan, and the ends that it orders, watched or not. */
export class ProcessOperations implements ProcessControl {
  private readonly actions: TreeActions;
  /** The rows of a scan: made once for it, and only when somebody asks. */
  private shown: { index: ProcessIndex; rows: readonly ProcessRow[] } | null = null;

  constructor(private readonly dependencies: ProcessOperationsDependencies) {
    const { roster } = dependencies;
    const protect = (index: ProcessIndex): Protection => roster.protection(index);
    this.actions = new TreeActions({ ...dependencies, protect }, () => ({ watch: null, incident: null }));
  }

  /** Every process as it is shown, with the watch that keeps it. */
  list(): readonly ProcessRow[] {
    const { index } = this.dependencies.latestScan;
    if (this.shown?.index !== index) this.shown = { index, rows: this.rowsOf(index) };
    return this.shown.rows;
  }

  /** @throws Refusal `not_found` when it is not in the scan. */
  describe(identity: ProcessIdentity): ProcessDetails {
    const { latestScan, table } = this.dependencies;
    const row = this.list().find((row) => identityKey(row) === identityKey(identity));
    if (row === undefined) {
      throw new Refusal('not_found', `No process ${identity.pid} with that start time is running any more`);
    }
    return {
      ...row,
      ...table.paths(identity),
      openFiles: table.openFiles(identity),
      ancestors: latestScan.index.ancestorsOf(identity.pid).map(relative),
      children: latestScan.index.childrenOf(identity.pid).map(relative),
    };
  }

  /**
   * What a target matches, as a watch with it would find it; `watchId` is the one that it is to be the target of.
   * @throws Refusal `invalid` when it can't be looked for.
   */
  matchesOf(target: Target, watchId: string | null = null): MatchPreview {
    const { latestScan, roster } = this.dependencies;
    const watch = watchId === null ? null : roster.get(watchId);
    const protect = (index: ProcessIndex): Protection => roster.protection(index);
    const ownerOf = (identity: ProcessIdentity): string | null => roster.ownerOf([identity], watch)?.watch.name ?? null;
    const search =
      target.kind === 'forbidden'
        ? new ForbiddenSearch(target, { ...this.dependencies, protect, ownerOf })
        : new MatchSearch(target, { ...this.dependencies, protect }, ownerOf);
    const assessed = search.explain(latestScan.index);
    const rows = new Map(this.list().map((row) => [row.pid, row]));
    const candidates = assessed.flatMap(({ sample, verdict, reason }) => {
      const row = rows.get(sample.pid);
      return row === undefined ? [] : [{ ...row, verdict, reason }];
    });
    const rank = { taken: 0, protected: 1, left: 2 } as const;
    return { candidates: candidates.sort((a, b) => rank[a.verdict] - rank[b.verdict]), problem: search.problem };
  }

  /** @throws Refusal `not_found` when the process is gone. */
  async endPreview(request: OperatorKillRequest): Promise<EndPreview> {
    const preview = await this.planOf(request);
    if (preview === null) throw new Refusal('not_found', `Process ${request.pid} has ended already`);
    return preview;
  }

  /** What a stop or a restart of a watch would end, by a fresh scan. */
  async watchEndPreview(supervisor: Supervisor): Promise<WatchEndPreview> {
    const { table, roster } = this.dependencies;
    const index = new ProcessIndex(await table.scan());
    return this.shownEnds(planWatchEnd(supervisor.treeIn(index), roster.protection(index), [...roster]));
  }

  /** @throws Refusal when another end would come of it than the operator saw; then nothing was signalled. */
  async end(request: ConfirmedKill): Promise<EndResult> {
    const preview = await this.planOf(request);
    if (preview === null) {
      throw new Refusal('conflict', `Process ${request.pid} has ended since it was shown; nothing was done`);
    }
    checkUnchanged(preview, request);
    const { pid, startTime, scope, force, actor } = request;
    const expectNoMore = [...this.dependencies.roster].map((supervisor) =>
      supervisor.expectEnd(partOf(preview.ends, supervisor.processes), actor),
    );
    const kill: KillRequest = {
      roots: [{ pid, startTime }],
      ...killScope(scope),
      graceMs: this.dependencies.graceMs(),
    };
    const result = await this.actions.end(kill, force);
    for (const dispose of expectNoMore) dispose();
    const [chosen] = preview.ends;
    if (chosen !== undefined && result.pids.length > 0) {
      this.dependencies.changeBus.record(endedReport(chosen, result, { actor, force }));
    }
    return result;
  }

  private async planOf(request: OperatorKillRequest): Promise<EndPreview | null> {
    const { table, roster } = this.dependencies;
    const index = new ProcessIndex(await table.scan());
    const watched = [...roster].map((supervisor) => {
      const { watch, processes } = supervisor;
      return { watch, processes, endedForRestart: () => supervisor.endedForRestart(index) };
    });
    const plan = planEnd(index, request, roster.protection(index), watched);
    return plan === null ? null : this.shownEnds(plan);
  }

  /** The same with hidden arguments. */
  private shownEnds<P extends WatchEndPreview>(plan: P): P {
    const { hidden } = this.dependencies;
    const shown = <T extends EndCandidate>(one: T): T => ({ ...one, argv: hidden.argv(one.argv) });
    return { ...plan, ends: plan.ends.map(shown), refused: plan.refused.map(shown) };
  }

  private rowsOf(index: ProcessIndex): readonly ProcessRow[] {
    const { roster, hidden } = this.dependencies;
    const protection = roster.protection(index);
    const owner = new Map<string, string>();
    for (const { watch, processes } of roster) {
      for (const process of processes) owner.set(identityKey(process), watch.id);
    }
    return index.samples.map((sample) => ({
      ...sample,
      argv: hidden.argv(sample.argv),
      watchId: owner.get(identityKey(sample)) ?? null,
      protectionReason: protection.reasonFor(sample),
    }));
  }
}

function relative({ pid, startTime, name }: ProcessSample): Relative {
  return { pid, startTime, name };
}
