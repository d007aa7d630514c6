import { formatDuration } from '../../../shared/lib/format/duration';
import type { ServiceNoticesStatus } from '../../../shared/model/snapshot';
import type { Clock, NoticeContent, ProbeAnswer } from '../ports';

/** What the program reports of itself, where it has reported that. */
interface Reported {
  ready: boolean;
  stopping: boolean;
  /** The last `WATCHDOG=1`, or since when one is expected; monotonic ms. */
  aliveAtMs: number;
  /** Whether there was one in this run. */
  hasBeenAlive: boolean;
  /** It has reported itself that it does not work. */
  failed: boolean;
  /** Until then it may take its time, as it asked for at this moment; monotonic ms. */
  extension: { askedAtMs: number; untilMs: number };
  /** Its own word for how it is; null: it has none. */
  status: string | null;
}

/** What a program has reported over sd_notify(3) during one run. */
export class ProgramNotices {
  private readonly reported: Reported;

  /** `isKnown` false: the program was started before this engine was there, and may have reported then that it is ready. */
  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly isKnown: boolean,
  ) {
    this.reported = {
      ...{ ready: !isKnown, stopping: false, failed: false, status: null, hasBeenAlive: false },
      ...{ aliveAtMs: clock.monotonicMs(), extension: { askedAtMs: -Infinity, untilMs: 0 } },
    };
  }

  get status(): string | null {
    return this.reported.status;
  }

  /** How much longer than usual it may take from now on, as it has asked for; 0: it has not. */
  get extensionMs(): number {
    return Math.max(0, this.reported.extension.untilMs - this.clock.monotonicMs());
  }

  /** The same, as far as it has asked for it since a moment (monotonic ms): a stop is not longer because a start was. */
  extensionSince(sinceMs: number): number {
    return this.reported.extension.askedAtMs >= sinceMs ? this.extensionMs : 0;
  }

  add({ ready, reloading, stopping, status, watchdog, extendTimeoutMs }: NoticeContent): void {
    const { reported, clock } = this;
    const nowMs = clock.monotonicMs();
    // RELOADING=1 and READY=1 in one message: it is through already.
    if (reloading === true || stopping === true) reported.ready = false;
    // The time for its reports begins once it is ready: a start may take as long as it has.
    if (ready === true) Object.assign(reported, { ready: true, aliveAtMs: nowMs });
    if (stopping === true) reported.stopping = true;
    if (watchdog === true) Object.assign(reported, { aliveAtMs: nowMs, failed: false, hasBeenAlive: true });
    if (watchdog === 'trigger') reported.failed = true;
    if (extendTimeoutMs !== undefined) reported.extension = { askedAtMs: nowMs, untilMs: nowMs + extendTimeoutMs };
    if (status !== undefined) reported.status = status === '' ? null : status;
  }

  /** `maxAgeMs` null: whether it is ready; else whether it has reported within that time that it lives. */
  answer({ maxAgeMs }: { maxAgeMs: number | null }, receiver: ServiceNoticesStatus): ProbeAnswer {
    const found = maxAgeMs === null ? this.readiness() : this.liveness(maxAgeMs);
    const isDeaf = receiver.at !== 'receiving' && !found.passed;
    return {
      ...found,
      latencyMs: 0,
      // Silence proves nothing where nobody listens.
      ...(isDeaf ? { words: `its reports are not received: ${receiver.reason}`, machineFault: true as const } : {}),
    };
  }

  private readiness(): { passed: boolean; words: string } {
    const { ready, stopping, status } = this.reported;
    const said = status === null ? '' : `: ${status}`;
    if (ready) return { passed: true, words: `READY=1${said}` };
    return { passed: false, words: `${stopping ? 'STOPPING=1' : 'no READY=1 yet'}${said}` };
  }

  private liveness(maxAgeMs: number): { passed: boolean; words: string } {
    const { aliveAtMs, failed } = this.reported;
    if (failed) return { passed: false, words: 'WATCHDOG=trigger: it reports itself that it does not work' };
    const ageMs = this.clock.monotonicMs() - aliveAtMs;
    const passed = ageMs <= maxAgeMs || this.extensionMs > 0;
    return { passed, words: this.ageWords(formatDuration(ageMs)) };
  }

  private ageWords(age: string): string {
    if (this.reported.hasBeenAlive) return `last WATCHDOG=1 ${age} ago`;
    // An earlier engine may have received some.
    return this.isKnown
      ? `it has never sent WATCHDOG=1, which is expected for ${age}`
      : `no WATCHDOG=1 since this engine follows it, for ${age}`;
  }
}
