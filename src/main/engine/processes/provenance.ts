import { isTitled } from '../../../shared/lib/process/program';
import type { ProcessSample } from '../../../shared/model/process';
import { startCommandOf, type Watch } from '../../../shared/model/watch';
import { WATCH_MARK, type EnginePorts, type LaunchRecord } from '../ports';

export type ProvenanceDependencies = Pick<EnginePorts, 'table' | 'marks' | 'spawner'>;

/**
 * Which processes are proved to come from a start of a watch: they carry a mark that this data directory issued for it, and
 * run as the user that it is started as. Anybody can set a variable, and a user can copy it out of a process of his own.
 *
 * | its user                    | is the program | may be ended as what a start left |
 * |-----------------------------|----------------|-----------------------------------|
 * | that of the launch          | yes            | yes                               |
 * | another, launched as root   | no             | yes: root's programs change users |
 * | another, launched as a user | no             | no                                |
 */
export class Provenance {
  private readonly uids: ReadonlySet<number>;

  constructor(
    private readonly watch: Watch,
    /** The last start: the configured user may be another one since. */
    record: LaunchRecord | null,
    private readonly dependencies: ProvenanceDependencies,
  ) {
    const command = startCommandOf(watch.target);
    const configured = command === null ? null : dependencies.spawner.uidOf(command.user);
    this.uids = new Set([configured, record?.uid ?? null].filter((uid) => uid !== null));
  }

  /** The mark of a process that is the program itself, as far as a mark can prove it; null: it is not. */
  markOfProgram(sample: ProcessSample): string | null {
    return this.uids.has(sample.uid) ? this.validMark(sample) : null;
  }

  /** Whether the start that was given this mark has brought it up, whatever it is. */
  isFromLaunchOf(mark: string, sample: ProcessSample): boolean {
    return (this.uids.has(sample.uid) || this.uids.has(ROOT)) && this.validMark(sample) === mark;
  }

  /** Whether a start of the watch has brought it up, whatever it is. */
  isFromLaunch(sample: ProcessSample): boolean {
    return (this.uids.has(sample.uid) || this.uids.has(ROOT)) && this.validMark(sample) !== null;
  }

  /**
   * Whether it may have lost its mark: it runs as the user of the launch, and the title that it has written has taken the room of
   * its whole environment as well, as setproctitle(3) does. That is no proof: any program of that kind looks the same.
   */
  mayHaveLostMark(sample: ProcessSample): boolean {
    if (!this.uids.has(sample.uid) || !isTitled(sample)) return false;
    const environment = this.dependencies.table.environment(sample);
    return environment !== null && Object.keys(environment).length === 0;
  }

  /** Whether it may carry this mark, by what was read of it once: cheap where many are asked about many, and no proof. */
  mayCarry(mark: string, sample: ProcessSample): boolean {
    const known = seenMarks.get(sample.argv);
    return (known === undefined ? this.readMark(sample) : known) === mark;
  }

  /** Reading an environment is expensive: what had no mark of this watch when it was read is not read again. */
  private validMark(sample: ProcessSample): string | null {
    const seen = seenMarks.get(sample.argv);
    if (seen !== undefined && !this.isOfWatch(seen)) return null;
    const mark = this.readMark(sample);
    return this.isOfWatch(mark) ? mark : null;
  }

  private isOfWatch(mark: string | null): boolean {
    return mark !== null && this.dependencies.marks.verify(this.watch.id, mark);
  }

  private readMark(sample: ProcessSample): string | null {
    if (sample.kernel || sample.state === 'zombie' || sample.state === 'dead') return null;
    const environment = this.dependencies.table.environment(sample);
    const mark = environment?.[WATCH_MARK] ?? null;
    if (environment !== null && sample.argv.length > 0) seenMarks.set(sample.argv, mark);
    return mark;
  }
}

/**
 * The marks that were read last, for all watches. A process gets its environment together with its arguments (execve(2)), and
 * each has an array of its own, which is another one once they have changed.
 */
const seenMarks = new WeakMap<readonly string[], string | null>();

const ROOT = 0;
