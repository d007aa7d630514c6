import {
  identityKey,
  type ProcessDetails,
  type ProcessIdentity,
  type ProcessRow,
  type ProcessSample,
  type Relative,
} from '../../shared/model/process';
import type { Target } from '../../shared/model/watch';
import type { HiddenValues } from './hidden-values';
import { createMatcher } from './matching';
import type { EnginePorts } from './ports';
import { EMPTY_INDEX, ProcessIndex } from './process-index';
import { Refusal } from './refusal';
import type { Roster } from './roster';

/** The latest pass over all processes, and what an operator may ask of it. */
export class LatestPass {
  private latest: ProcessIndex = EMPTY_INDEX;
  private shown: readonly ProcessRow[] | null = null;

  constructor(
    private readonly ports: Pick<EnginePorts, 'clock' | 'table'> & { hidden: Pick<HiddenValues, 'argv'> },
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

  /** What a target matches. @throws Refusal `invalid` when it can't be looked for. */
  preview(target: Target): readonly ProcessRow[] {
    if (target.kind === 'command') return [];
    const { clock, table } = this.ports;
    const matcher = createMatcher(target, (path) => table.readPidfile(path));
    const found = matcher.find(this.latest, { wallMs: clock.wallMs(), settled: false });
    if (matcher.problem !== null) throw new Refusal('invalid', matcher.problem);
    const pids = new Set(found.map(({ pid }) => pid));
    return this.rows().filter(({ pid }) => pids.has(pid));
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
