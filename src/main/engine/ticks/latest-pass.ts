import {
  identityKey,
  type MatchPreview,
  type ProcessDetails,
  type ProcessIdentity,
  type ProcessRow,
  type ProcessSample,
  type Relative,
} from '../../../shared/model/process';
import type { Target } from '../../../shared/model/watch';
import type { HiddenValues } from '../events/hidden-values';
import { MatchSearch } from '../matching/match-search';
import type { EnginePorts } from '../ports';
import { EMPTY_INDEX, ProcessIndex } from '../processes/process-index';
import { Refusal } from '../refusal';
import type { Roster } from '../watch/roster';

/** The latest pass over all processes, and what an operator may ask of it. */
export class LatestPass {
  private latest: ProcessIndex = EMPTY_INDEX;
  private shown: readonly ProcessRow[] | null = null;

  constructor(
    private readonly ports: Pick<EnginePorts, 'clock' | 'table' | 'machine'> & { hidden: Pick<HiddenValues, 'argv'> },
    private readonly roster: Roster,
  ) {}

  get index(): ProcessIndex {
    return this.latest;
  }

  async renew(): Promise<void> {
    this.latest = new ProcessIndex(await this.ports.table.scan());
    this.shown = null;
  }

  /** Every process as it is shown, with the watch that keeps it. Made once a pass, and only when somebody asks. */
  rows(): readonly ProcessRow[] {
    this.shown ??= this.makeRows();
    return this.shown;
  }

  /** @throws Refusal `not_found` when it is not in the pass. */
  describe(identity: ProcessIdentity): ProcessDetails {
    const row = this.rows().find((row) => identityKey(row) === identityKey(identity));
    if (row === undefined) {
      throw new Refusal('not_found', `No process ${identity.pid} with that start time is running any more`);
    }
    return {
      ...row,
      ...this.ports.table.paths(identity),
      openFiles: this.ports.table.openFiles(identity),
      ancestors: this.latest.ancestorsOf(identity.pid).map(relative),
      children: this.latest.childrenOf(identity.pid).map(relative),
    };
  }

  /**
   * What a target matches, as a watch with it would find it; `watchId` is the one that it is to be the target of.
   * @throws Refusal `invalid` when it can't be looked for.
   */
  preview(target: Target, watchId: string | null = null): MatchPreview {
    const { roster } = this;
    const watch = watchId === null ? null : roster.get(watchId);
    const search = new MatchSearch(
      target,
      { ...this.ports, protect: (index) => roster.protection(index) },
      (identity) => roster.keeperOf([identity], watch)?.watch.name ?? null,
    );
    const assessed = search.explain(this.latest);
    const rows = new Map(this.rows().map((row) => [row.pid, row]));
    const candidates = assessed.flatMap(({ sample, verdict, reason }) => {
      const row = rows.get(sample.pid);
      return row === undefined ? [] : [{ ...row, verdict, reason }];
    });
    const rank = { taken: 0, protected: 1, left: 2 } as const;
    return { candidates: candidates.sort((a, b) => rank[a.verdict] - rank[b.verdict]), problem: search.problem };
  }

  private makeRows(): readonly ProcessRow[] {
    const protection = this.roster.protection(this.latest);
    const owner = new Map<string, string>();
    for (const { watch, processes } of this.roster) {
      for (const process of processes) owner.set(identityKey(process), watch.id);
    }
    return this.latest.samples.map((sample) => ({
      ...sample,
      argv: this.ports.hidden.argv(sample.argv),
      watchId: owner.get(identityKey(sample)) ?? null,
      protectedBecause: protection.because(sample),
    }));
  }
}

function relative({ pid, startTime, name }: ProcessSample): Relative {
  return { pid, startTime, name };
}
