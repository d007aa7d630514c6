import { startCommandOf, type Watch } from '../../../shared/model/watch';
import type { HealState } from '../heal/heal-state';
import type { MatchSearch } from '../matching/match-search';
import type { LaunchFailure, LaunchTraces, ProcessTable, StateStore } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { Provenance } from '../processes/provenance';
import { livingOfStart } from '../processes/strays';
import { Refusal } from '../refusal';
import type { ExitExaminer } from './ends/exit-examiner';
import type { Ends } from './ends';
import type { Explanations } from './explanations';
import type { Launcher } from './launcher';
import type { Lifecycle } from './lifecycle';
import type { MatchIntake } from './match-intake';

/** The parts of a watch that a start concerns. */
export interface StarterParts {
  life: Lifecycle;
  search: MatchSearch;
  intake: MatchIntake;
  launcher: Launcher;
  exits: ExitExaminer;
  ends: Ends;
  explanations: Explanations;
}

/** The watch around them, as it stands when it is asked. */
export interface StarterSurroundings {
  table: Pick<ProcessTable, 'isAlive'>;
  state: Pick<StateStore, 'saved' | 'isSaved'>;
  launchTraces: Pick<LaunchTraces, 'recorded'>;
  watch: () => Watch;
  /** The last scan. */
  index: () => ProcessIndex;
  /** Makes a scan of now the last one. */
  refresh: () => Promise<void>;
  provenance: () => Provenance;
  /** What the next engine must know is another now. */
  changed: () => void;
  /** Asks for a scan soon: something is expected to appear. */
  scanSoon: () => void;
}

/** How long a start waits for its record; then healing matters more than knowing of it after a kill of the engine. */
const RECORD_LIMIT_MS = 200;

/** Carries out the starts of one watch, from the search for what runs already to the result. */
export class Starter {
  /** Why a start came to nothing since the operator last asked for one. */
  private lastFailure: LaunchFailure | null = null;
  private disposed = false;

  constructor(
    private readonly parts: StarterParts,
    private readonly surroundings: StarterSurroundings,
  ) {}

  dispose(): void {
    this.disposed = true;
  }

  /** The operator asks for a start: earlier results do not apply to it. */
  startOver(): void {
    this.lastFailure = null;
    this.parts.launcher.startOver();
  }

  async launch(): Promise<void> {
    const { life, search, intake, launcher, ends } = this.parts;
    const { watch, refresh, scanSoon } = this.surroundings;
    const command = startCommandOf(watch().target);
    if (command === null) return;
    const wanted = life.state;
    if (search.isOn) {
      // Somebody else (an init system, an operator) may have been faster: a second copy would make it worse.
      await refresh();
      if (this.disposed || life.state !== wanted) return;
      if (intake.take()) return;
      const { ambiguous } = search;
      // One of them may be the program: a copy beside it would make it worse.
      if (ambiguous !== null) return this.onFailed({ reason: 'ambiguous', message: ambiguous });
    }
    await launcher.start(watch(), command, {
      recorded: (isTraced) => (isTraced && this.mayPrecedeRecord(wanted)) || this.recorded(wanted),
      launched: (identity) => {
        if (search.isOn) scanSoon();
        else life.dispatch({ type: 'launched', identity });
      },
      failed: (failure) => this.onFailed(failure),
      exited: (identity, exit) => ends.ofChild(identity, exit),
    });
  }

  /** By a scan of now, what lives of a start that is overdue; a match that is there by now is its end. */
  async examineExit(): Promise<void> {
    const { life, intake, launcher, exits, ends, explanations } = this.parts;
    const { watch, index, refresh, provenance } = this.surroundings;
    const examined = life.state;
    await refresh();
    if (this.disposed || life.state !== examined || intake.take()) return;
    const { child, record } = launcher;
    const living = livingOfStart(index(), { child, record }, provenance());
    const failure = examined.phase === 'starting' && living.length === 0 ? (examined.overdue?.failure ?? null) : null;
    if (failure !== null) this.lastFailure = failure;
    const lastWords = exits.lastWords(watch(), record?.stderrFrom ?? null);
    life.dispatch({ type: 'start_examined', living, lastWords });
    const { failedStartCommand } = ends;
    if (failure?.reason === 'start_command_failed' && failedStartCommand !== null) {
      explanations.onFailedStart(failedStartCommand, lastWords.stderrTail, index());
    }
  }

  /** Once all that lived of an overdue start has ended, it is checked again: what it has started since may be alive. */
  follow(): void {
    const { life } = this.parts;
    const { state } = life;
    if (state.phase !== 'starting' || state.overdue?.living === undefined || state.overdue.living === null) return;
    if (state.overdue.living.some((identity) => this.surroundings.table.isAlive(identity))) return;
    life.dispatch({ type: 'start_overdue', failure: state.overdue.failure });
  }

  /** @throws Refusal `conflict`, with the reason why it does not run. */
  throwIfNotRunning(): void {
    const { state } = this.parts.life;
    const { name } = this.surroundings.watch();
    if (state.phase === 'failed') throw new Refusal('conflict', `${name}: ${state.reason}`);
    if (state.phase === 'backoff' && this.lastFailure !== null) {
      throw new Refusal('conflict', `${name} could not be started: ${this.lastFailure.message}`);
    }
  }

  /**
   * Whether a start that replaces what has ended by itself is carried out before it is on record, which is written meanwhile: its trace shows
   * the next engine what became of it. A watch has one trace: what came before this start must be on record by now, but for the end.
   */
  private mayPrecedeRecord(wanted: HealState): boolean {
    const isHeal = wanted.phase === 'starting' && wanted.cause.kind === 'heal';
    const { search, ends } = this.parts;
    const { state, watch, launchTraces } = this.surroundings;
    const { id } = watch();
    if (!isHeal || search.isOn || ends.isBeforeRequest || !state.isSaved(id)) return false;
    launchTraces.recorded(id);
    return true;
  }

  /**
   * What starts from now on outlives a kill of the engine as a start that was under way. False: while that was written, the start
   * was called off, and another one may be under way already.
   */
  private async recorded(wanted: HealState): Promise<boolean> {
    const { changed, state, watch, launchTraces } = this.surroundings;
    changed();
    await state.saved(RECORD_LIMIT_MS);
    if (state.isSaved(watch().id)) launchTraces.recorded(watch().id);
    return !this.disposed && this.parts.life.state === wanted;
  }

  private onFailed(failure: LaunchFailure): void {
    this.lastFailure = failure;
    this.parts.life.dispatch({ type: 'launch_failed', failure });
  }
}
