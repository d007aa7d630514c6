import { assertNever } from '../../../shared/lib/assert-never';
import type { DependencyCondition } from '../../../shared/model/dependency';
import type { Actor, IncidentReference } from '../../../shared/model/event';
import { identityKey, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import { isJob } from '../../../shared/model/schedule';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import type { InstanceStatus, MachineSample, WatchStatus, WatchUse } from '../../../shared/model/snapshot';
import { isForbidden, startCommandOf, type Watch } from '../../../shared/model/watch';
import { ForbiddenPrograms } from './forbidden-programs';
import { ExitExaminer } from './ends/exit-examiner';
import { Explanations, type ExplanationsDependencies, type ExplanationsSurroundings } from './explanations';
import { Ends, type EndsSurroundings } from './ends';
import type { Trouble } from './dependencies/attribution';
import type { AwaitedWatch, DependencyGraph } from './dependencies/dependency-graph';
import { FollowedEnds } from './ends/followed-ends';
import { FindingHandler } from './finding-handler';
import { LastWords } from './last-words';
import { isReady } from '../heal/health';
import {
  processesOf,
  startsProgram,
  takesMatches,
  isAwaitingOthers,
  type HealContext,
  type HealEffect,
  type LiveProcess,
} from '../heal/heal-state';
import type { HiddenValues } from '../events/hidden-values';
import type { KnownCrashes } from '../events/known-crashes';
import type { StartFilesReader } from '../explain/start-files-reader';
import type { EvaluatorPoolDependencies } from './evaluator-pool';
import { collectTree } from '../kill/kill-ladder';
import { Launcher } from './launcher';
import { Lifecycle } from './lifecycle';
import { MatchIntake } from './match-intake';
import { MatchSearch } from '../matching/match-search';
import { OpenIncident } from './open-incident';
import { WatchProbes } from './probing/watch-probes';
import { isToFollow, knowsRuns, mayFollow, renewedOf } from '../heal/runs';
import { healPolicyOf, probedBy } from '../heal/heal-policy';
import { afterOperatorsEnd } from '../heal/restart-policy';
import type { Dispose, EnginePorts, NoticeContent, PersistedWatch } from '../ports';
import { EMPTY_INDEX, ProcessIndex } from '../processes/process-index';
import type { Protection } from '../processes/protection';
import { Provenance } from '../processes/provenance';
import { Refusal } from '../refusal';
import { checkMayEnd, findStrays } from '../processes/strays';
import { WatchSchedule } from './schedule/watch-schedule';
import { Starter, type StarterSurroundings } from './starter';
import type { AttemptLog } from '../probes/attempt-log';
import type { AttemptQueue } from '../probes/attempt-queue';
import type { OomKills } from '../processes/oom-kills';
import type { Storm } from './storm';
import { Succession } from './ends/succession';
import { takeOver } from './take-over';
import { TreeActions, type TreeActionsDependencies } from '../kill/tree-actions';
import { toWallMs } from '../wall-time';
import { memoryOf } from './watch-memory';
import { watchStatus, watchUse } from './watch-status';

/** What all supervisors share: what their parts need of the world, and the engine around them. */
export interface SupervisorDependencies
  extends
    TreeActionsDependencies,
    Omit<ExplanationsDependencies, 'changeBus'>,
    Pick<EvaluatorPoolDependencies, 'machineLoad'>,
    Pick<
      EnginePorts,
      | 'spawner'
      | 'marks'
      | 'launchTraces'
      | 'endNotices'
      | 'output'
      | 'lastWords'
      | 'machine'
      | 'prober'
      | 'serviceNotices'
      | 'report'
      | 'state'
      | 'random'
    > {
  /** Of all probes. */
  attempts: AttemptLog;
  probeQueue: AttemptQueue;
  /** The last reading of the machine. */
  machineReading: () => MachineSample | null;
  /** What of a watch is shown to nobody. */
  hidden: Pick<HiddenValues, 'watch' | 'settings'>;
  /** What was set for all watches. */
  overrides: () => Partial<Settings>;
  storm: Pick<Storm, 'holds' | 'onRestart' | 'onRefund'>;
  oomKills: Pick<OomKills, 'ofLate'>;
  knownCrashes: Pick<KnownCrashes, 'counted' | 'explained'>;
  /** Reads the files that a change of restarts a program. */
  changeFiles: StartFilesReader;
  /** The watch's status or memory changed. */
  changed: (supervisor: Supervisor) => void;
  /** The name of another watch that keeps this process, or null: two that heal one process would heal it twice. */
  ownerBeside: (identity: ProcessIdentity, supervisor: Supervisor) => string | null;
  /** Of what it is an instance; undefined: the watch is kept once. */
  instanceOf: (supervisor: Supervisor) => InstanceStatus | undefined;
  /** Which watch waits for which. */
  graph: Pick<DependencyGraph<AwaitedWatch>, 'blockersOf' | 'followedBy'>;
  /** An incident of this watch has opened, or goes on that was closed. */
  incidentOpened: (supervisor: Supervisor) => void;
  /** This watch, which has no incident, is not ready any more. */
  readinessLost: (supervisor: Supervisor) => void;
  /** It is restarted with these watches, by their ids: returns the incident that this began with, or null. */
  restartedWith: (supervisor: Supervisor, watches: readonly string[]) => IncidentReference | null;
  /** Asks for a scan soon: something is expected to appear. */
  scanSoon: () => void;
}

/**
 * Supervises one watch: gathers what happened, feeds it to its state machine, and carries out the effects. The details of each step are known
 * by a part of its own; here stands their order.
 */
export class Supervisor {
  private readonly life: Lifecycle;
  private readonly incident: OpenIncident;
  private readonly search: MatchSearch;
  private readonly intake: MatchIntake;
  private readonly launcher: Launcher;
  private readonly exits: ExitExaminer;
  private readonly succession: Succession;
  private readonly followed: FollowedEnds;
  private readonly ends: Ends;
  private readonly explanations: Explanations;
  private readonly starter: Starter;
  private readonly forbidden: ForbiddenPrograms;
  private readonly actions: TreeActions;
  private readonly findings: FindingHandler;
  private readonly probes: WatchProbes;
  private readonly lastWords: LastWords;
  private readonly schedule: WatchSchedule;
  /** The settings in force: those for all, and the watch's own over them. */
  private settings: Settings;
  /** The last scan, for status and for what a dead process may have left. */
  private index: ProcessIndex = EMPTY_INDEX;
  /** The incident for which it was restarted with others, or is to be. */
  private cause: { ofRun: IncidentReference | null; ofNext: IncidentReference | null } = { ofRun: null, ofNext: null };
  /** One draw for each start: the delay that is reported is the one that is kept. */
  private draw: number;
  private disposed = false;

  constructor(
    private watchInForce: Watch,
    private readonly dependencies: SupervisorDependencies,
    /** The id of the watch as it is kept: of its instances only the first one has the same. */
    readonly keptId = watchInForce.id,
  ) {
    this.settings = resolveSettings(dependencies.overrides(), watchInForce.overrides);
    this.draw = dependencies.random();
    this.life = new Lifecycle({
      clock: dependencies.clock,
      context: () => this.context(),
      perform: (effect) => this.perform(effect),
      healed: (previousAtMs) => dependencies.storm.onRestart({ watch: this.watch.name, previousAtMs }),
      refunded: (atMs) => dependencies.storm.onRefund({ watch: this.watch.name, atMs }),
      changed: () => {
        this.followed.follow(this.processes);
        this.explanations.onChanged(this.processes);
        this.probes.follow();
        this.schedule.follow();
        dependencies.changed(this);
      },
    });
    this.incident = new OpenIncident({ ...dependencies, opened: () => dependencies.incidentOpened(this) });
    this.search = new MatchSearch(watchInForce.target, dependencies, (identity) =>
      dependencies.ownerBeside(identity, this),
    );
    this.launcher = new Launcher(dependencies);
    this.exits = new ExitExaminer(dependencies);
    this.succession = new Succession(dependencies);
    this.actions = new TreeActions({ ...dependencies, protect: (index) => this.protection(index) }, () => ({
      watch: this.watch.name,
      incident: this.incident.id,
    }));
    this.followed = new FollowedEnds(dependencies.endNotices, (identity, exit) => this.ends.ofFollowed(identity, exit));
    const { life, search, launcher, exits, succession, followed, incident, actions } = this;
    const surroundings = this.surroundings();
    this.explanations = new Explanations(dependencies, { launcher, incident, life }, surroundings);
    const { explanations } = this;
    this.ends = new Ends({ life, search, launcher, exits, succession, followed, explanations }, surroundings);
    this.intake = new MatchIntake({ life, search, launcher }, surroundings.index);
    const { ends, intake } = this;
    this.starter = new Starter({ life, search, intake, launcher, exits, ends, explanations }, surroundings);
    this.forbidden = new ForbiddenPrograms({
      ...dependencies,
      ...{ life, incident },
      watch: surroundings.watch,
      ownerOf: (identity) => dependencies.ownerBeside(identity, this),
    });
    this.findings = new FindingHandler({ ...dependencies, life, incident, actions, index: () => this.index });
    this.probes = new WatchProbes({
      ...{ ...dependencies, life },
      queue: dependencies.probeQueue,
      machine: dependencies.machineReading,
      watch: surroundings.watch,
      settings: surroundings.settings,
    });
    this.lastWords = new LastWords({
      ...dependencies,
      ...surroundings,
      life,
      incident,
      actions,
      use: () => this.use(),
    });
    this.schedule = new WatchSchedule({
      ...dependencies,
      ...surroundings,
      life,
      incident,
      start: (actor) => this.start(actor),
      restart: (actor) => this.restart(actor),
    });
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

  /** True while it has a process whose end nobody reports. */
  get mustPoll(): boolean {
    return !this.followed.isComplete;
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
    this.probes.dispose();
    this.lastWords.dispose();
    this.schedule.dispose();
    this.exits.dispose();
    this.succession.dispose();
    this.followed.dispose();
    this.ends.dispose();
    this.explanations.dispose();
    this.starter.dispose();
  }

  // ---- what the operator asks for ----

  /** Resolves once it runs; rejects with a `Refusal` that gives the reason. */
  async start(actor: Actor): Promise<void> {
    if (this.life.state.phase === 'running') return;
    this.cause.ofNext = null;
    this.starter.startOver();
    await this.refresh();
    if (this.disposed) return;
    // What is suspended goes on; what else matches joins it at the next scan.
    if (this.life.state.phase !== 'suspended' && this.intake.take()) return;
    const strays = startsProgram(this.life.state.phase) ? this.strays() : [];
    checkMayEnd(strays, this.watch, this.settings.observe);
    this.life.dispatch({ type: 'start', actor, strays: strays.length > 0 });
    this.forbidden.look(this.index);
    if (startCommandOf(this.watch.target) === null) return;
    await this.life.settled();
    this.starter.throwIfNotRunning();
  }

  /** Resolves once nothing of its tree lives; rejects with a `Refusal` when something can't be ended. */
  async stop(actor: Actor): Promise<void> {
    if (this.isDown) {
      await this.refresh();
      if (this.disposed || (this.isDown && this.strays().length === 0)) return;
    }
    this.cause.ofNext = null;
    await this.ends.reportBefore(() => this.life.dispatch({ type: 'stop', actor }));
    await this.life.settled();
    const { state } = this.life;
    if (state.phase === 'failed') throw new Refusal('conflict', `${this.watch.name}: ${state.reason}`);
  }

  /** Whether a stop changes nothing. It pauses the schedule of a job that waits for its next run. */
  private get isDown(): boolean {
    const { state } = this.life;
    return state.phase === 'stopped' && (!isJob(this.watch) || state.reason === 'operator');
  }

  async restart(actor: Actor): Promise<void> {
    if (isForbidden(this.watch)) {
      throw new Refusal('invalid', `${this.watch.name} must not run, so there is nothing to restart`);
    }
    if (startCommandOf(this.watch.target) === null) {
      throw new Refusal(
        'invalid',
        `${this.watch.name} has no start command, so it can be stopped but not restarted; expected one, as in: healdeck edit "${this.watch.name}" --start -- CMD ARG…`,
      );
    }
    this.starter.startOver();
    await this.ends.reportBefore(() => this.life.dispatch({ type: 'restart', actor }));
    await this.life.settled();
    this.starter.throwIfNotRunning();
  }

  /** Puts an edited watch in force: the next start uses it, what runs goes on. */
  edit(watch: Watch): void {
    const retarget = JSON.stringify(watch.target) !== JSON.stringify(this.watch.target);
    if (retarget) this.search.retarget(watch.target);
    this.watchInForce = watch;
    if (retarget) this.forbidden.retarget();
    this.settingsChanged();
    this.onDependenciesChanged();
    this.probes.follow();
    this.schedule.onEdited();
    this.dependencies.changed(this);
    if (retarget && (this.search.isOn || isForbidden(watch))) this.dependencies.scanSoon();
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
      throw new Refusal('conflict', `${this.watch.name} is not in cooldown; there is nothing to extend`);
    }
    this.life.dispatch({ type: 'extend_cooldown', actor, byMs });
  }

  /**
   * The operator is about to end these processes, and not the watch: their deaths are no crashes. Those that live on when the
   * returned function is called are expected to end no more.
   */
  expectEnd(processes: readonly ProcessIdentity[], actor: Actor): Dispose {
    return this.exits.expect(processes, actor);
  }

  /**
   * What ends by one scan when the watch is stopped or restarted: by the rule of the ladder, so that a preview lists what
   * is ended. Expensive: it reads environments.
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

  // ---- what the engine notifies it of ----

  /** The settings for all, or the watch's own, are others now. What was judged by the old ones is forgotten. */
  settingsChanged(): void {
    const settings = resolveSettings(this.dependencies.overrides(), this.watch.overrides);
    if (JSON.stringify(settings) === JSON.stringify(this.settings)) return;
    const actsAgain = this.settings.observe && !settings.observe;
    this.settings = settings;
    this.findings.clear();
    this.life.rearm();
    if (!actsAgain) return;
    this.life.dispatch({ type: 'observe_over' });
    this.probes.startOver();
  }

  /** Nothing was monitored for a while: earlier readings no longer apply, and none at all after a jump of the wall clock. */
  onGap({ clockJumped }: { clockJumped: boolean }): void {
    if (clockJumped) this.findings.clear();
    else this.findings.forgetReadings();
    this.schedule.follow();
  }

  /** Whether it runs, or anything is about to be started or ended. */
  get runs(): boolean {
    return !this.needsStart;
  }

  /** Whether only a start brings it up: the operator, or nobody yet, has it down, or it has failed. */
  get needsStart(): boolean {
    const { phase } = this.life.state;
    return phase === 'stopped' || phase === 'failed';
  }

  /** Whether a start that waits for this watch may take place. */
  meets(condition: DependencyCondition): boolean {
    const { state } = this.life;
    switch (condition) {
      case 'started':
        return state.phase === 'running' && this.isLiving;
      case 'ready':
        return state.phase === 'running' && isReady(state, { probed: probedBy(this.watch.probes) }) && this.isLiving;
      case 'completed':
        return state.phase === 'stopped' && state.reason === 'clean_exit';
      default:
        return assertNever(condition);
    }
  }

  /**
   * Whether its program lives at this moment. What ends together is reported one after the other, so its end may not be known yet; once
   * it is, what waits for this watch is judged again.
   */
  private get isLiving(): boolean {
    return this.processes.some((process) => process.role !== 'worker' && this.dependencies.table.isAlive(process));
  }

  /** Its run (`heal/runs.ts`), or null. */
  get run(): string | null {
    const { state, ledger } = this.life.machine;
    return state.phase === 'running' || state.phase === 'suspended' ? (ledger.run ?? null) : null;
  }

  /** Its newest incident, or null. */
  get trouble(): Trouble | null {
    const { newest, id } = this.incident;
    if (newest === null) return null;
    return { ...newest, isOpen: newest.incident === id || this.life.state.phase === 'failed' };
  }

  /** The incident for which its program was restarted with others, or null. */
  get runCause(): IncidentReference | null {
    return this.cause.ofRun;
  }

  /** Its newest incident was led to by another. */
  attribute(cause: IncidentReference): void {
    this.incident.attribute(cause);
  }

  /** Whether it is about to be restarted with what it follows. */
  get isToFollow(): boolean {
    return this.follows && isToFollow(this.life.machine, this.context());
  }

  private get follows(): boolean {
    return this.watch.after.some(({ restart }) => restart);
  }

  /** Another watch is another now: a start that waits for it may take place, or a restart with it be due. */
  onDependenciesChanged(): void {
    const { life } = this;
    if (this.isBlocked) {
      // As long as it has to wait nothing about it changes: of watches that wait for each other, each would wake the other for ever.
      if (this.dependencies.graph.blockersOf(this.watch).length === 0) life.dispatch({ type: 'dependencies_changed' });
      return;
    }
    if (life.state.phase !== 'running' || (!this.follows && life.machine.ledger.ranWith === undefined)) return;
    const context = this.context();
    const isDue = renewedOf(life.machine, context).length > 0 && mayFollow(life.machine, context);
    if (!isDue && knowsRuns(life.machine, context)) return;
    // What has ended unseen is healed instead, and begins with all that is there by then.
    if (this.processes.some((process) => !this.dependencies.table.isAlive(process))) return;
    life.dispatch({ type: 'dependencies_changed' });
  }

  /** Whether its start waits for other watches. */
  get isBlocked(): boolean {
    return this.life.state.phase === 'blocked';
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

  /** Whether what its program reports over sd_notify(3) is of interest. */
  get expectsNotices(): boolean {
    return this.probes.expectsNotices;
  }

  /** One of its processes, or what descends from one, has reported something. */
  onNotice(notice: NoticeContent): void {
    this.probes.onNotice(notice);
  }

  /** Takes over what a previous engine left, or starts it as the watch requires. */
  boot(memory: PersistedWatch | null, sameBoot: boolean, index: ProcessIndex): void {
    this.index = index;
    const { life, incident, launcher, intake, ends, dependencies } = this;
    if (memory?.starts !== undefined) this.explanations.inherit(memory.starts);
    if (memory !== null) this.schedule.inherit(memory);
    takeOver(
      { memory, sameBoot, index },
      { life, incident, launcher, intake, ends },
      {
        ...dependencies,
        watch: this.watch,
        provenance: () => this.provenance(),
        strays: () => this.strays(),
      },
    );
    this.forbidden.look(index);
    this.schedule.resume();
  }

  /** Takes over nothing and starts nothing: another engine owns it. */
  leaveAlone(reason: string, index: ProcessIndex): void {
    this.index = index;
    this.life.dispatch({ type: 'taken_over', takeover: { kind: 'leave_alone', reason }, replaced: null });
  }

  /** A new scan over all processes. */
  observe(index: ProcessIndex): void {
    this.index = index;
    this.ends.noticeGone((process) => {
      const sample = index.find(process);
      return sample === null
        ? this.dependencies.table.isAlive(process)
        : sample.state !== 'zombie' && sample.state !== 'dead';
    });
    const { state } = this.life;
    // What is expected to come up is taken as young as it is.
    const settled = state.phase !== 'starting' && !isAwaitingOthers(state);
    if (takesMatches(state.phase)) this.intake.take({ settled });
    this.forbidden.look(index);
    this.starter.follow();
    // What was renewed while it could not be restarted: it was starting, suspended, or held.
    this.onDependenciesChanged();
    this.findings.evaluate(this.watch, this.settings);
  }

  /** A scan between two ticks: what it has is shown, and nothing is judged by it. */
  show(index: ProcessIndex): void {
    this.index = index;
  }

  /** The cheap check between ticks, of processes whose end nobody reports. */
  pollLiveness(): void {
    this.ends.noticeGone((process) => this.dependencies.table.isAlive(process));
  }

  /** What the next engine must know. */
  memory(): PersistedWatch {
    const { life, incident, launcher, dependencies } = this;
    const { id, lastId, newest, problem } = incident;
    const { record: launch, lastMark, executedMark } = launcher;
    const starts = this.explanations.remembered;
    const schedule = this.schedule.memory;
    const cause = newest?.cause ?? undefined;
    const { sinceMs } = life;
    const ofIncident = { incident: id, cause, lastIncident: lastId, problem };
    const remembered = { ...ofIncident, sinceMs, launch, lastMark, executedMark, starts, schedule };
    return memoryOf(life.machine, remembered, dependencies.clock);
  }

  /** Remembers what it used in the last scan. */
  keepReading(use: WatchUse): void {
    this.lastWords.keep(use);
  }

  /** What its limits count, in the last scan. */
  use(): WatchUse {
    return watchUse(this.processes, this.index, this.settings['limits.scope'], this.findings);
  }

  status(): WatchStatus {
    const { clock, hidden } = this.dependencies;
    const status = watchStatus({
      watch: this.watch,
      machine: this.life.machine,
      sinceMs: this.life.sinceMs,
      index: this.index,
      settings: this.settings,
      incident: this.incident.id,
      cause: this.incident.problem,
      nextRun: this.schedule.nextRun,
      matchProblem: this.search.problem ?? this.forbidden.problem,
      measured: this.findings,
      probes: this.probes.status,
      programStatus: this.probes.programStatus,
      blockers: this.dependencies.graph.blockersOf(this.watch),
      nowMs: clock.monotonicMs(),
      toWall: (atMs) => toWallMs(clock, atMs),
    });
    const instance = this.dependencies.instanceOf(this);
    return {
      ...status,
      ...(instance !== undefined && { instance: { ...instance, of: hidden.watch(instance.of) } }),
      watch: hidden.watch(status.watch),
      settings: hidden.settings(status.settings),
    };
  }

  // ---- the machine ----

  private context(): HealContext {
    const { clock, machine, storm } = this.dependencies;
    return {
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      watch: this.watch,
      policy: healPolicyOf(this.watch, this.settings, this.draw),
      shuttingDown: machine.isShuttingDown(),
      blockers: this.dependencies.graph.blockersOf(this.watch),
      followed: this.dependencies.graph.followedBy(this.watch),
      healingPaused: storm.holds(this.life.machine.ledger.lastRestartAtMs),
    };
  }

  private perform(effect: HealEffect): void {
    switch (effect.type) {
      case 'emit': {
        const { incident, lastWords, dependencies } = this;
        incident.report(this.watch.name, dependencies.knownCrashes.counted(effect.draft), effect.recovery);
        if (effect.draft.type === 'readiness_lost' && effect.recovery === 'none') dependencies.readinessLost(this);
        return lastWords.ofCrash(effect.draft, incident.lastReported);
      }
      case 'launch':
        this.cause = { ofRun: this.cause.ofNext, ofNext: null };
        this.draw = this.dependencies.random();
        this.probes.onLaunch();
        this.inBackground('starting', this.starter.launch());
        return;
      case 'examine_start':
        this.inBackground('examining the start of', this.starter.examineExit());
        return;
      case 'clear':
        this.inBackground('ending', this.end(effect));
        return;
      case 'signal':
        return this.actions.signalTrees(effect.processes, effect.signal, this.index);
      case 'follow':
        this.cause.ofNext = this.dependencies.restartedWith(this, effect.watches);
        return;
      default:
        return assertNever(effect);
    }
  }

  private async end({ roots, scope, atOnce }: HealEffect & { type: 'clear' }): Promise<void> {
    // Of a tree that outruns signals there is no time to learn more.
    const asked = atOnce || isForbidden(this.watch) ? null : await this.lastWords.beforeEnd();
    if (this.disposed) return;
    const graceMs = this.settings['stop.graceMs'];
    const beganMs = this.dependencies.clock.monotonicMs();
    const extensionMs = (): number => this.probes.stopExtensionMs(beganMs);
    const provenance = this.provenance();
    const isMarked = (sample: ProcessSample): boolean => provenance.isFromLaunch(sample);
    const request = { roots, scope, watchId: this.watch.id, isMarked, graceMs, extensionMs };
    const result = await this.actions.end(request, atOnce);
    const pids = asked === null ? result.pids : [...new Set([asked.pid, ...result.pids])];
    this.life.dispatch({ type: 'cleared', result: { ...result, pids } });
    // What has come up meanwhile, or comes back at once, is found soon.
    if (isForbidden(this.watch)) this.dependencies.scanSoon();
  }

  /** What of a tree is never signalled. What another watch keeps is not ended because something that must not run has started it. */
  private protection(index: ProcessIndex): Pick<Protection, 'reasonFor'> {
    const protection = this.dependencies.protect(index);
    if (!isForbidden(this.watch)) return protection;
    const ownerReason = (sample: ProcessSample): string | null => {
      const owner = this.dependencies.ownerBeside(sample, this);
      return owner === null ? null : `it belongs to the watch "${owner}"`;
    };
    return { reasonFor: (sample) => protection.reasonFor(sample) ?? ownerReason(sample) };
  }

  /** Made for each use: accounts and the command may change. */
  private provenance(): Provenance {
    return new Provenance(this.watch, this.launcher.record, this.dependencies);
  }

  private surroundings(): EndsSurroundings & StarterSurroundings & ExplanationsSurroundings {
    const { clock, table, machine, state, launchTraces, ownerBeside, scanSoon } = this.dependencies;
    return {
      ...{ clock, table, machine, state, launchTraces, scanSoon },
      watch: () => this.watch,
      settings: () => this.settings,
      index: () => this.index,
      refresh: () => this.refresh(),
      provenance: () => this.provenance(),
      strays: () => this.strays(),
      changed: () => this.dependencies.changed(this),
      expectsMatch: () => this.expectsMatch,
      isKept: (process) => ownerBeside(process, this) !== null,
      ownerOf: (process) => ownerBeside(process, this),
      inBackground: (what, work) => this.inBackground(what, work),
    };
  }

  private strays(): readonly ProcessSample[] {
    return findStrays(this.index, this.provenance());
  }

  private async refresh(): Promise<void> {
    this.index = new ProcessIndex(await this.dependencies.table.scan());
  }

  private inBackground(what: string, work: Promise<void>): void {
    work.catch((error: unknown) => this.dependencies.report(`${what} ${this.watch.name}`, error));
  }
}
