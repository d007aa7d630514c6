import type { Clock } from '../../engine/ports';
import type { ManagerAddress } from './manager-environment';
import type { SendToManager } from './send-to-manager';

export interface ServiceManagerOptions {
  /** Null: nobody wants to hear anything. */
  address: ManagerAddress | null;
  send: SendToManager;
  clock: Pick<Clock, 'monotonicMs'>;
  /** Called once, when something could not be sent. */
  onProblem: (problem: string) => void;
}

/** What a tick that has finished has to say. */
export interface TickReport {
  /** How the programs are, in one line. */
  status: string;
  /** The longest time to the next one, in ms, as it is set now. */
  nextWithinMs: number;
}

/** Of the time that the manager waits: one sign of life may get lost. */
const BEATS = 3;

/**
 * Reports this engine to the service manager that has started it (sd_notify(3)). There is no timer in here: a sign of life is sent by a tick
 * that has finished, and by nothing else, so that the watchdog of the manager ends an engine that is stuck.
 */
export class ServiceManager {
  private isUp = false;
  private isStopping = false;
  private isReadySent = false;
  private statusSent: string | null = null;
  private beatMs = Number.NEGATIVE_INFINITY;
  private watchdogMs: number | null;
  private latest: TickReport | null = null;
  private sending = false;
  private hasProblem = false;

  constructor(private readonly options: ServiceManagerOptions) {
    this.watchdogMs = options.address?.watchdogMs ?? null;
  }

  /** The engine is up, and can be reached. */
  ready(): void {
    this.isUp = true;
    void this.flush();
  }

  /** A tick has finished. */
  ticked(report: TickReport): void {
    this.latest = report;
    if (this.isUp) void this.flush(true);
  }

  /** The engine ends in order. */
  async stopping(): Promise<void> {
    const { address, send } = this.options;
    if (address === null || this.isStopping) return;
    this.isStopping = true;
    await send('STOPPING=1\nSTATUS=Stopping; the programs go on running');
  }

  /** Sends what is new. What could not be sent is sent with the next tick. */
  private async flush(ticked = false): Promise<void> {
    const { address, send, clock, onProblem } = this.options;
    if (address === null || this.isStopping || this.sending) return;
    const now = clock.monotonicMs();
    const status = this.latest === null ? null : oneLine(this.latest.status);
    const watchdogMs = this.watchdogFor(address);
    const isDue = ticked && this.watchdogMs !== null && now - this.beatMs >= this.watchdogMs / BEATS;
    const isLonger = watchdogMs !== this.watchdogMs;
    const lines = [
      ...(this.isReadySent ? [] : ['READY=1']),
      ...(watchdogMs !== null && isLonger ? [`WATCHDOG_USEC=${Math.round(watchdogMs * 1000)}`] : []),
      ...(isDue || (isLonger && ticked) ? ['WATCHDOG=1'] : []),
      ...(status === null || status === this.statusSent ? [] : [`STATUS=${status}`]),
    ];
    if (lines.length === 0) return;
    this.sending = true;
    const problem = await send(lines.join('\n'));
    this.sending = false;
    if (problem !== null) {
      if (!this.hasProblem) onProblem(problem);
      this.hasProblem = true;
      return;
    }
    this.isReadySent = true;
    this.watchdogMs = watchdogMs;
    this.statusSent = status;
    if (lines.includes('WATCHDOG=1')) this.beatMs = now;
  }

  /** An operator may have set the ticks further apart than the unit waits: then it has to wait longer. */
  private watchdogFor({ watchdogMs }: ManagerAddress): number | null {
    if (watchdogMs === null || this.latest === null) return this.watchdogMs;
    return Math.max(watchdogMs, BEATS * this.latest.nextWithinMs);
  }
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
