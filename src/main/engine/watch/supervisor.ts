import { assertNever } from '../../../shared/lib/assert-never';
import type { Actor } from '../../../shared/model/event';
import { identityKey, sameIdentity, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import type { WatchStatus, WatchUse } from '../../../shared/model/snapshot';
import { startCommandOf, type Watch } from '../../../shared/model/watch';
import { Deaths } from './deaths';
import { Ends, type EndsSurroundings, type FoundDeath } from './ends';
import { Findings } from './findings';
import {
  processesOf,
  startsProgram,
  takesMatches,
  isAwaitingOthers,
  type HealContext,
  type HealEffect,
  type HealState,
  type LiveProcess,
} from '../heal/heal-state';
import type { HiddenValues } from '../events/hidden-values';
import type { JudgesDependencies } from './judges';
import { interruptedStart } from './interrupted-start';
import { collectTree } from '../kill/kill-ladder';
import { Launcher } from './launcher';
import { withRoles } from '../heal/live-process';
import { Lifecycle } from './lifecycle';
import { MatchSearch } from '../matching/match-search';
import { OpenIncident } from './open-incident';
import { healPolicyOf } from '../heal/heal-policy';
import { afterOperatorsEnd } from '../heal/restart-policy';
import { decideTakeover } from '../heal/takeover';
import type { Dispose, EnginePorts, LaunchFailure, PersistedWatch } from '../ports';
import { EMPTY_INDEX, ProcessIndex } from '../processes/process-index';
import { Provenance } from '../processes/provenance';
import { Refusal } from '../refusal';
import { checkMayEnd, findStrays, livingOfStart } from '../processes/strays';
import type { Storm } from './storm';
import { Succession } from './succession';
import { findSurvivors } from './survivors';
import { TreeActions, type TreeActionsDependencies } from '../kill/tree-actions';
import { toWallMs } from '../wall-time';
import { ledgerFrom, memoryOf } from './watch-memory';
import { watchStatus, watchUse } from './watch-status';

/** What all supervisors share: what their parts need of the world, and the engine around them. */
export interface SupervisorDependencies
  extends
    TreeActionsDependencies,
    Pick<JudgesDependencies, 'machineLoad'>,
    Pick<EnginePorts, 'spawner' | 'marks' | 'launchTraces' | 'output' | 'machine' | 'report' | 'state' | 'random'> {
  /** What of a watch is shown to nobody. */
  hidden: Pick<HiddenValues, 'watch' | 'settings'>;
  /** What was set for all watches. */
  overrides: () => Partial<Settings>;
  storm: Pick<Storm, 'holds' | 'onRestart' | 'onRefund'>;
  /** The watch's status or memory changed. */
  changed: (supervisor: Supervisor) => void;
  /** The name of another watch that keeps this process, or null: two that heal one process would heal it twice. */
  keeperBeside: (identity: ProcessIdentity, supervisor: Supervisor) => string | null;
  /** Asks for a pass soon: something is expected to appear. */
  lookSoon: () => void;
}

/** A start waits so long for its record; then healing is worth more than knowing of it after a kill of the engine. */
const RECORD_LIMIT_MS = 200;

/**
 * Keeps one watch: gathers what happened to it, tells its life, and does what that asks for. What each step takes is known
 * by a part of its own; here stands their order.
 */
export class Supervisor {
  private readonly life: Lifecycle;
  private readonly incident: OpenIncident;
  private readonly search: MatchSearch;
  private readonly launcher: Launcher;
  private readonly deaths: Deaths;
  private readonly succession: Succession;
  private readonly ends: Ends;
  private readonly actions: TreeActions;
  private readonly findings: Findings;
  /** The settings in force: those for all, and the watch's own over them. */
  private settings: Settings;
  /** The last pass, for status and for what a dead process may have left. */
  private index: ProcessIndex = EMPTY_INDEX;
  /** Why a start came to nothing since the operator last asked for one. */
  private lastFailure: LaunchFailure | null = null;
  /** One draw for each start: the delay that is reported is the one that is kept. */
  private draw: number;
  private disposed = false;

  constructor(
    private watchInForce: Watch,
    private readonly dependencies: SupervisorDependencies,
  ) {
    this.settings = resolveSettings(dependencies.overrides(), watchInForce.overrides);
    this.draw = dependencies.random();
    this.life = new Lifecycle({
      clock: dependencies.clock,
      context: () => this.context(),
      perform: (effect) => this.perform(effect),
      healed: (previousAtMs) => dependencies.storm.onRestart({ watch: this.watch.name, previousAtMs }),
      refunded: (atMs) => dependencies.storm.onRefund({ watch: this.watch.name, atMs }),
      changed: () => dependencies.changed(this),
    });
    this.incident = new OpenIncident(dependencies.announcer);
    this.search = new MatchSearch(watchInForce.target, dependencies, (identity) =>
      dependencies.keeperBeside(identity, this),
    );
    this.launcher = new Launcher(dependencies);
    this.deaths = new Deaths(dependencies);
    this.succession = new Succession(dependencies);
    this.actions = new TreeActions(dependencies, () => ({ watch: this.watch.name, incident: this.incident.id }));
    const { life, search, launcher, deaths, succession, incident, actions } = this;
    this.ends = new Ends({ life, search, launcher, deaths, succession }, this.surroundingsOfEnds());
    this.findings = new Findings({ ...dependencies, life, incident, actions, index: () => this.index });
  }

  get watch(): Watch {
    return this.watchInForce;
  }

  get processes(): readonly LiveProcess[] {
    return processesOf(this.life.state);
  }

  /** Pids of the processes that an engine started for this watch. */
  get ownPids(): readonly number[] {
    const own = this.processes.filter((process) => process.origin !== 'match').map((process) => process.pid);
    const { child } = this.launcher;
    return child === null ? own : [...own, child.pid];
  }

  /** True while a match is expected to come up. */
  get expectsMatch(): boolean {
    const { state } = this.life;
    return (state.phase === 'starting' || isAwaitingOthers(state)) && this.search.isOn;
  }

  dispose(): void {
    this.disposed = true;
    this.life.dispose();
    this.findings.dispose();
    this.deaths.dispose();
    this.succession.dispose();
    this.ends.dispose();
  }

  // ---- what the operator asks for ----

  /** Resolves once it runs; rejects with a `Refusal` that says why it can't. */
  async start(actor: Actor): Promise<void> {
    if (this.life.state.phase === 'running') return;
    this.lastFailure = null;
    this.launcher.startOver();
    await this.refresh();
    if (this.disposed) return;
    // What is suspended goes on; what else matches joins it at the next pass.
    if (this.life.state.phase !== 'suspended' && this.takeMatches()) return;
    const strays = startsProgram(this.life.state.phase) ? this.strays() : [];
    checkMayEnd(strays, this.watch, this.settings.observe);
    this.life.dispatch({ type: 'start', actor, strays: strays.length > 0 });
    if (startCommandOf(this.watch.target) === null) return;
    await this.life.settled();
    this.throwIfNotRunning();
  }

  /** Resolves once nothing of its tree lives; rejects with a `Refusal` when something can't be ended. */
  async stop(actor: Actor): Promise<void> {
    if (this.life.state.phase === 'stopped') {
      await this.refresh();
      if (this.disposed || (this.life.state.phase === 'stopped' && this.strays().length === 0)) return;
    }
    await this.ends.reportBefore(() => this.life.dispatch({ type: 'stop', actor }));
    await this.life.settled();
    const { state } = this.life;
    if (state.phase === 'failed') throw new Refusal('conflict', `${this.watch.name}: ${state.why}`);
  }

  async restart(actor: Actor): Promise<void> {
    if (startCommandOf(this.watch.target) === null) {
      throw new Refusal(
        'invalid',
        `${this.watch.name} has no start command, so it can be stopped but not restarted; expected one, as in: healdeck edit "${this.watch.name}" --start -- CMD ARG…`,
      );
    }
    this.lastFailure = null;
    this.launcher.startOver();
    await this.ends.reportBefore(() => this.life.dispatch({ type: 'restart', actor }));
    await this.life.settled();
    this.throwIfNotRunning();
  }

  /** Puts an edited watch in force: the next start uses it, what runs goes on. */
  edit(watch: Watch): void {
    const retarget = JSON.stringify(watch.target) !== JSON.stringify(this.watch.target);
    if (retarget) this.search.retarget(watch.target);
    this.watchInForce = watch;
    this.settingsChanged();
    this.dependencies.changed(this);
    if (retarget && this.search.isOn) this.dependencies.lookSoon();
  }

  /** Ends the cooldown and empties the budget. Returns whether there was a cooldown. */
  resetCooldown(actor: Actor): boolean {
    const cooling = this.life.machine.ledger.budget.cooldown !== null;
    this.life.dispatch({ type: 'reset_cooldown', actor });
    return cooling;
  }

  /** @throws Refusal `conflict` when there is no cooldown to extend. */
  extendCooldown(byMs: number, actor: Actor): void {
    if (this.life.machine.ledger.budget.cooldown === null) {
      throw new Refusal('conflict', `${this.watch.name} is in no cooldown; there is nothing to extend`);
    }
    this.life.dispatch({ type: 'extend_cooldown', actor, byMs });
  }

  /**
   * The operator is about to end these processes, and not the watch: their deaths are no crashes. Those that live on when the
   * returned function is called are expected to end no more.
   */
  expectEnd(processes: readonly ProcessIdentity[], actor: Actor): Dispose {
    return this.deaths.expect(processes, actor);
  }

  /**
   * What ends by one pass when the watch is stopped or restarted: by the rule of the ladder, so that a preview lists what
   * is ended. Dear: it reads environments.
   */
  treeIn(index: ProcessIndex): readonly ProcessSample[] {
    const provenance = this.provenance();
    const isMarked = (sample: ProcessSample): boolean => provenance.isFromLaunch(sample);
    const known = new Map(this.processes.map((process) => [identityKey(process), process]));
    return collectTree(index, { roots: this.processes, scope: 'everything', isMarked }, known);
  }

  /** What ends beside, when an operator ends the processes of the watch and not the watch: it is restarted, or not. */
  endedForRestart(index: ProcessIndex): readonly ProcessSample[] {
    const isReplaced = !this.settings.observe && afterOperatorsEnd(this.watch) === 'restarts';
    return isReplaced ? this.treeIn(index) : [];
  }

  // ---- what the engine tells ----

  /** The settings for all, or the watch's own, are others now. What was judged by the old ones is forgotten. */
  settingsChanged(): void {
    const settings = resolveSettings(this.dependencies.overrides(), this.watch.overrides);
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    const actsAgain = this.settings.observe && !settings.observe;
    this.settings = settings;
    this.findings.clear();
    this.life.rearm();
    if (actsAgain) this.life.dispatch({ type: 'observe_over' });
  }

  /** Nobody watched for a while: what was seen before says nothing about now. */
  forgetReadings(): void {
    this.findings.clear();
  }

  /** The storm brake was released. */
  stormOver(): void {
    this.life.dispatch({ type: 'storm_over' });
  }

  /** True while another reading soon would decide something. */
  get isSuspicious(): boolean {
    return this.findings.suspicious;
  }

  /** True while a limit is violated and not enough readings show it. */
  get isUndecided(): boolean {
    return this.findings.undecided;
  }

  /** Takes up what an engine before this one left, or starts it as the watch says. */
  boot(memory: PersistedWatch | null, sameBoot: boolean, index: ProcessIndex): void {
    this.index = index;
    const { clock, table } = this.dependencies;
    if (memory !== null) this.life.inherit(ledgerFrom(memory, sameBoot, clock));
    const start = interruptedStart(this.watch, memory, sameBoot, this.dependencies);
    const { known } = start;
    this.incident.resume(known?.incident ?? null, known?.recovery?.incident ?? null);
    this.launcher.inherit(known?.launch ?? null, start.mark);
    const { processes, strays } = findSurvivors({
      ...{ clock, index, table, watch: this.watch, memory: start.living },
      provenance: this.provenance(),
    });
    const survivors = this.inRoles(processes, known);
    const matches = this.newMatches(false, survivors);
    const startLives = (): boolean =>
      livingOfStart(index, { child: null, record: known?.launch ?? null }, this.provenance()).length > 0;
    const nowMs = clock.monotonicMs();
    const { watch } = this;
    const takeover = decideTakeover({
      ...{ watch, memory: known, wasExecuted: start.wasExecuted, survivors, matches, strays, startLives, nowMs },
    });
    this.life.dispatch({ type: 'taken_over', takeover, replaced: known?.replaced ?? null });
    const found: FoundDeath = { whileEngineWasDown: true, strays };
    // Where nothing of a start lives by the pass of now, nothing can go on: the death is reported in the same turn as the takeover.
    const gone = 'gone' in takeover ? takeover.gone : [];
    const mayLiveOn = gone.length > 0 && this.strays().length > 0;
    for (const process of gone) {
      if (mayLiveOn) this.ends.begin(process, null, found);
      else this.ends.report(process, null, found);
    }
  }

  /** Takes up nothing and starts nothing: another engine keeps it. */
  leaveAlone(why: string, index: ProcessIndex): void {
    this.index = index;
    this.life.dispatch({ type: 'taken_over', takeover: { kind: 'leave_alone', why }, replaced: null });
  }

  /** A new pass over all processes. */
  observe(index: ProcessIndex): void {
    this.index = index;
    this.ends.look((process) => {
      const sample = index.find(process);
      return sample === null
        ? this.dependencies.table.isAlive(process)
        : sample.state !== 'zombie' && sample.state !== 'dead';
    });
    const { state } = this.life;
    // What is expected to come up is taken as young as it is.
    const settled = state.phase !== 'starting' && !isAwaitingOthers(state);
    if (takesMatches(state.phase)) this.takeMatches({ settled });
    this.followStart();
    this.findings.judge(this.watch, this.settings);
  }

  /** A pass between two ticks: what it has is shown, and nothing is judged by it. */
  show(index: ProcessIndex): void {
    this.index = index;
  }

  /** The cheap look between ticks, at processes whose end nobody tells us. */
  lookBetweenTicks(): void {
    this.ends.look((process) => this.dependencies.table.isAlive(process));
  }

  /** What the next engine must know. */
  memory(): PersistedWatch {
    const { life, incident, launcher, dependencies } = this;
    const { id, lastId } = incident;
    const { record: launch, lastMark } = launcher;
    return memoryOf(life.machine, { incident: id, lastIncident: lastId, launch, lastMark }, dependencies.clock);
  }

  /** What its limits count, in the last pass. */
  use(): WatchUse {
    return watchUse(this.processes, this.index, this.settings['limits.scope'], this.findings);
  }

  status(): WatchStatus {
    const { clock, hidden } = this.dependencies;
    const status = watchStatus({
      watch: this.watch,
      machine: this.life.machine,
      index: this.index,
      settings: this.settings,
      incident: this.incident.id,
      matchProblem: this.search.problem,
      measured: this.findings,
      nowMs: clock.monotonicMs(),
      toWall: (atMs) => toWallMs(clock, atMs),
    });
    return { ...status, watch: hidden.watch(status.watch), settings: hidden.settings(status.settings) };
  }

  // ---- the machine ----

  private context(): HealContext {
    const { clock, machine, storm } = this.dependencies;
    return {
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      watch: this.watch,
      policy: healPolicyOf(this.settings, this.draw),
      shuttingDown: machine.isShuttingDown(),
      healingPaused: storm.holds(this.life.machine.ledger.lastRestartAtMs),
    };
  }

  private perform(effect: HealEffect): void {
    switch (effect.type) {
      case 'emit':
        return this.incident.tell(this.watch.name, effect.draft, effect.story);
      case 'launch':
        this.draw = this.dependencies.random();
        this.inBackground('starting', this.launch());
        return;
      case 'examine_start':
        this.inBackground('examining the start of', this.examineStart());
        return;
      case 'clear':
        this.inBackground('ending', this.end(effect));
        return;
      case 'signal':
        return this.actions.signalTrees(effect.processes, effect.signal, this.index);
      default:
        return assertNever(effect);
    }
  }

  private async launch(): Promise<void> {
    const command = startCommandOf(this.watch.target);
    if (command === null) return;
    const wanted = this.life.state;
    if (this.search.isOn) {
      // Somebody else (an init system, an operator) may have been faster: a second copy would make it worse.
      await this.refresh();
      if (this.disposed || this.life.state !== wanted) return;
      if (this.takeMatches()) return;
      const { ambiguous } = this.search;
      // One of them may be the program: a copy beside it would make it worse.
      if (ambiguous !== null) return this.onLaunchFailed({ reason: 'ambiguous', message: ambiguous });
    }
    await this.launcher.start(this.watch, command, {
      recorded: () => this.recorded(wanted),
      launched: (identity) => {
        if (this.search.isOn) this.dependencies.lookSoon();
        else this.life.dispatch({ type: 'launched', identity });
      },
      failed: (failure) => this.onLaunchFailed(failure),
      exited: (identity, exit) => this.ends.ofChild(identity, exit),
    });
  }

  /**
   * What starts from now on outlives a kill of the engine as a start that was under way. False: while that was written, the start
   * was called off, and another one may be under way already.
   */
  private async recorded(wanted: HealState): Promise<boolean> {
    this.dependencies.changed(this);
    await this.dependencies.state.saved(RECORD_LIMIT_MS);
    return !this.disposed && this.life.state === wanted;
  }

  private async end({ roots, scope, atOnce }: HealEffect & { type: 'clear' }): Promise<void> {
    const graceMs = this.settings['stop.graceMs'];
    const provenance = this.provenance();
    const isMarked = (sample: ProcessSample): boolean => provenance.isFromLaunch(sample);
    const result = await this.actions.end({ roots, scope, watchId: this.watch.id, isMarked, graceMs }, atOnce);
    this.life.dispatch({ type: 'cleared', result });
  }

  /** By a pass of now, what lives of a start that is overdue; a match that is there by now is its end. */
  private async examineStart(): Promise<void> {
    const examined = this.life.state;
    await this.refresh();
    if (this.disposed || this.life.state !== examined || this.takeMatches()) return;
    const { child, record } = this.launcher;
    const living = livingOfStart(this.index, { child, record }, this.provenance());
    if (living.length === 0 && examined.phase === 'starting') this.lastFailure = examined.overdue?.failure ?? null;
    const lastWords = this.deaths.lastWords(this.watch, record?.stderrFrom ?? null);
    this.life.dispatch({ type: 'start_examined', living, lastWords });
  }

  /** Once all that lived of an overdue start has ended, it is looked up again: what that has made since may live on. */
  private followStart(): void {
    const { state } = this.life;
    if (state.phase !== 'starting' || state.overdue?.living === undefined || state.overdue.living === null) return;
    if (state.overdue.living.some((identity) => this.dependencies.table.isAlive(identity))) return;
    this.life.dispatch({ type: 'start_overdue', failure: state.overdue.failure });
  }

  /** Anew each time: accounts and the command may change. */
  private provenance(): Provenance {
    return new Provenance(this.watch, this.launcher.record, this.dependencies);
  }

  private onLaunchFailed(failure: LaunchFailure): void {
    this.lastFailure = failure;
    this.life.dispatch({ type: 'launch_failed', failure });
  }

  /** Takes in what matches and is not held yet; returns whether there was anything. */
  private takeMatches({ settled } = { settled: false }): boolean {
    const processes = this.newMatches(settled);
    if (processes.length > 0) this.life.dispatch({ type: 'found', processes });
    return processes.length > 0;
  }

  private newMatches(settled: boolean, held = this.processes): readonly LiveProcess[] {
    const { index } = this;
    const { child } = this.launcher;
    return withRoles(this.search.find({ index, held, child, settled }), held, index);
  }

  /** Processes of an earlier engine, with the roles that they had there, or have by what is seen now. */
  private inRoles(survivors: readonly LiveProcess[], memory: PersistedWatch | null): readonly LiveProcess[] {
    if (!this.search.isOn) return survivors;
    const written = memory?.processes ?? [];
    const known = survivors.map((survivor): LiveProcess => {
      const role = written.find((one) => sameIdentity(one, survivor))?.role;
      return role === undefined ? survivor : { ...survivor, role };
    });
    const mainIsGone = written.some(({ role }) => role === 'main') && !known.some(({ role }) => role === 'main');
    return mainIsGone ? known : withRoles(known, [], this.index);
  }

  private surroundingsOfEnds(): EndsSurroundings {
    const { clock, table, machine, keeperBeside } = this.dependencies;
    return {
      ...{ clock, table, machine },
      watch: () => this.watch,
      settings: () => this.settings,
      index: () => this.index,
      refresh: () => this.refresh(),
      provenance: () => this.provenance(),
      strays: () => this.strays(),
      expectsMatch: () => this.expectsMatch,
      isKept: (process) => keeperBeside(process, this) !== null,
      inBackground: (what, work) => this.inBackground(what, work),
    };
  }

  private strays(): readonly ProcessSample[] {
    return findStrays(this.index, this.provenance());
  }

  private async refresh(): Promise<void> {
    this.index = new ProcessIndex(await this.dependencies.table.scan());
  }

  private throwIfNotRunning(): void {
    const { state } = this.life;
    if (state.phase === 'failed') throw new Refusal('conflict', `${this.watch.name}: ${state.why}`);
    if (state.phase === 'backoff' && this.lastFailure !== null) {
      throw new Refusal('conflict', `${this.watch.name} could not be started: ${this.lastFailure.message}`);
    }
  }

  private inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.dependencies.report(`${what} ${this.watch.name}`, error));
  }
}
