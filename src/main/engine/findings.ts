import { assertNever } from '../../shared/lib/assert-never';
import type { ProcessSample } from '../../shared/model/process';
import type { Settings } from '../../shared/model/settings';
import type { Watch } from '../../shared/model/watch';
import { Alarm } from './alarm';
import { processesOf } from './heal-state';
import { priorityReport } from './heal/finding-reports';
import { onFinding, type Remedy } from './heal/on-finding';
import type { Finding } from './judge';
import { Judges, type JudgesDependencies } from './judges';
import type { Lifecycle } from './lifecycle';
import type { OpenIncident } from './open-incident';
import type { ProcessIndex } from './process-index';
import type { TreeActions } from './tree-actions';
import { toWallMs } from './wall-time';

/** How long a parent has to reap its zombie after it was asked to. */
const REAP_WAIT_MS = 5000;

export interface FindingsDependencies extends JudgesDependencies {
  life: Lifecycle;
  incident: OpenIncident;
  actions: TreeActions;
  /** The last pass. */
  index: () => ProcessIndex;
}

/** What is found about the processes of one watch: judged at each pass, told, and acted on unless it is only observed. */
export class Findings {
  private readonly judges: Judges;
  private readonly reaping: Alarm;

  constructor(private readonly dependencies: FindingsDependencies) {
    this.judges = new Judges(dependencies);
    this.reaping = new Alarm(dependencies.clock);
  }

  /** True while another reading soon would decide something. */
  get suspicious(): boolean {
    return this.judges.suspicious;
  }

  /** Forgets every reading. */
  clear(): void {
    this.judges.clear();
  }

  /** Judges every running process by the last pass. */
  judge(watch: Watch, settings: Settings): void {
    const { life, index } = this.dependencies;
    const processes = life.state.phase === 'running' ? life.state.processes : [];
    for (const finding of this.judges.judge(processes, index(), settings)) this.answer(finding, watch, settings);
  }

  dispose(): void {
    this.reaping.dispose();
  }

  private answer(finding: Finding, watch: Watch, settings: Settings): void {
    const { clock, life, incident } = this.dependencies;
    const { draft, place, remedy } = onFinding(finding, {
      watch,
      settings,
      running: life.state.phase === 'running',
      inIncident: incident.id !== null,
      toWall: (atMs) => toWallMs(clock, atMs),
    });
    incident.tell(watch.name, draft, place);
    this.apply(remedy, watch);
  }

  private apply(remedy: Remedy, watch: Watch): void {
    const { life, actions, index } = this.dependencies;
    switch (remedy.kind) {
      case 'none':
        return;
      case 'lower_priority':
        return this.lowerPriority(remedy.because, watch);
      case 'reap':
        return actions.reap(remedy.zombie, index());
      case 'reap_or_restart':
        return this.reapOrRestart(remedy.zombie, remedy.because);
      case 'heal':
        return life.dispatch({ type: 'remedy', action: remedy.action, because: remedy.because });
      default:
        return assertNever(remedy);
    }
  }

  private lowerPriority(because: string, watch: Watch): void {
    const { life, incident, actions } = this.dependencies;
    const pids = actions.lowerPriority(processesOf(life.state));
    if (pids.length > 0) incident.tell(watch.name, priorityReport(because, pids, watch), 'none');
  }

  private reapOrRestart(zombie: ProcessSample, because: string): void {
    const { life, actions, index } = this.dependencies;
    actions.reap(zombie, index());
    this.reaping.set(REAP_WAIT_MS, () => {
      const stillThere = index().find(zombie)?.state === 'zombie';
      if (stillThere) life.dispatch({ type: 'remedy', action: 'restart', because });
    });
  }
}
