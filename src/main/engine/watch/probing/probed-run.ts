import type { Probe, ProbeRole, ProbeStatus } from '../../../../shared/model/probe';
import { Alarm } from '../../alarm';
import type { HealInput, ProbeFailure } from '../../heal/heal-state';
import type { Clock } from '../../ports';
import { ProbeLoop, type ProbeLoopDependencies } from '../../probes/probe-loop';

export interface ProbedRunDependencies extends Omit<ProbeLoopDependencies, 'counted'> {
  clock: Clock;
  /** From 0 to 1: liveness probes of many watches are not asked at the same moment. */
  random: () => number;
  /** How much more time the program has asked for. */
  extensionMs: () => number;
  dispatch: (input: HealInput) => void;
}

/** So much later it is asked again whether a program is ready that nobody could ask so far. */
const ASK_AGAIN_MS = 5000;

/**
 * The probes of one run of a program.
 *
 * ```text
 * startup probes ── all have passed ──► readiness and liveness probes
 *       │                                    │
 *       └── nothing else is asked            ├─ all of readiness pass ──► became_ready     one fails ──► readiness_lost
 *                                            └─ all of liveness pass ───► liveness_holds   one fails ──► liveness_failed
 * ```
 * What is not ready within its time is `never_ready`.
 */
export class ProbedRun {
  private loops: readonly ProbeLoop[] = [];
  private readonly started: readonly ProbeLoop[];
  private readonly deadline: Alarm;
  private isReady: boolean | null = null;
  private isLive: boolean | null = null;
  private disposed = false;

  /** `start` null: it runs for long, and has no time to keep; else when it was started (monotonic ms), and how long that may take. */
  constructor(
    private readonly probes: readonly Probe[],
    private readonly start: { atMs: number; readyMs: number } | null,
    private readonly dependencies: ProbedRunDependencies,
  ) {
    this.deadline = new Alarm(dependencies.clock);
    // What runs for long has started up.
    this.started = start === null ? [] : this.loopsOf('startup');
    const asks = (wanted: ProbeRole): boolean => probes.some(({ role }) => role === wanted);
    if (start !== null && (asks('startup') || asks('readiness'))) {
      this.deadline.set(start.readyMs - this.elapsedMs(start), () => this.onDeadline(start));
    }
    if (start === null && asks('startup') && !asks('readiness')) this.deadline.set(0, () => this.onFoundStarted());
    if (this.started.length > 0) this.begin(this.started);
    else this.goOn();
  }

  dispose(): void {
    this.disposed = true;
    this.deadline.dispose();
    for (const loop of [...this.started, ...this.loops]) loop.dispose();
  }

  statusOf({ name, role }: Probe): ProbeStatus {
    const loop = [...this.started, ...this.loops].find(({ probe }) => probe.name === name);
    if (loop === undefined) return { name, role, state: role === 'startup' ? 'done' : 'idle', attempts: [] };
    const isDone = role === 'startup' && loop.verdict === 'passing';
    return { name, role, state: isDone ? 'done' : loop.verdict, attempts: loop.attempts };
  }

  private begin(loops: readonly ProbeLoop[]): void {
    const { random } = this.dependencies;
    for (const loop of loops) loop.start(loop.probe.role === 'liveness' ? random() * loop.probe.intervalMs : 0);
  }

  /** The program has started up. */
  private goOn(): void {
    for (const loop of this.started) loop.dispose();
    this.loops = [...this.loopsOf('readiness'), ...this.loopsOf('liveness')];
    this.begin(this.loops);
    this.judgeReadiness();
  }

  private onCounted(): void {
    if (this.loops.length === 0 && this.started.length > 0) {
      if (this.started.every(({ verdict }) => verdict === 'passing')) this.goOn();
      return;
    }
    this.judgeReadiness();
    if (!this.disposed) this.judgeLiveness();
  }

  private judgeReadiness(): void {
    const { dispatch } = this.dependencies;
    const loops = this.loops.filter(({ probe }) => probe.role === 'readiness');
    const asked = loops.length > 0 ? loops : this.started;
    const failing = loops.find(({ verdict }) => verdict === 'failing');
    if (asked.length === 0) return;
    if (this.isReady !== true && asked.every(({ verdict }) => verdict === 'passing')) {
      this.isReady = true;
      this.deadline.dispose();
      const afterMs = this.start === null ? null : this.elapsedMs(this.start);
      dispatch({ type: 'became_ready', ...lastAnswer(asked), afterMs });
    } else if (failing !== undefined && this.isReady !== false && (this.isReady === true || this.start === null)) {
      this.isReady = false;
      dispatch({ type: 'readiness_lost', ...lastAnswer([failing]) });
    }
  }

  private judgeLiveness(): void {
    const { dispatch } = this.dependencies;
    const loops = this.loops.filter(({ probe }) => probe.role === 'liveness');
    const failing = loops.find(({ verdict }) => verdict === 'failing');
    if (failing !== undefined) {
      if (this.isLive === false) return;
      this.isLive = false;
      dispatch({ type: 'liveness_failed', failure: failureOf(failing) });
    } else if (loops.length > 0 && this.isLive !== true && loops.every(({ verdict }) => verdict === 'passing')) {
      this.isLive = true;
      dispatch({ type: 'liveness_holds' });
    }
  }

  private onDeadline(start: { atMs: number }): void {
    const { extensionMs, dispatch } = this.dependencies;
    const waiting = [...this.started, ...this.loops].filter(
      ({ probe, verdict }) => probe.role !== 'liveness' && verdict !== 'passing',
    );
    const isUnknown = waiting.every(({ attempts }) => attempts.at(-1)?.uncounted === true);
    // A program is not ended because nobody can ask it.
    const moreMs = isUnknown ? ASK_AGAIN_MS : extensionMs();
    if (moreMs > 0) return this.deadline.set(moreMs, () => this.onDeadline(start));
    dispatch({ type: 'never_ready', withinMs: this.elapsedMs(start), ...lastAnswer(waiting) });
  }

  /** In a turn of its own: whoever begins a run is dealing with another input. */
  private onFoundStarted(): void {
    this.isReady = true;
    this.dependencies.dispatch({ type: 'became_ready', probe: null, answer: 'started before', afterMs: null });
  }

  private elapsedMs({ atMs }: { atMs: number }): number {
    return this.dependencies.clock.monotonicMs() - atMs;
  }

  private loopsOf(role: ProbeRole): readonly ProbeLoop[] {
    const dependencies = { ...this.dependencies, counted: () => this.onCounted() };
    return this.probes.filter((probe) => probe.role === role).map((probe) => new ProbeLoop(probe, dependencies));
  }
}

/** The newest answer of these probes. */
function lastAnswer(loops: readonly ProbeLoop[]): { probe: string | null; answer: string } {
  const answers = loops.flatMap(({ probe, attempts }) => {
    const last = attempts.at(-1);
    return last === undefined ? [] : [{ probe: probe.name, answer: last.words, at: last.at }];
  });
  const [newest] = answers.sort((one, other) => other.at - one.at);
  return { probe: newest?.probe ?? loops[0]?.probe.name ?? null, answer: newest?.answer ?? 'no answer yet' };
}

function failureOf({ probe, counted }: ProbeLoop): ProbeFailure {
  const { name, role, of } = probe;
  return { probe: name, role, of, attempts: counted };
}
