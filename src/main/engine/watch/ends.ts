import { sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import { processesOf, type Death, type Heir, type LiveProcess } from '../heal/heal-state';
import { heirOf, withRole, withRoles } from '../heal/live-process';
import { isClean } from '../heal/restart-policy';
import type { MatchSearch } from '../matching/match-search';
import type { ChildExit, EnginePorts } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { Provenance } from '../processes/provenance';
import type { ExitExaminer } from './ends/exit-examiner';
import type { Explanations } from './explanations';
import type { FollowedEnds } from './ends/followed-ends';
import { startCommandFailure, type FailedCommand, type Launcher } from './launcher';
import type { Lifecycle } from './lifecycle';
import type { Succession } from './ends/succession';

/** The parts of a watch that an end concerns. */
export interface EndsParts {
  life: Lifecycle;
  search: MatchSearch;
  launcher: Launcher;
  exits: ExitExaminer;
  succession: Succession;
  followed: FollowedEnds;
  explanations: Explanations;
}

/** The watch around them, as it stands when it is asked. */
export interface EndsSurroundings extends Pick<EnginePorts, 'clock' | 'table' | 'machine'> {
  watch: () => Watch;
  settings: () => Settings;
  /** The last scan. */
  index: () => ProcessIndex;
  /** Makes a scan of now the last one. */
  refresh: () => Promise<void>;
  provenance: () => Provenance;
  /** What a start has left, by the last scan. */
  strays: () => readonly ProcessSample[];
  expectsMatch: () => boolean;
  /** Whether another watch keeps a process. */
  isKept: (process: ProcessIdentity) => boolean;
  /** Reports what goes wrong in work that nobody waits for. */
  inBackground: (what: string, work: Promise<void>) => void;
}

/** What is known of a death, beside the process and its exit. */
export interface FoundDeath {
  whileEngineWasDown: boolean;
  /** Whether a start has left something that is not the program. */
  strays: boolean;
}

/** A death that this engine has seen, of which nothing is known to be left. */
const SEEN: FoundDeath = { whileEngineWasDown: false, strays: false };

/** Notices the ends of the processes of one watch, and finds out whether each is a death of it. */
export class Ends {
  private isRequested = false;
  private failedCommand: FailedCommand | null = null;
  private disposed = false;

  constructor(
    private readonly parts: EndsParts,
    private readonly surroundings: EndsSurroundings,
  ) {}

  dispose(): void {
    this.disposed = true;
  }

  /** While ends are reported right before what an operator asks for, which calls off a start that follows from them. */
  get isBeforeRequest(): boolean {
    return this.isRequested;
  }

  /** How the start command of a match ended that failed last; null: none has. */
  get failedStartCommand(): FailedCommand | null {
    return this.failedCommand;
  }

  private get processes(): readonly LiveProcess[] {
    return processesOf(this.parts.life.state);
  }

  /** The exit of a child of this engine, with its code. */
  ofChild(identity: ProcessIdentity, exit: ChildExit): void {
    if (this.parts.exits.takeExit(identity, exit)) return;
    const process = this.processes.find((one) => sameIdentity(one, identity));
    if (process !== undefined) return this.begin(process, exit);
    const failure = this.surroundings.expectsMatch() ? startCommandFailure(exit) : null;
    if (failure === null) return;
    this.failedCommand = { identity, exit };
    this.parts.life.dispatch({ type: 'start_overdue', failure });
  }

  /** The end of a process that was followed, with its exit where the kernel reports it. */
  ofFollowed(identity: ProcessIdentity, exit: ChildExit | null): void {
    const process = this.processes.find((one) => sameIdentity(one, identity));
    if (process !== undefined && !this.parts.succession.isPending(process)) this.begin(process, exit);
  }

  /**
   * What the operator asks for now is no reason for an end that came before: such an end is reported first, with its exit code when
   * that comes soon, and nothing can come between the two.
   */
  async reportBefore(then: () => void): Promise<void> {
    if (this.parts.succession.isBusy) {
      await this.parts.succession.settled();
      if (this.disposed) return;
    }
    const ended = this.processes.filter((process) => !this.surroundings.table.isAlive(process));
    if (ended.length === 0) return then();
    const exits = await Promise.all(
      ended.map((process) =>
        process.origin === 'child'
          ? this.parts.exits.exitOf(process)
          : Promise.resolve(this.parts.followed.of(process)?.exit() ?? null),
      ),
    );
    if (this.disposed) return;
    // The program may live on in a copy elsewhere, beside which nothing is started.
    await this.surroundings.refresh();
    if (this.disposed) return;
    const held = this.processes;
    const strays = this.surroundings.strays().some((stray) => !held.some((process) => sameIdentity(process, stray)));
    this.isRequested = true;
    try {
      ended.forEach((process, at) => this.report(process, exits[at] ?? null, { ...SEEN, strays }));
    } finally {
      this.isRequested = false;
    }
    then();
  }

  /** Notices every process that is gone, but own children: their exit is on its way with the code in it, and only that counts. */
  noticeGone(isAlive: (process: LiveProcess) => boolean): void {
    for (const process of this.processes) {
      if (process.origin === 'child' || this.parts.succession.isPending(process) || isAlive(process)) continue;
      const followed = this.parts.followed.of(process);
      if (followed === null) this.begin(process, null);
      // Its exit is on its way, too.
      else followed.seenGone();
    }
  }

  /**
   * A process has ended. Where a start of ours has brought it up, copies of it may live on elsewhere, and the program may go on in one
   * of them: they are looked for first.
   */
  begin(process: LiveProcess, exit: ChildExit | null, found = SEEN): void {
    const { life, launcher, exits, succession, explanations } = this.parts;
    explanations.onEnd(process);
    const { clock, machine, watch, settings, index, provenance, isKept, inBackground } = this.surroundings;
    const { record } = launcher;
    const { phase } = life.state;
    const isDown = phase === 'stopping' || phase === 'failed';
    if (record === null || process.role === 'worker' || isDown || machine.isShuttingDown())
      return this.report(process, exit, found);
    const isOpen = exit === null || (exit.signal === null && isClean(watch(), exit));
    const ending = {
      ...{ dead: process, exit, before: index(), record, provenance: provenance(), isKept },
      // What was only found goes on by what matches. What a start has brought up, also of a match, is known by its mark.
      mayGoOn: process.origin !== 'match' && isOpen && !exits.isExpected(process),
      isStarting: clock.monotonicMs() - process.startedAtMs <= settings()['start.appearMs'],
    };
    const examined = succession.examineExit(ending, ({ heir, strays }) => {
      if (this.disposed) return;
      const now = life.state.phase;
      if (heir !== null && (now === 'running' || now === 'suspended'))
        return this.onSucceeded(process, withRole(heir, process.role));
      this.report(process, exit, { ...found, strays: strays || found.strays });
    });
    inBackground('looking for what lives on of', examined);
  }

  /** What matches may have joined already: the heir, and its workers, whose roles were those beside the dead one. */
  private onSucceeded(process: LiveProcess, heir: LiveProcess & { heir: Heir }): void {
    const others = this.processes.filter((other) => !sameIdentity(other, process) && !sameIdentity(other, heir));
    this.parts.life.dispatch({
      type: 'succeeded',
      identity: process,
      heir,
      others: withRoles(others, [heir], this.surroundings.index()),
    });
  }

  /** It is no more, and goes on in nobody. */
  report(process: LiveProcess, exit: ChildExit | null, found = SEEN): void {
    const watch = this.surroundings.watch();
    const index = this.surroundings.index();
    // Nothing else shows what an heir has left: the group and the session may be those of its predecessor.
    const strays =
      found.strays ||
      (process.heir !== undefined && this.surroundings.strays().some((one) => !sameIdentity(one, process)));
    const stderrFrom = this.parts.launcher.record?.stderrFrom ?? null;
    const version = this.parts.explanations.versionOf(process);
    const death = this.parts.exits.examineExit(process, { watch, exit, index, stderrFrom, version, ...found, strays });
    const { phase } = this.parts.life.state;
    this.dispatch(process, exit, death, index);
    // What the engine was ending has its reason. The others are explained beside the healing, which has begun.
    if (phase === 'running' || phase === 'suspended') this.parts.explanations.onDeath(process, exit, death, index);
  }

  private dispatch(process: LiveProcess, exit: ChildExit | null, death: Death, index: ProcessIndex): void {
    const watch = this.surroundings.watch();
    if (process.role !== 'main') return this.parts.life.dispatch({ type: 'exited', identity: process, exit, death });
    const others = this.processes.filter((other) => !sameIdentity(other, process));
    // A pidfile names one process at a time: what it names later took over.
    const isNamed = watch.target.kind === 'match' && watch.target.by === 'pidfile';
    // What was started while no engine looked is the main process by now.
    const main = others.find(({ role }) => role === 'main');
    const heir = main ?? (isNamed ? others.at(-1) : heirOf(others, index)) ?? null;
    this.parts.search.setAside(others.filter(({ role }) => role !== 'worker'));
    this.parts.life.dispatch({
      type: 'exited',
      identity: process,
      exit,
      death: { ...death, ...(heir === null ? {} : { heir }) },
    });
  }
}
