import {
  baseName,
  isTitled,
  readProgram,
  sameProgram,
  type ProgramInPlace,
} from '../../../../shared/lib/process/program';
import { identityKey, sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../../shared/model/process';
import type { Command } from '../../../../shared/model/watch';
import type { Heir, LiveProcess } from '../../heal/heal-state';
import { foundProcess } from '../../heal/live-process';
import { isProgramOf } from '../../matching/match-choice';
import { WATCH_MARK, type ChildExit, type Clock, type LaunchRecord, type ProcessTable } from '../../ports';
import { ProcessIndex } from '../../processes/process-index';
import type { Provenance } from '../../processes/provenance';

/** Between two forks of a program that goes to the background, the process in the middle is not the one that stays. */
const SETTLE_MS = 250;

/** An heir that may be a helper at its last work is that, when it ends sooner than this. */
const PROBATION_MS = 10_000;

export interface SuccessionDependencies {
  clock: Clock;
  table: Pick<ProcessTable, 'scan' | 'bornWith' | 'facts' | 'isAlive'>;
}

/** An end that may be none. */
export interface Ending {
  dead: LiveProcess;
  /** null: not known. */
  exit: ChildExit | null;
  /** The last scan, in which it may still live. */
  before: ProcessIndex;
  /** The start that it comes from. */
  record: LaunchRecord;
  provenance: Provenance;
  /** Whether the program may go on in another process: it has not crashed, and nobody has ended it. */
  mayGoOn: boolean;
  /** Whether it was started so short a time ago that it may have been about to put itself into the background. */
  isStarting: boolean;
  /** Whether another watch keeps a process. */
  isKept: (process: ProcessIdentity) => boolean;
}

/** What lives on of a program whose process has ended. */
export interface LivesOn {
  /** In whom the program goes on; null: in nobody. */
  heir: (LiveProcess & { heir: Heir }) | null;
  /** Whether a copy of it lives in another session, where nobody would look for what the dead one has left. */
  strays: boolean;
}

const NOTHING: LivesOn = { heir: null, strays: false };

/**
 * Who goes on with a program whose process has ended cleanly: it has put itself into the background (daemon(3)), or replaced
 * itself by a newer one, as servers do that are upgraded without a gap. That is a process of the same launch, by its mark, which
 * runs the same program, by executable and script. Of several the first of these rules that distinguishes them decides:
 *
 * | rule                                                                                             |
 * |--------------------------------------------------------------------------------------------------|
 * | one that descends from none of the others                                                        |
 * | one that is no mere helper: it has left the session, was executed with another command line, or has helpers itself |
 * | the oldest                                                                                       |
 *
 * After an end of which nobody knows how it was, workers live on that have lost their master: only who has helpers itself, or
 * was executed with another command line, is an heir then.
 *
 * A program that writes its title over its environment has lost the mark (nginx, php-fpm, redis, sshd). After a clean end such a
 * process is the heir if it is the only one of the same program and user since the start, and no other watch keeps it; of several the
 * one whose title names a path that the command was given. Long after the start it must have the very title of the dead one: the
 * sessions that sshd leaves behind do not.
 */
export class Succession {
  private readonly pending = new Map<string, Promise<void>>();
  private readonly pauses = new Set<() => void>();

  constructor(private readonly dependencies: SuccessionDependencies) {}

  /** Whether the end of a process is being examined. */
  isPending(process: ProcessIdentity): boolean {
    return this.pending.has(identityKey(process));
  }

  get isBusy(): boolean {
    return this.pending.size > 0;
  }

  /** Nothing is waited for any more. */
  dispose(): void {
    for (const end of this.pauses) end();
  }

  /** Resolves once no end is being examined. */
  async settled(): Promise<void> {
    while (this.pending.size > 0) await Promise.allSettled(this.pending.values());
  }

  /** Examines an end once: `then` gets what lives on, and nothing when no scan could be made. */
  examineExit(ending: Ending, then: (found: LivesOn) => void): Promise<void> {
    const key = identityKey(ending.dead);
    const work = this.livingOf(ending)
      .finally(() => this.pending.delete(key))
      .then(then, (error: unknown) => {
        then(NOTHING);
        throw error;
      });
    this.pending.set(key, work);
    return work;
  }

  private async livingOf(ending: Ending): Promise<LivesOn> {
    const { mayGoOn, exit } = ending;
    if (!mayGoOn && !this.mayLive(ending)) return NOTHING;
    const scan = await this.living(ending);
    if (!mayGoOn) return { heir: null, strays: this.candidates(ending, scan).some(({ hasLeft }) => hasLeft) };
    // What it runs can't be read yet of a process that was forked a moment ago.
    if (scan.marked.length === 0 && scan.titled.length === 0 && !this.haveEnded(ending, scan)) return NOTHING;
    await this.pause();
    const later = await this.living(ending);
    const candidates = this.candidates(ending, later);
    const strays = candidates.some(({ hasLeft }) => hasLeft);
    const eligible = exit === null ? candidates.filter(({ isExecuted }) => isExecuted) : candidates;
    const rank = ({ isHelper }: Candidate): number => (isHelper ? 1 : 0);
    const [first] = eligible.toSorted((a, b) => rank(a) - rank(b) || a.sample.startTime - b.sample.startTime);
    const heir = first ?? this.withoutMark(ending, later);
    if (heir === null) return { heir: null, strays };
    const { clock } = this.dependencies;
    const probation =
      heir.isHelper && ending.exit !== null ? { untilMs: clock.monotonicMs() + PROBATION_MS, exit: ending.exit } : null;
    const how: Heir['how'] = heir.hasLeft ? 'background' : 'replaced';
    return { heir: { ...foundProcess(heir.sample, 'adopted', clock), heir: { how, probation } }, strays };
  }

  /** Whether anything of the launch may live, by the last scan and by what was born since. Where nothing does, no scan would find more. */
  private mayLive({ dead, before, record, provenance }: Ending): boolean {
    const { table } = this.dependencies;
    if (before.births === null) return true;
    // Nobody joins a session (setsid(2)): of one that has a process older than the launch, none comes from it.
    const older = new Set(
      before.samples.filter(({ startTime }) => startTime < dead.startTime).map(({ session }) => session),
    );
    const born = table.bornWith(WATCH_MARK, before.births, (session) => older.has(session));
    if (born === null || born.has(record.mark)) return true;
    return before.samples.some(
      (sample) =>
        sample.startTime >= dead.startTime &&
        !sameIdentity(sample, dead) &&
        !older.has(sample.session) &&
        provenance.mayCarry(record.mark, sample) &&
        table.isAlive(sample),
    );
  }

  private pause(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        cancel();
        this.pauses.delete(end);
        resolve();
      };
      const cancel = this.dependencies.clock.after(SETTLE_MS, end);
      this.pauses.add(end);
    });
  }

  /** Whether something has ended since a scan that can have been the process in the middle. */
  private haveEnded({ dead }: Ending, { index }: Living): boolean {
    return index.samples.some(
      (sample) =>
        sample.startTime >= dead.startTime && !sameIdentity(sample, dead) && !this.dependencies.table.isAlive(sample),
    );
  }

  /** What lives of the launch, or may, by a scan of now. */
  private async living({ dead, exit, record, provenance, mayGoOn, isKept }: Ending): Promise<Living> {
    const index = new ProcessIndex(await this.dependencies.table.scan());
    // Nothing of a start is older than its first process.
    const since = index.samples.filter((sample) => sample.startTime >= dead.startTime && !sameIdentity(sample, dead));
    const marked = since.filter(
      (sample) => provenance.mayCarry(record.mark, sample) && provenance.markOfProgram(sample) === record.mark,
    );
    const titled =
      mayGoOn && exit !== null ? since.filter((sample) => provenance.mayHaveLostMark(sample) && !isKept(sample)) : [];
    return { index, marked, titled };
  }

  /** The one that may have written its title over its mark, where no other can be meant; null: there is none. */
  private withoutMark(ending: Ending, { index, titled }: Living): Candidate | null {
    const { dead, before, record, isStarting } = ending;
    const title = before.find(dead)?.argv.join('\0');
    const eligible = titled.filter(({ argv }) => isStarting || argv.join('\0') === title);
    const candidates = this.candidates(ending, { index, marked: eligible });
    const paths = record.command.argv.slice(1).filter((word) => word.includes('/'));
    const named = candidates.filter(({ sample }) => paths.some((path) => sample.argv.join(' ').includes(path)));
    const [heir = null, another] = candidates.length > 1 ? named : candidates;
    return another === undefined ? heir : null;
  }

  /** Those of the same program that descend from none of the others. */
  private candidates(
    { dead, before, record }: Ending,
    { index, marked }: Pick<Living, 'index' | 'marked'>,
  ): readonly Candidate[] {
    const seen = before.find(dead);
    const session = seen?.session ?? dead.pid;
    // Of one that ended while no engine looked, only what it was started with is known.
    const isAnother = (sample: ProcessSample): boolean =>
      seen === null ? isAnotherThan(sample, record.launch.argv) : isAnotherLine(sample, seen.argv);
    const alike = marked.filter((sample) => this.isSameProgram(sample, seen, record.command));
    const isAlike = new Set(alike.map(({ pid }) => pid));
    return alike
      .filter(({ pid }) => !index.ancestorsOf(pid).some((ancestor) => isAlike.has(ancestor.pid)))
      .map((sample) => {
        const hasHelpers = index.descendantsOf(sample.pid).some(({ pid }) => isAlike.has(pid));
        const isExecuted = hasHelpers || isAnother(sample);
        const hasLeft = sample.session !== session;
        return { sample, hasLeft, isExecuted, isHelper: !hasLeft && !isExecuted };
      });
  }

  private isSameProgram(sample: ProcessSample, dead: ProcessSample | null, command: Command): boolean {
    const facts = this.dependencies.table.facts(sample);
    if (facts === null) return false;
    const { name } = sample;
    const program = readProgram({ name, argv: facts.argv, executable: facts.executable });
    if (isProgramOf(command, { sample, program, cwd: facts.cwd })) return true;
    // Of the dead one nothing but its command line is known any more, so that is compared.
    return dead !== null && sameProgram(byLine(dead), byLine({ name, argv: facts.argv }));
  }
}

