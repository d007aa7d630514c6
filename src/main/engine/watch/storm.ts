import type { Actor } from '../../../shared/model/event';
import type { Settings } from '../../../shared/model/settings';
import type { ChangeBus } from '../events/change-bus';
import { healingPaused, healingResumed } from '../events/engine-reports';
import {
  countHeal,
  holds,
  releasedBrake,
  uncountHeal,
  type CountedHeal,
  type RefusedHeal,
  type StormBrake,
} from '../heal/storm-brake';
import type { Clock, Dispose } from '../ports';
import { toWallMs } from '../wall-time';

export interface StormDependencies {
  clock: Clock;
  settings: () => Settings;
  changeBus: Pick<ChangeBus, 'record'>;
  /** The brake is on or off now. */
  changed: () => void;
  /** Those that were held may go on. */
  over: () => void;
}

/** Holds watches that keep ending when there are too many restarts over all watches; releases them by itself, or on request. */
export class Storm {
  private brake: StormBrake;
  private cancel: Dispose | null = null;

  constructor(private readonly dependencies: StormDependencies) {
    this.brake = releasedBrake(-Infinity);
  }

  /** Monotonic ms; null while the brake is off. */
  get pausedUntilMs(): number | null {
    return this.brake.pause?.untilMs ?? null;
  }

  /** Whether a watch is not to be restarted now, by when it was last; others are healed as ever. */
  holds(lastRestartAtMs: number | null): boolean {
    return holds(this.brake, lastRestartAtMs);
  }

  /** The same in wall time. */
  get pausedUntilAt(): number | null {
    const { pausedUntilMs } = this;
    return pausedUntilMs === null ? null : toWallMs(this.dependencies.clock, pausedUntilMs);
  }

  /** An automatic restart was asked for. */
  onRestart(heal: CountedHeal): void {
    const { clock, settings, changeBus, changed } = this.dependencies;
    const { 'storm.restarts': restarts, 'storm.pauseMs': pauseMs } = settings();
    this.brake = countHeal(this.brake, clock.monotonicMs(), heal, { restarts, pauseMs });
    const untilAt = this.pausedUntilAt;
    if (untilAt === null || this.cancel !== null) return;
    changeBus.record(healingPaused(restarts, untilAt, this.brake.pause?.watches ?? []));
    this.cancel = clock.after(pauseMs, () => this.release('engine'));
    changed();
  }

  /** The automatic restart that was asked for last could not be carried out by the machine. */
  onRefund(heal: RefusedHeal): void {
    this.brake = uncountHeal(this.brake, heal);
  }

  /** Healing goes on. */
  release(actor: Actor): void {
    const wasPaused = this.brake.pause !== null;
    this.dispose();
    this.brake = releasedBrake(this.dependencies.clock.monotonicMs());
    if (!wasPaused) return;
    this.dependencies.changeBus.record(healingResumed(actor));
    this.dependencies.over();
    this.dependencies.changed();
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
