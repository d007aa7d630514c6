import type { Actor, LastWords } from '../../../../shared/model/event';
import { identityKey, type ProcessIdentity } from '../../../../shared/model/process';
import type { Watch } from '../../../../shared/model/watch';
import type { Death, LiveProcess } from '../../heal/heal-state';
import { crashOfDeath } from './crash-of-death';
import type { ChildExit, Clock, Dispose, OutputEnd, OutputFiles, ProcessTable, Signaller } from '../../ports';
import type { ProcessIndex } from '../../processes/process-index';
import type { OomKills } from '../../processes/oom-kills';

/** Lines of standard error that are reported with a death. */
const STDERR_LINES = 40;

export interface DeathsDependencies {
  clock: Clock;
  table: Pick<ProcessTable, 'isAlive'>;
  signaller: Pick<Signaller, 'groupExists'>;
  output: Pick<OutputFiles, 'tail'>;
  oomKills: Pick<OomKills, 'ofLate'>;
}

/** The exit of a child that is dead already is waited for this long; the kernel's notice may come late on a busy machine. */
const EXIT_LIMIT_MS = 500;

/** What a death is examined with. */
export interface DeathFacts {
  watch: Watch;
  /** null: how it ended is not known. */
  exit: ChildExit | null;
  /** The last scan, in which the process may still live. */
  index: ProcessIndex;
  whileEngineWasDown: boolean;
  /** Whether a process with the mark of the watch was found that is not the program. */
  strays: boolean;
  /** Where standard error ended when the process was started; null: that is not known. */
  stderrFrom: OutputEnd | null;
  /** Of the program that it ran; null: not known. */
  version: string | null;
}

/** Examines the deaths of one watch's processes: who asked for them, the last lines of output, and what may be left behind. */
export class ExitExaminer {
  /** Who ends which process as such, from right before the first signal. */
  private readonly endedBy = new Map<string, Actor>();
  /** Exits that somebody waits for, by process. */
  private readonly expected = new Map<string, (exit: ChildExit | null) => void>();

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

  /** Whether the operator is ending this process. */
  isExpected(process: ProcessIdentity): boolean {
    return this.endedBy.has(identityKey(process));
  }

  /** How a dead child ended; null when that is not known in time. Whoever asks reports the death. */
  exitOf(process: ProcessIdentity): Promise<ChildExit | null> {
    const key = identityKey(process);
    return new Promise((resolve) => {
      const before = this.expected.get(key);
      const cancel = this.dependencies.clock.after(EXIT_LIMIT_MS, () => this.settle(key, null));
      this.expected.set(key, (exit) => {
        cancel();
        before?.(exit);
        resolve(exit);
      });
    });
  }

  /** Hands an exit to whoever waits for it; false: nobody does. */
  takeExit(process: ProcessIdentity, exit: ChildExit): boolean {
    return this.settle(identityKey(process), exit);
  }

  /** Nobody waits any more. */
  dispose(): void {
    for (const key of [...this.expected.keys()]) this.settle(key, null);
  }

  private settle(key: string, exit: ChildExit | null): boolean {
    const resolve = this.expected.get(key);
    this.expected.delete(key);
    resolve?.(exit);
    return resolve !== undefined;
  }

  examineExit(process: LiveProcess, facts: DeathFacts): Death {
    const { watch, exit, index, whileEngineWasDown, strays, stderrFrom, version } = facts;
    const key = identityKey(process);
    const endedBy = this.endedBy.get(key) ?? null;
    this.endedBy.delete(key);
    // What was only found writes to files that are not ours.
    const words =
      process.origin === 'match' ? { stderrTail: [], stderrOf: 'unknown' as const } : this.lastWords(watch, stderrFrom);
    const isUnasked = endedBy === null && !whileEngineWasDown;
    const oomKills = isUnasked && exit?.signal === 'SIGKILL' ? this.dependencies.oomKills.ofLate() : 0;
    // It is made between a death and the next start: only where somebody reads it.
    const crash =
      endedBy !== null
        ? null
        : crashOfDeath({
            ...{ watch, exit, oomKills, version },
            sample: index.find(process),
            stderrTail: words.stderrTail,
          });
    const leftovers = this.mayHaveLeft(process, index);
    return { endedBy, ...words, leftovers, strays, whileEngineWasDown, oomKills, crash };
  }

  /** What the last start of a watch wrote to standard error; `stderrFrom` as in `DeathFacts`. */
  lastWords(watch: Watch, stderrFrom: OutputEnd | null): Required<LastWords> {
    const stderrTail = this.dependencies.output.tail(watch, 'err', STDERR_LINES, stderrFrom);
    return { stderrTail, stderrOf: stderrFrom === null ? 'several_runs' : 'this_run' };
  }

  /** Whether processes may live on in the group or the session of a dead one. A group that another leads is not its own. */
  private mayHaveLeft(dead: ProcessIdentity, index: ProcessIndex): boolean {
    const seen = index.find(dead);
    if (seen !== null && seen.pgid !== dead.pid) return false;
    const hasSession = index.samples.some((sample) => sample.session === dead.pid && sample.pid !== dead.pid);
    return hasSession || this.dependencies.signaller.groupExists(dead.pid);
  }
}
