import type { Probe, ProbeStatus } from '../../../../shared/model/probe';
import type { Settings } from '../../../../shared/model/settings';
import type { MachineSample } from '../../../../shared/model/snapshot';
import type { Watch } from '../../../../shared/model/watch';
import type { HealInput, HealState } from '../../heal/heal-state';
import type { Attempt, EnginePorts, NoticeContent, ProbeAnswer } from '../../ports';
import { ProgramNotices } from '../../probes/program-notices';
import type { AttemptLog } from '../../probes/attempt-log';
import type { AttemptQueue } from '../../probes/attempt-queue';
import { outputEnds, type OutputEnds } from '../../output-ends';
import { ProgramChecks } from '../../probes/program-checks';
import { isOfProgram, remoteCheck } from '../../probes/remote-check';
import { starvation } from '../../probes/starvation';
import { ProbedRun } from './probed-run';

export interface WatchProbesDependencies extends Pick<
  EnginePorts,
  'clock' | 'random' | 'output' | 'scenes' | 'prober' | 'spawner' | 'serviceNotices'
> {
  life: { readonly state: HealState; dispatch(input: HealInput): void };
  attempts: AttemptLog;
  queue: AttemptQueue;
  machine: () => MachineSample | null;
  watch: () => Watch;
  settings: () => Settings;
}

/** Has the probes of one watch asked while its program runs, and feeds what they show to its state machine. */
export class WatchProbes {
  private run: { sinceMs: number; probes: readonly Probe[]; isStarting: boolean; probed: ProbedRun } | null = null;
  /** What the present run, or the start that is under way, has reported; null: nobody has started it. */
  private notices: ProgramNotices | null = null;
  private phase: HealState['phase'] = 'stopped';
  /** Where the output of the start that is under way begins. */
  private outputFrom: OutputEnds | null = null;

  constructor(private readonly dependencies: WatchProbesDependencies) {}

  /** How each probe stands, in the order of the watch. */
  get status(): readonly ProbeStatus[] {
    const { watch } = this.dependencies;
    return watch().probes.map((probe) => this.run?.probed.statusOf(probe) ?? idle(probe));
  }

  dispose(): void {
    this.run?.probed.dispose();
    this.run = null;
  }

  /** Whether the program has a reason to report anything, and a place for it. */
  get expectsNotices(): boolean {
    return this.dependencies.watch().probes.some(({ check }) => check.kind === 'notify');
  }

  /** How the program says that it is; null: it says nothing. */
  get programStatus(): string | null {
    return this.run === null ? null : (this.notices?.status ?? null);
  }

  /** How much longer its stop, which began at `sinceMs` (monotonic), may take from now on, as it has asked for since. */
  stopExtensionMs(sinceMs: number): number {
    return this.notices?.extensionSince(sinceMs) ?? 0;
  }

  /** The program, or a process that descends from it, has reported something. */
  onNotice(notice: NoticeContent): void {
    this.notices?.add(notice);
  }

  /** A start is about to be carried out: what the program writes and reports from now on is of that start. */
  onLaunch(): void {
    this.notices = new ProgramNotices(this.dependencies.clock, true);
    const { watch, output } = this.dependencies;
    const reads = watch().probes.some(({ check }) => check.kind === 'log' || check.kind === 'silence');
    this.outputFrom = reads ? outputEnds(output, watch()) : null;
  }

  /** The state of the watch, or the watch itself, is another now. */
  follow(): void {
    const { life, watch } = this.dependencies;
    const { state } = life;
    const isFresh = this.phase === 'starting';
    this.phase = state.phase;
    const probes = watch().probes;
    if (state.phase !== 'running' || probes.length === 0) return this.dispose();
    const same = this.run?.sinceMs === state.sinceMs ? this.run : null;
    if (same !== null && sameProbes(same.probes, probes)) return;
    // Probes that were edited begin anew; a start that they wait for goes on.
    const isStarting = same === null ? isFresh : same.isStarting && state.health.ready === 'unknown';
    this.dispose();
    const { sinceMs } = state;
    this.run = { sinceMs, probes, isStarting, probed: this.begin(probes, isStarting ? sinceMs : null) };
  }

  /** What was shown so far is forgotten. */
  startOver(): void {
    this.dispose();
    this.follow();
  }

  /** `startedAtMs` null: its start is over. */
  private begin(probes: readonly Probe[], startedAtMs: number | null): ProbedRun {
    const { clock, random, life, queue, attempts, machine, watch, settings } = this.dependencies;
    const notices = (this.notices ??= new ProgramNotices(clock, false));
    const checks = new ProgramChecks(watch(), startedAtMs === null ? null : this.outputFrom, {
      ...this.dependencies,
      notices,
    });
    return new ProbedRun(
      probes,
      startedAtMs === null ? null : { atMs: startedAtMs, readyMs: settings()['start.readyMs'] },
      {
        extensionMs: () => notices.extensionMs,
        ...{ clock, random, queue },
        ask: (probe) => this.ask(probe, checks),
        answered: (probe, attempt) => attempts.add(watch().id, probe, attempt),
        starvation: (lateMs) => starvation({ lateMs, machine: machine() }),
        dispatch: (input) => life.dispatch(input),
      },
    );
  }

  private ask(probe: Probe, checks: ProgramChecks): Attempt {
    const { prober, spawner, watch } = this.dependencies;
    const { check } = probe;
    if (isOfProgram(check)) {
      // An expression that was edited into config.json by hand may be none.
      const answer = checks.answer(probe, check).catch((error: unknown) => noAnswer(errorText(error)));
      return { answer, cancel: () => undefined };
    }
    const remote = remoteCheck(check, watch(), spawner);
    if (remote !== null) return prober.ask(remote, probe.timeoutMs);
    const words = 'there is no start command to take its user and directory from';
    return { answer: Promise.resolve(noAnswer(words)), cancel: () => undefined };
  }
}

/** It can't be asked, which says nothing about the program. */
function noAnswer(words: string): ProbeAnswer {
  return { passed: false, words, latencyMs: 0, machineFault: true };
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function idle({ name, role }: Probe): ProbeStatus {
  return { name, role, state: 'idle', attempts: [] };
}

function sameProbes(one: readonly Probe[], other: readonly Probe[]): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
