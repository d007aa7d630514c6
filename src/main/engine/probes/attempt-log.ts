import type { Probe, ProbeAttempt } from '../../../shared/model/probe';
import type { AttemptReading } from '../ports';

/** More than 500 probes make in half a minute at ten times their usual rate: a tick comes long before. */
const MAX_WAITING = 10_000;

/** Attempts of all probes until they are recorded, which is done together at a tick. */
export class AttemptLog {
  private waiting: AttemptReading[] = [];

  add(watchId: string, { name }: Probe, attempt: ProbeAttempt): void {
    if (this.waiting.length < MAX_WAITING) this.waiting.push({ ...attempt, watchId, probe: name });
  }

  /** Those that were added since the last time. */
  take(): readonly AttemptReading[] {
    const taken = this.waiting;
    this.waiting = [];
    return taken;
  }
}
