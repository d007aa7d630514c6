import { CERTAINTY_WORDS } from '../../../shared/events/explanation';
import type { ProcessIdentity } from '../../../shared/model/process';
import type { Settings } from '../../../shared/model/settings';
import type { Watch } from '../../../shared/model/watch';
import type { ChangeBus } from '../events/change-bus';
import type { Coincidences } from '../explain/coincidences';
import { DeathExplainer, type ExplainedDeath } from '../explain/death-explainer';
import { StartHistory } from '../explain/start-history';
import type { StartFilesReader } from '../explain/start-files-reader';
import type { Death, LiveProcess } from '../heal/heal-state';
import { judgeExit } from '../heal/restart-policy';
import type { ChildExit, EnginePorts } from '../ports';
import type { GroupOomKills } from '../processes/group-oom-kills';
import type { ProcessIndex } from '../processes/process-index';
import type { Provenance } from '../processes/provenance';
import type { RememberedStarts } from '../ports';
import type { Launcher } from './launcher';
import type { OpenIncident } from './open-incident';
import { EarlyRetry } from './early-retry';
import type { Lifecycle } from './lifecycle';

export interface ExplanationsDependencies extends Pick<
  EnginePorts,
  'clock' | 'scenes' | 'machine' | 'table' | 'dataDir'
> {
  changeBus: Pick<ChangeBus, 'record'>;
  coincidences: Coincidences;
  groupOomKills: Pick<GroupOomKills, 'onEnd' | 'ofLate'>;
  startFiles: StartFilesReader;
}

export interface ExplanationsSurroundings {
  watch: () => Watch;
  settings: () => Settings;
  /** The last scan. */
  index: () => ProcessIndex;
  /** Makes a scan of now the last one. */
  refresh: () => Promise<void>;
  provenance: () => Provenance;
  /** The name of another watch that keeps a process, or null. */
  ownerOf: (process: ProcessIdentity) => string | null;
  /** What the next engine must know is another now. */
  changed: () => void;
  /** Reports what goes wrong in work that nobody waits for. */
  inBackground: (what: string, work: Promise<void>) => void;
}

/** Explains the ends of the processes of one watch that nobody asked for, and what follows from the reason for its healing. */
export class Explanations {
  private readonly starts: StartHistory;
  private readonly explainer: DeathExplainer;
  private readonly retry: EarlyRetry;
  /** The last one, and the incident that it belongs to. */
  private last: { incident: number | null; cause: string } | null = null;

  constructor(
    private readonly dependencies: ExplanationsDependencies,
    private readonly parts: { launcher: Launcher; incident: OpenIncident; life: Lifecycle },
    private readonly surroundings: ExplanationsSurroundings,
  ) {
    const { launcher, life } = parts;
    const { startFiles, dataDir } = dependencies;
    const { watch, settings, changed } = surroundings;
    this.starts = new StartHistory({
      ...dependencies,
      files: startFiles,
      launch: () => launcher.record,
      moreFiles: () => settings()['explain.files'],
      changed,
    });
    const { starts } = this;
    this.explainer = new DeathExplainer({
      ...{ ...dependencies, starts },
      watch: () => watch().name,
      start: () => launcher.record?.launch ?? null,
      folders: () => [dataDir.identity.path],
      leftoversAmong: (processes) => this.leftoversAmong(processes),
      ownerOf: surroundings.ownerOf,
    });
    this.retry = new EarlyRetry({
      ...{ ...dependencies, files: startFiles, life, settings },
      filesAtFailure: () => this.explainer.filesAtDeath ?? starts.remembered.last?.files ?? {},
    });
  }

  get remembered(): RememberedStarts {
    return this.starts.remembered;
  }

  /** The version of the program that a process runs, or has run; null: not known. */
  versionOf(process: ProcessIdentity): string | null {
    return this.starts.versionOf(process);
  }

  inherit(starts: RememberedStarts): void {
    this.starts.inherit(starts);
  }

  dispose(): void {
    this.starts.dispose();
    this.explainer.dispose();
    this.retry.dispose();
  }

  /** The processes of the watch, or its state, are others now. */
  onChanged(processes: readonly LiveProcess[]): void {
    this.starts.follow(processes[0]);
    this.retry.follow();
  }

  /** A process has ended, and what that means is found out. */
  onEnd(process: LiveProcess): void {
    this.dependencies.groupOomKills.onEnd(process);
  }

  /** A process has ended, and its end is on record. What the operator or the end of the machine asked for needs no explanation. */
  onDeath(process: LiveProcess, exit: ChildExit | null, death: Death, index: ProcessIndex): void {
    const { coincidences, groupOomKills, machine } = this.dependencies;
    const { watch, settings, inBackground } = this.surroundings;
    if (death.endedBy !== null || death.whileEngineWasDown || machine.isShuttingDown()) return;
    coincidences.noteEnd(watch().name);
    const verdict = judgeExit(watch(), exit, false);
    if (verdict.kind === 'clean' && !verdict.restart) return;
    const uptimeMs = this.dependencies.clock.monotonicMs() - process.startedAtMs;
    const seen = {
      ...{ process, exit, index, stderrTail: death.stderrTail, oomKills: death.oomKills },
      oomKillsInGroup: groupOomKills.ofLate(process),
      crashTitle: death.crash?.isNamed === true ? death.crash.title : null,
      wasGood: process.isStartUnknown !== true && uptimeMs >= settings()['start.graceMs'],
    };
    const incident = this.parts.incident.lastReported;
    inBackground(
      'explaining an end of',
      this.explainer.explain(seen).then((explained) => {
        if (explained !== null) this.concluded(process.pid, incident, explained);
      }),
    );
  }

  private concluded(pid: number, incident: number | null, explained: ExplainedDeath): void {
    const { life } = this.parts;
    this.report(pid, incident, explained);
    if (explained.obstacle !== null) life.dispatch({ type: 'obstructed', obstacle: explained.obstacle });
    else if (explained.hasLeftovers) life.dispatch({ type: 'leftovers_found' });
  }

  /** What fails for the same reason again is explained once in an incident. */
  private report(
    pid: number,
    incident: number | null,
    { reason, certainty, evidence, changedFile, cause }: ExplainedDeath,
  ): void {
    const isKnown = this.last?.incident === incident && this.last.cause === cause;
    this.last = { incident, cause };
    if (isKnown) return;
    const { name } = this.surroundings.watch();
    const isGuess = certainty === 'very_likely' || certainty === 'likely';
    const grade = isGuess ? `${CERTAINTY_WORDS[certainty]}, ` : '';
    this.dependencies.changeBus.record({
      ...{ type: 'death_explained', severity: 'info', pid, watch: name, incident },
      message: `${name} (pid ${pid}): ${grade}${reason}`,
      data: { reason, certainty, evidence, ...(changedFile === null ? {} : { changedFile }) },
    });
  }

  private async leftoversAmong(processes: readonly ProcessIdentity[]): Promise<ReadonlySet<number>> {
    if (processes.length === 0) return new Set();
    const { refresh, index, provenance } = this.surroundings;
    await refresh();
    const proof = provenance();
    const samples = processes.flatMap((process) => index().find(process) ?? []);
    return new Set(samples.filter((sample) => proof.isFromLaunch(sample)).map(({ pid }) => pid));
  }
}
