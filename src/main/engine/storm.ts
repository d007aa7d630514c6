import type { Actor, EventDraft } from '../../shared/model/event';
import type { Settings } from '../../shared/model/settings';
import { healingPaused, healingResumed } from './engine-reports';
import { countHeal, RELEASED_BRAKE, uncountHeal, type StormBrake } from './policy/storm-brake';
import type { Clock, Dispose } from './ports';
import { toWallMs } from './wall-time';

export interface StormDependencies {
  clock: Clock;
  settings: () => Settings;
  emit: (draft: EventDraft) => void;
  /** The brake is on or off now. */
  changed: () => void;
  /** Those that were held may go on. */
  over: () => void;
}

/** Pauses all healing when there are too many automatic restarts over all watches; goes on by itself, or when told to. */
export class Storm {
  private brake: StormBrake = RELEASED_BRAKE;
  private cancel: Dispose | null = null;

  constructor(private readonly dependencies: StormDependencies) {}

  /** Monotonic ms; null while the brake is off. */
  get pausedUntilMs(): number | null {
    return this.brake.pausedUntilMs;
  }

  /** The same in wall time. */
  get pausedUntilAt(): number | null {
    const { pausedUntilMs } = this.brake;
    return pausedUntilMs === null ? null : toWallMs(this.dependencies.clock, pausedUntilMs);
  }

  /** An automatic restart was asked for. */
  onRestart(): void {
    const { clock, settings, emit, changed } = this.dependencies;
    const { 'storm.restarts': restarts, 'storm.pauseMs': pauseMs } = settings();
    this.brake = countHeal(this.brake, clock.monotonicMs(), { restarts, pauseMs });
    const untilAt = this.pausedUntilAt;
    if (untilAt === null || this.cancel !== null) return;
    emit(healingPaused(restarts, untilAt));
    this.cancel = clock.after(pauseMs, () => this.release('engine'));
    changed();
  }

  /** The automatic restart that was asked for last could not be carried out by the machine. */
  onRefund(): void {
    this.brake = uncountHeal(this.brake);
  }

  /** Healing goes on. */
  release(actor: Actor): void {
    const wasPaused = this.brake.pausedUntilMs !== null;
    this.dispose();
    this.brake = RELEASED_BRAKE;
    if (!wasPaused) return;
    this.dependencies.emit(healingResumed(actor));
    this.dependencies.over();
    this.dependencies.changed();
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
