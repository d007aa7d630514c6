import type { Delivery } from '../../../shared/model/alert';
import type { DeliveryProblem } from '../../../shared/model/delivery';
import type { Settings } from '../../../shared/model/settings';
import type { Clock } from '../../engine/ports';
import type { AlertMessage, Channel, SecretSource } from '../message';
import { composeMail, type Letter } from './compose-mail';
import { diagnose, type Diagnosis } from './diagnose';
import type { Environment } from './mail-environment';
import { parseMailbox } from './mailbox';
import { describeMail, resolveMail, type MailServer, type MailSetup } from './resolve-mail';
import { readableReply } from './smtp-reply';
import { SmtpSession } from './smtp-session';
import { readTrust } from './trust';

export interface MailChannelOptions {
  settings: () => Settings;
  /** The engine's own environment: `HEALDECK_SMTP_…` wins over settings. */
  env: Environment;
  secrets: SecretSource;
  /** Of this machine, for the sender where none is set. */
  hostname: string;
  clock: Clock;
}

/** How long a connection is kept for the next mail: long enough for a burst, shorter than servers wait (RFC 5321, 4.5.3.2). */
const IDLE_MS = 30_000;

/** Sends each message as a mail to its one recipient, by the first server that can be reached. */
export class MailChannel implements Channel {
  readonly name = 'mail';
  /** Sessions by all that makes them different. */
  private readonly sessions = new Map<string, SmtpSession>();
  private readonly probing = new Set<SmtpSession>();
  private disposed = false;

  constructor(private readonly options: MailChannelOptions) {}

  recipients(): readonly string[] {
    const resolution = this.resolve();
    return resolution.kind === 'on' ? resolution.recipients : [];
  }

  describe(): string {
    return describeMail(this.resolve());
  }

  perHour(): number {
    return this.options.settings()['mail.perHour'];
  }

  takes(): boolean {
    return true;
  }

  async check(): Promise<DeliveryProblem | null> {
    const resolution = this.resolve();
    if (resolution.kind === 'off' || this.disposed) return null;
    const [known] = resolution.problems;
    if (known !== undefined) return known;
    const found = await Promise.all(resolution.servers.map((server) => this.checkServer(server, resolution)));
    return found.find((problem) => problem !== null) ?? null;
  }

  async deliver(message: AlertMessage, signal: AbortSignal): Promise<Delivery> {
    const resolution = this.resolve();
    if (this.disposed) return { ok: false, problem: ENDING };
    if (resolution.kind === 'off') return { ok: false, problem: NOTHING_SET };
    const to = parseMailbox(message.recipient);
    if (to === null) return { ok: false, problem: NO_ADDRESS };
    return this.sendByFirst(resolution, await composeMail(message, resolution.from, to), signal);
  }

  settingsChanged(): void {
    for (const session of this.sessions.values()) session.retire();
    this.sessions.clear();
  }

  dispose(): void {
    this.disposed = true;
    for (const session of [...this.sessions.values(), ...this.probing]) session.dispose();
    this.sessions.clear();
  }

  private resolve(): ReturnType<typeof resolveMail> {
    const { settings, env, secrets, hostname } = this.options;
    return resolveMail({ settings: settings(), env, secrets, hostname });
  }

  private async sendByFirst(setup: MailSetup, letter: Letter, signal: AbortSignal): Promise<Delivery> {
    const failed: DeliveryProblem[] = [];
    for (const server of setup.servers) {
      const result = await this.sendBy(server, setup, letter, signal);
      if (result.ok) return result;
      failed.push(result.problem);
      if (!result.elsewhere || signal.aborted || this.disposed) break;
    }
    return { ok: false, problem: together(failed) ?? setup.problems[0] ?? NOTHING_SET };
  }

  private async sendBy(server: MailServer, setup: MailSetup, letter: Letter, signal: AbortSignal): Promise<Result> {
    const session = this.sessionWith(server, setup);
    if (!(session instanceof SmtpSession)) return { ok: false, problem: session, elsewhere: false };
    const outcome = await session.send(letter, signal);
    if (outcome.ok) return { ok: true, reply: readableReply(outcome.reply, server.login) };
    const { from: sender, to: recipient } = letter.envelope;
    return { ok: false, ...diagnose({ ...outcome, server, sender, recipient }) };
  }

  private async checkServer(server: MailServer, setup: MailSetup): Promise<DeliveryProblem | null> {
    const session = this.openSession(server, setup);
    if (!(session instanceof SmtpSession)) return session;
    this.probing.add(session);
    try {
      // A server that trickles is never silent: connecting and logging in have an end together, too.
      const outcome = await session.probe(AbortSignal.timeout(2 * setup.timeoutMs));
      return outcome.ok ? null : diagnose({ ...outcome, server, sender: null, recipient: null }).problem;
    } finally {
      this.probing.delete(session);
    }
  }

  private sessionWith(server: MailServer, setup: MailSetup): SmtpSession | DeliveryProblem {
    const key = JSON.stringify([server, setup.caFile, setup.timeoutMs]);
    const session = this.sessions.get(key) ?? this.openSession(server, setup);
    if (session instanceof SmtpSession) this.sessions.set(key, session);
    return session;
  }

  private openSession(server: MailServer, setup: MailSetup): SmtpSession | DeliveryProblem {
    const trust = readTrust(setup.caFile);
    if (!trust.ok) return trust.problem;
    const { secureContext } = trust;
    const { timeoutMs } = setup;
    return new SmtpSession({ server, secureContext, timeoutMs, idleMs: IDLE_MS, clock: this.options.clock });
  }
}

type Result = { ok: true; reply: string } | ({ ok: false } & Diagnosis);

const NOTHING_SET: DeliveryProblem = {
  step: 'configuration',
  message: 'E-mail is switched off, or neither a server nor a recipient is set.',
  advice: 'Set mail.host and mail.to, and mail.enabled to true.',
  temporary: true,
};

const ENDING: DeliveryProblem = {
  step: 'server',
  message: 'Healdeck is shutting down.',
  advice: 'The mail is sent when Healdeck runs again.',
  temporary: true,
};

const NO_ADDRESS: DeliveryProblem = {
  step: 'recipient',
  message: 'The recipient is not a mail address.',
  advice: 'Check mail.to.',
  temporary: false,
};

/** Several servers failed one after the other: all are listed; the first one is the one to fix. */
function together(problems: readonly DeliveryProblem[]): DeliveryProblem | null {
  const [first] = problems;
  const last = problems.at(-1);
  if (first === undefined || last === undefined) return null;
  // A refusal for good is the answer, whoever could not be reached before it.
  const main = last.temporary ? first : last;
  return { ...main, message: problems.map(({ message }) => message).join(' ') };
}
