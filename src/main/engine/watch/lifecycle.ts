import { Alarm } from '../alarm';
import {
  initialMachine,
  type HealContext,
  type HealEffect,
  type HealInput,
  type HealMachine,
  type HealState,
  type RestartLedger,
} from '../heal/heal-state';
import { nextDueMs, transition } from '../heal/transition';
import type { Clock } from '../ports';

export interface LifecycleDependencies {
  clock: Clock;
  /** What the next input is judged by. */
  context: () => HealContext;
  /** Does what the machine wants done. What comes of it is another input, in a later turn. */
  perform: (effect: HealEffect) => void;
  /** An automatic restart was asked for; when the one before it was, in monotonic ms. */
  healed: (previousAtMs: number | null) => void;
  /** The machine refused the one that was asked for at this moment (monotonic ms): it does not count. */
  refunded: (atMs: number) => void;
  /** An input has been dealt with. */
  changed: () => void;
}

/** The life of one watch as it goes on: feeds inputs to the pure machine, has its effects done, and keeps its appointments. */
export class Lifecycle {
  private now: HealMachine;
  private readonly due: Alarm;
  /** The phase that goes on since an earlier engine; `takenOverMs`: when this one took it over. */
  private inherited: { phase: HealState['phase']; takenOverMs: number; sinceMs: number } | null = null;
  private waiters: (() => void)[] = [];
  private disposed = false;

  constructor(private readonly dependencies: LifecycleDependencies) {
    this.now = initialMachine(dependencies.clock.monotonicMs());
    this.due = new Alarm(dependencies.clock);
  }

  get machine(): HealMachine {
    return this.now;
  }

  get state(): HealState {
    return this.now.state;
  }

  /** Goes on counting where an earlier engine left off. */
  inherit(ledger: RestartLedger): void {
    this.now = { ...this.now, ledger };
  }

  /** Since when it is in its phase, in monotonic ms: also where an earlier engine has seen it begin. */
  get sinceMs(): number {
    const { state, inherited } = this;
    const goesOn = inherited?.phase === state.phase && inherited.takenOverMs === state.sinceMs;
    return goesOn ? inherited.sinceMs : state.sinceMs;
  }

  /** The phase that it was taken over in goes on, if that is the one it was left in. */
  continueSince({ phase, atMs }: { phase: string; atMs: number }): void {
    const { state } = this;
    if (phase !== state.phase || atMs > state.sinceMs) return;
    this.inherited = { phase: state.phase, takenOverMs: state.sinceMs, sinceMs: atMs };
  }

  dispatch(input: HealInput): void {
    if (this.disposed) return;
    const { context, perform, healed, refunded, changed } = this.dependencies;
    const before = this.now;
    const { effects, ...next } = transition(before, input, context());
    this.now = next;
    if (next.ledger.restarts > before.ledger.restarts) healed(before.ledger.lastRestartAtMs);
    if (next.ledger.restarts < before.ledger.restarts) refunded(before.ledger.lastRestartAtMs ?? 0);
    // The replacement first: writing events down is no part of the time in which a program is missing. What a launch leads
    // to is dispatched in a later turn, so the events keep their order.
    for (const effect of effects) if (effect.type === 'launch') perform(effect);
    for (const effect of effects) if (effect.type !== 'launch') perform(effect);
    this.rearm();
    changed();
    if (!isUnderWay(next.state)) this.settle();
  }

  /** The next appointment may be another now: so it is after each input, and when the policy has changed. */
  rearm(): void {
    if (this.disposed) return;
    const { nowMs, policy } = this.dependencies.context();
    const dueMs = nextDueMs(this.now, policy);
    if (dueMs === null) this.due.dispose();
    else this.due.set(dueMs - nowMs, () => this.dispatch({ type: 'due' }));
  }

  /** Resolves once no start and no end is under way, at once when there is none. */
  settled(): Promise<void> {
    if (!isUnderWay(this.state)) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /** Nothing is dealt with from now on. */
  dispose(): void {
    this.disposed = true;
    this.due.dispose();
    this.settle();
  }

  private settle(): void {
    const { waiters } = this;
    this.waiters = [];
    for (const resolve of waiters) resolve();
  }
}

function isUnderWay(state: HealState): boolean {
  // What is still starting after its time may never come to an end: nobody waits for it.
  if (state.phase === 'starting') return (state.overdue?.living ?? null) === null;
  return state.phase === 'stopping';
}
