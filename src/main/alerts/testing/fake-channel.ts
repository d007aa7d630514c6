import type { Delivery } from '../../../shared/model/alert';
import type { AlertChannel, DeliveryProblem } from '../../../shared/model/delivery';
import type { Severity } from '../../../shared/model/event';
import type { AlertMessage, Channel } from '../message';

/** A way to reach somebody, in memory: it delivers, refuses or says nothing, as it is told. */
export class FakeChannel implements Channel {
  /** What arrived, oldest first. */
  readonly delivered: (AlertMessage & { atMs: number })[] = [];
  /** Every try, also those that came to nothing. */
  tries = 0;
  disposed = false;
  severities: readonly Severity[] = ['info', 'warning', 'high', 'critical'];
  hourly = 10;
  to: readonly string[] = ['ada@example.org'];
  /** What a check finds. */
  wrong: DeliveryProblem | null = null;
  /** Deliveries of this moment that nobody has ended yet. */
  private readonly hanging = new Set<(delivery: Delivery) => void>();
  private answer: () => Delivery | 'silence' = () => ({ ok: true, reply: '250 OK' });

  constructor(
    private readonly nowMs: () => number,
    readonly name: AlertChannel = 'mail',
  ) {}

  /** How it answers from now on. */
  answers(answer: DeliveryProblem | 'silence' | 'well' | (() => Delivery | 'silence')): void {
    if (typeof answer === 'function') this.answer = answer;
    else if (answer === 'silence') this.answer = () => 'silence';
    else this.answer = () => (answer === 'well' ? { ok: true, reply: '250 OK' } : { ok: false, problem: answer });
  }

  recipients(): readonly string[] {
    return this.to;
  }
  describe(): string {
    return this.to.length === 0 ? 'nothing is set up' : 'a channel in memory';
  }
  perHour(): number {
    return this.hourly;
  }
  takes(severity: Severity): boolean {
    return this.severities.includes(severity);
  }
  check(): Promise<DeliveryProblem | null> {
    return Promise.resolve(this.to.length === 0 ? null : this.wrong);
  }
  deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery> {
    this.tries += 1;
    const answer = this.answer();
    if (answer === 'silence') {
      return new Promise((resolve) => {
        this.hanging.add(resolve);
        signal.addEventListener('abort', () => resolve({ ok: false, problem: TIMED_OUT }));
      });
    }
    if (answer.ok) this.delivered.push({ ...message, atMs: this.nowMs() });
    return Promise.resolve(answer);
  }
  /** Ends the deliveries of which nothing was heard. */
  ends(problem: DeliveryProblem): void {
    for (const end of this.hanging) end({ ok: false, problem });
    this.hanging.clear();
  }
  settingsChanged(): void {
    // Nothing is kept that settings would change.
  }
  dispose(): void {
    this.disposed = true;
  }
}

export const SERVER_DOWN: DeliveryProblem = {
  step: 'connection',
  message: 'mail.example.org:587 refused the connection.',
  advice: 'Start the mail server.',
  temporary: true,
};

export const NO_SUCH_RECIPIENT: DeliveryProblem = {
  step: 'recipient',
  message: 'The server refused ada@example.org: 550 no such user.',
  advice: 'Check the address.',
  temporary: false,
};

export const WRONG_PASSWORD: DeliveryProblem = {
  step: 'login',
  message: 'The server refused the login: 535.',
  advice: 'Set the password again.',
  temporary: false,
};

const TIMED_OUT: DeliveryProblem = {
  step: 'timeout',
  message: 'The server said nothing.',
  advice: 'Try later.',
  temporary: true,
};