/** A scan, and what it has found of a launch. */
interface Living {
  index: ProcessIndex;
  /** Those with the mark of the launch. */
  marked: readonly ProcessSample[];
  /** Those that may have lost it to their title; looked for only after a clean end. */
  titled: readonly ProcessSample[];
}

interface Candidate {
  sample: ProcessSample;
  /** It is in another session than the dead one: it has put itself into the background. */
  hasLeft: boolean;
  /** It was executed, and not only forked, as far as that can be determined. */
  isExecuted: boolean;
  isHelper: boolean;
}

function byLine({ name, argv }: Pick<ProcessSample, 'name' | 'argv'>): ProgramInPlace {
  return { program: readProgram({ name, argv, executable: null }), cwd: null };
}

/** Whether it was executed with other words; a title that a process gives itself does not count. */
function isAnotherLine({ name, argv }: ProcessSample, before: readonly string[]): boolean {
  return argv.join('\0') !== before.join('\0') && !isTitled({ name, argv }) && !isTitled({ name, argv: before });
}

/** The same for a command as it was started: the kernel puts at most an interpreter, an argument of it and the path before a script (execve(2)). */
function isAnotherThan({ name, argv }: ProcessSample, [program = '', ...words]: readonly string[]): boolean {
  const first = argv.length - words.length - 1;
  const isSame =
    first >= 0 &&
    first <= 2 &&
    baseName(argv[first] ?? '') === baseName(program) &&
    words.every((word, at) => argv[first + 1 + at] === word);
  return !isSame && !isTitled({ name, argv });
}
