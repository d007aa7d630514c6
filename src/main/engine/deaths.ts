import type { Actor } from '../../shared/model/event';
import { identityKey, type ProcessIdentity } from '../../shared/model/process';
import type { Watch } from '../../shared/model/watch';
import type { Death, LiveProcess } from './heal-state';
import type { Dispose, OutputFiles, ProcessTable, Signaller } from './ports';
import type { ProcessIndex } from './process-index';

/** Lines of standard error that are told with a death. */
const STDERR_LINES = 40;

export interface DeathsDependencies {
  table: Pick<ProcessTable, 'isAlive'>;
  signaller: Pick<Signaller, 'groupExists'>;
  output: Pick<OutputFiles, 'tail'>;
}

/** What a death is examined with. */
export interface DeathFacts {
  watch: Watch;
  /** The last pass, in which the process may still live. */
  index: ProcessIndex;
  whileEngineWasDown: boolean;
  /** Whether a process with the mark of the watch was found that is not the program. */
  strays: boolean;
}

/** Examines the deaths of one watch's processes: who asked for them, what was said last, and what may be left behind. */
export class Deaths {
  /** Who ends which process as such, from right before the first signal. */
  private readonly endedBy = new Map<string, Actor>();

  constructor(private readonly dependencies: DeathsDependencies) {}

  /**
   * The operator is about to end these processes. Those that live on when the returned function is called are expected to
   * end no more.
   */
  expect(processes: readonly ProcessIdentity[], actor: Actor): Dispose {
    for (const process of processes) this.endedBy.set(identityKey(process), actor);
    return () => {
      for (const process of processes) {
        if (this.dependencies.table.isAlive(process)) this.endedBy.delete(identityKey(process));
      }
    };
  }

  examine(process: LiveProcess, { watch, index, whileEngineWasDown, strays }: DeathFacts): Death {
    const key = identityKey(process);
    const endedBy = this.endedBy.get(key) ?? null;
    this.endedBy.delete(key);
    // What was only found writes to files that are not ours.
    const stderrTail = process.origin === 'match' ? [] : this.dependencies.output.tail(watch, 'err', STDERR_LINES);
    return { endedBy, stderrTail, leftovers: this.mayHaveLeft(process, index), strays, whileEngineWasDown };
  }

  /** Whether processes may live on in the group or the session of a dead one. A group that another leads is not its own. */
  private mayHaveLeft(dead: ProcessIdentity, index: ProcessIndex): boolean {
    const seen = index.find(dead);
    if (seen !== null && seen.pgid !== dead.pid) return false;
    const hasSession = index.samples.some((sample) => sample.session === dead.pid && sample.pid !== dead.pid);
    return hasSession || this.dependencies.signaller.groupExists(dead.pid);
  }
}
