import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Clock, Dispose } from '../../engine/ports';
import type { Letter } from './compose-mail';
import type { MailPhase, SmtpError } from './diagnose';
import type { MailServer } from './resolve-mail';

export type SessionOutcome = { ok: true; reply: string } | { ok: false; phase: MailPhase; error: SmtpError };

export interface SmtpSessionOptions {
  server: MailServer;
  /** null: what Node trusts. */
  secureContext: SecureContext | null;
  /** For each step: name, connection and greeting together, then each silence. */
  timeoutMs: number;
  /** How long a connection is kept for the next mail. */
  idleMs: number;
  clock: Clock;
}

/**
 * A connection: `working` while somebody waits for it, `idle` while it is kept for the next mail.
 *
 *   working ─► idle ─► working
 *      │        └─ idleMs, server, retire ─► ended
 *      └─ failure ─► ended
 */
interface Line {
  connection: SMTPConnection;
  phase: MailPhase;
  state:
    | { kind: 'working'; fail: (error: SmtpError) => void }
    | { kind: 'idle'; stopTimer: Dispose }
    | { kind: 'ended' };
}

/** What goes on with one mail server, over one connection that is kept for a while. Opens nothing before there is something to send. */
export class SmtpSession {
  private readonly lines = new Set<Line>();
  /** Ends when all that was asked for is done. */
  private queue: Promise<unknown> = Promise.resolve();
  private keeps = true;
  private disposed = false;

  constructor(private readonly options: SmtpSessionOptions) {}

  /** Hands over one mail; several wait for each other. */
  send(letter: Letter, signal: AbortSignal): Promise<SessionOutcome> {
    const outcome = this.queue.then(() => this.exchange(letter, signal));
    this.queue = outcome;
    return outcome;
  }

  /** Connects and logs in on a connection of its own, and ends it with QUIT. */
  probe(signal: AbortSignal): Promise<SessionOutcome> {
    const line = this.newLine();
    return this.attempt(line, async () => {
      await this.open(line, signal);
      this.quit(line);
      return '';
    });
  }

  /** Ends it with QUIT once the mails that were given to it are sent; nothing is kept after that. */
  retire(): void {
    this.keeps = false;
    for (const line of this.lines) if (line.state.kind === 'idle') this.quit(line);
  }

  /** Breaks off at once. */
  dispose(): void {
    this.keeps = false;
    this.disposed = true;
    for (const line of this.lines) this.end(line, ABORTED);
  }

  private async exchange(letter: Letter, signal: AbortSignal): Promise<SessionOutcome> {
    if (this.disposed) return { ok: false, phase: 'connect', error: ABORTED };
    const kept = [...this.lines].find(({ state }) => state.kind === 'idle');
    if (kept?.state.kind === 'idle') {
      kept.state.stopTimer();
      const outcome = await this.attempt(kept, () => this.transmit(kept, letter, signal));
      if (outcome.ok || !wasStale(outcome)) return outcome;
    }
    const line = this.newLine();
    return this.attempt(line, async () => {
      await this.open(line, signal);
      return this.transmit(line, letter, signal);
    });
  }

  private async attempt(line: Line, work: () => Promise<string>): Promise<SessionOutcome> {
    try {
      const reply = await work();
      this.release(line);
      return { ok: true, reply };
    } catch (error) {
      const { phase } = line;
      this.end(line, CLOSED);
      return { ok: false, phase, error: error as SmtpError };
    }
  }

  private newLine(): Line {
    const { server, secureContext, timeoutMs } = this.options;
    const connection = new SMTPConnection({
      host: server.host,
      port: server.port,
      ...(server.heloName !== null && { name: server.heloName }),
      secure: server.tls === 'implicit',
      requireTLS: server.tls === 'starttls',
      ignoreTLS: server.tls === 'none',
      dnsTimeout: timeoutMs,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      socketCloseTimeout: 1000,
      tls: { minVersion: 'TLSv1.2', rejectUnauthorized: true, ...(secureContext !== null && { secureContext }) },
    });
    const line: Line = { connection, phase: 'connect', state: { kind: 'ended' } };
    this.lines.add(line);
    connection.on('error', (error: SmtpError) => this.end(line, error));
    connection.on('end', () => {
      if (line.state.kind === 'idle') this.end(line, CLOSED);
      // After a 421 nodemailer ends the connection first and gives the reply to whoever waits for it next.
      else queueMicrotask(() => this.end(line, CLOSED));
    });
    return line;
  }

  private async open(line: Line, signal: AbortSignal): Promise<void> {
    const { connection } = line;
    const { login } = this.options.server;
    await this.step<void>(line, signal, (done) => connection.connect(done));
    if (login === null) return;
    line.phase = 'login';
    if (!connection.allowsAuth) throw NO_LOGIN;
    await this.step<unknown>(line, signal, (done) =>
      connection.login({ user: login.user, pass: login.password }, done),
    );
  }

  private async transmit(line: Line, letter: Letter, signal: AbortSignal): Promise<string> {
    line.phase = 'envelope';
    // It is read from the moment on at which the server asks for it.
    const content = Readable.from(
      (function* () {
        line.phase = 'content';
        yield letter.raw;
        line.phase = 'receipt';
      })(),
    );
    const info = await this.step<{ response: string }>(line, signal, (done) =>
      line.connection.send({ ...letter.envelope }, content, done as Parameters<SMTPConnection['send']>[2]),
    );
    return info.response;
  }

  /** Does one step on a line; the step fails with the line, and with the signal. */
  private async step<T>(
    line: Line,
    signal: AbortSignal,
    run: (done: (error: SmtpError | null | undefined, value?: T) => void) => void,
  ): Promise<T> {
    const breakOff = (): void => this.end(line, ABORTED);
    signal.addEventListener('abort', breakOff, { once: true });
    try {
      return await new Promise<T>((resolve, reject: (error: SmtpError) => void) => {
        line.state = { kind: 'working', fail: reject };
        if (signal.aborted) return breakOff();
        run((error, value) => (error ? reject(error) : resolve(value as T)));
      });
    } finally {
      signal.removeEventListener('abort', breakOff);
    }
  }

  /** Keeps it for the next mail, or ends it with QUIT. */
  private release(line: Line): void {
    const { clock, idleMs } = this.options;
    if (line.state.kind === 'ended') return;
    if (!this.keeps) return this.quit(line);
    line.state = { kind: 'idle', stopTimer: clock.after(idleMs, () => this.quit(line)) };
  }

  private quit(line: Line): void {
    if (line.state.kind === 'idle') line.state.stopTimer();
    line.state = { kind: 'ended' };
    this.lines.delete(line);
    line.connection.quit();
  }

  /** It leads nowhere any more; whoever waits for it is notified why. */
  private end(line: Line, error: SmtpError): void {
    const { state } = line;
    line.state = { kind: 'ended' };
    this.lines.delete(line);
    if (state.kind === 'working') state.fail(error);
    if (state.kind === 'idle') state.stopTimer();
    line.connection.close();
  }
}

const CLOSED: SmtpError = { message: 'the connection was closed', code: 'ECONNECTION' };
const ABORTED: SmtpError = { message: 'the attempt was cancelled', code: 'EABORT' };
const NO_LOGIN: SmtpError = { message: 'no login is offered', code: 'ENOAUTH' };

/** The server had ended a connection that was kept, before the content of the mail went out: another one may do. */
function wasStale({ phase, error }: { phase: MailPhase; error: SmtpError }): boolean {
  return (
    phase === 'envelope' && (error.code === 'ECONNECTION' || error.code === 'ESOCKET' || error.responseCode === 421)
  );
}
