import { assertNever } from '../../../shared/lib/assert-never';
import { identityKey, type ProcessIdentity, type ProcessSample } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import { processesOf } from '../heal/heal-state';
import { priorityReport, reapReport, unreadableDiskReport } from '../heal/finding-reports';
import { isFlapping } from '../heal/flapping';
import { onFinding, type Remedy } from '../heal/on-finding';
import type { Finding } from '../detect/evaluator';
import type { MetricValues } from '../detect/limit-rules';
import { EvaluatorPool, limitsDisk, type EvaluatorPoolDependencies } from './evaluator-pool';
import type { Lifecycle } from './lifecycle';
import type { OpenIncident } from './open-incident';
import type { Dispose } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import type { TreeActions } from '../kill/tree-actions';
import type { IoRates } from '../detect/tree-io';
import { toWallMs } from '../wall-time';

/** How long a parent has to reap its zombie after it was asked to. */
const REAP_WAIT_MS = 5000;

export interface FindingHandlerDependencies extends EvaluatorPoolDependencies {
  life: Lifecycle;
  incident: OpenIncident;
  actions: TreeActions;
  /** The last scan. */
  index: () => ProcessIndex;
}

/** What is found about the processes of one watch: judged at each scan, reported, and acted on unless it is only observed. */
export class FindingHandler {
  private readonly evaluators: EvaluatorPool;
  private readonly waits = new Set<Dispose>();
  /** Processes of which it was reported that what they read and write can't be seen. */
  private unreadable: ReadonlySet<string> = new Set();

  constructor(private readonly dependencies: FindingHandlerDependencies) {
    this.evaluators = new EvaluatorPool(dependencies);
  }

  /** True while another reading soon would decide something. */
  get suspicious(): boolean {
    return this.evaluators.suspicious;
  }

  /** True while a limit is violated and not enough readings show it. */
  get undecided(): boolean {
    return this.evaluators.undecided;
  }

  /** The memory of a judged process in the last scan, as its limit counts it; null when it was not judged then. */
  memoryOf(process: ProcessIdentity): number | null {
    return this.evaluators.memoryIn(this.dependencies.index(), process);
  }

  /** What a judged process reads and writes; null when no limit asks, or it can't be seen. */
  ratesOf(process: ProcessIdentity): IoRates | null {
    return this.evaluators.ratesOf(process);
  }

  /** What the limits of a judged process were compared with. */
  valuesOf(process: ProcessIdentity): MetricValues {
    return this.evaluators.valuesOf(process);
  }

  /** Forgets what a stall of the engine makes useless. */
  forgetReadings(): void {
    this.evaluators.forgetReadings();
  }

  /** Forgets every reading. */
  clear(): void {
    this.evaluators.clear();
  }

  /** Judges every running process by the last scan. */
  evaluate(watch: Watch, settings: Settings): void {
    const { life, index } = this.dependencies;
    const processes = life.state.phase === 'running' ? life.state.processes : [];
    for (const finding of this.evaluators.evaluate(processes, index(), settings)) this.answer(finding, watch, settings);
    if (limitsDisk(settings)) this.reportUnreadable(processes, watch);
    const { state } = life;
    const limit = state.phase === 'running' ? state.recovery?.limit : undefined;
    if (limit?.holds === false && this.evaluators.hold(limit.metric)) life.dispatch({ type: 'limit_holds' });
  }

  dispose(): void {
    for (const cancel of this.waits) cancel();
    this.waits.clear();
  }

  /** Reports once for each process that its disk limits can't be judged. */
  private reportUnreadable(processes: readonly ProcessIdentity[], watch: Watch): void {
    const { index, table, incident } = this.dependencies;
    const known = this.unreadable;
    const samples = processes.flatMap((process) => index().find(process) ?? []);
    const unreadable = samples.filter(
      (sample) => known.has(identityKey(sample)) || (table.isAlive(sample) && table.ioBytes(sample) === null),
    );
    this.unreadable = new Set(unreadable.map(identityKey));
    for (const sample of unreadable) {
      if (!known.has(identityKey(sample))) incident.report(watch.name, unreadableDiskReport(sample, watch), 'none');
    }
  }

  private answer(finding: Finding, watch: Watch, settings: Settings): void {
    const { clock, life, incident } = this.dependencies;
    const { draft, place, remedy } = onFinding(finding, {
      watch,
      settings,
      running: life.state.phase === 'running',
      inIncident: incident.id !== null,
      flapping: isFlapping(life.machine.ledger, clock.monotonicMs(), { flappingMs: settings['heal.flappingMs'] }),
      toWall: (atMs) => toWallMs(clock, atMs),
    });
    incident.report(watch.name, draft, place);
    this.apply(remedy, watch);
  }

  private apply(remedy: Remedy, watch: Watch): void {
    const { life } = this.dependencies;
    switch (remedy.kind) {
      case 'none':
        return;
      case 'lower_priority':
        return this.lowerPriority(remedy.reason, watch);
      case 'reap':
        return this.reap(remedy.zombie, watch, null);
      case 'reap_or_restart':
        return this.reap(remedy.zombie, watch, remedy.reason);
      case 'heal':
        return life.dispatch({ type: 'remedy', action: remedy.action, reason: remedy.reason, metric: remedy.metric });
      default:
        return assertNever(remedy);
    }
  }

  private lowerPriority(reason: string, watch: Watch): void {
    const { life, incident, actions } = this.dependencies;
    const pids = actions.lowerPriority(processesOf(life.state));
    if (pids.length > 0) incident.report(watch.name, priorityReport(reason, pids, watch), 'none');
  }

  /** Asks the parent, and reports what came of it; `because`: why the watch is restarted if that did not help, or null. */
  private reap(zombie: ProcessSample, watch: Watch, reason: string | null): void {
    const { clock, life, actions, incident, index } = this.dependencies;
    const parent = index().byPidOrNull(zombie.ppid);
    const asked = actions.reap(zombie, index());
    if (!asked && reason === null) return;
    const wait = clock.after(REAP_WAIT_MS, () => {
      this.waits.delete(wait);
      const reaped = index().find(zombie)?.state !== 'zombie';
      if (asked) incident.report(watch.name, reapReport(zombie, parent, reaped, watch), 'none');
      if (!reaped && reason !== null) life.dispatch({ type: 'remedy', action: 'restart', reason, metric: null });
    });
    this.waits.add(wait);
  }
}
