import { Readable } from 'node:stream';
import type { SecureContext } from 'node:tls';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Clock, Dispose } from '../../engine/ports';
import type { Letter } from './compose-mail';
import type { MailPhase, SmtpError } from './diagnose';
import type { MailServer } from './resolve-mail';

export type SessionOutcome = { ok: true; reply: string } | { ok: false; phase: MailPhase; error: SmtpError };

/** What goes on with one mail server, over one connection that is kept for a while. */
export interface SmtpSession {
  /** Hands over one mail; several wait for each other. */
  send(letter: Letter, signal: AbortSignal): Promise<SessionOutcome>;
  /** Connects and logs in on a connection of its own, and says goodbye. */
  probe(signal: AbortSignal): Promise<SessionOutcome>;
  /** Says goodbye once the mails that were given to it are through; nothing is kept after that. */
  retire(): void;
  /** Breaks off at once. */
  dispose(): void;
}

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
    { kind: 'working'; fail: (error: SmtpError) => void } | { kind: 'idle'; stopTimer: Dispose } | { kind: 'ended' };
}

/** Opens nothing before there is something to send. */
export function createSmtpSession({
  server,
  secureContext,
  timeoutMs,
  idleMs,
  clock,
}: SmtpSessionOptions): SmtpSession {
  const lines = new Set<Line>();
  /** Ends when all that was asked for is done. */
  let queue: Promise<unknown> = Promise.resolve();
  let keeps = true;
  let disposed = false;

  function newLine(): Line {
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
    lines.add(line);
    connection.on('error', (error: SmtpError) => end(line, error));
    connection.on('end', () => {
      if (line.state.kind === 'idle') end(line, CLOSED);
      // After a 421 nodemailer ends the connection first and gives the reply to whoever waits for it next.
      else queueMicrotask(() => end(line, CLOSED));
    });
    return line;
  }

  /** It leads nowhere any more; whoever waits for it is told why. */
  function end(line: Line, error: SmtpError): void {
    const { state } = line;
    line.state = { kind: 'ended' };
    lines.delete(line);
    if (state.kind === 'working') state.fail(error);
    if (state.kind === 'idle') state.stopTimer();
    line.connection.close();
  }

  /** Does one step on a line; the step fails with the line, and with the signal. */
  async function step<T>(
    line: Line,
    signal: AbortSignal,
    run: (done: (error: SmtpError | null | undefined, value?: T) => void) => void,
  ): Promise<T> {
    const breakOff = (): void => end(line, ABORTED);
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

  async function open(line: Line, signal: AbortSignal): Promise<void> {
    const { connection } = line;
    await step<void>(line, signal, (done) => connection.connect(done));
    if (server.login === null) return;
    const { user, password } = server.login;
    line.phase = 'login';
    if (!connection.allowsAuth) throw NO_LOGIN;
    await step<unknown>(line, signal, (done) => connection.login({ user, pass: password }, done));
  }

  async function transmit(line: Line, letter: Letter, signal: AbortSignal): Promise<string> {
    line.phase = 'envelope';
    // It is read from the moment on at which the server asks for it.
    const content = Readable.from(
      (function* () {
        line.phase = 'content';
        yield letter.raw;
        line.phase = 'receipt';
      })(),
    );
    const info = await step<{ response: string }>(line, signal, (done) =>
      line.connection.send({ ...letter.envelope }, content, done as Parameters<SMTPConnection['send']>[2]),
    );
    return info.response;
  }

  /** Keeps it for the next mail, or says goodbye. */
  function release(line: Line): void {
    if (line.state.kind === 'ended') return;
    if (!keeps) return quit(line);
    line.state = { kind: 'idle', stopTimer: clock.after(idleMs, () => quit(line)) };
  }

  function quit(line: Line): void {
    if (line.state.kind === 'idle') line.state.stopTimer();
    line.state = { kind: 'ended' };
    lines.delete(line);
    line.connection.quit();
  }

  async function attempt(line: Line, work: () => Promise<string>): Promise<SessionOutcome> {
    try {
      const reply = await work();
      release(line);
      return { ok: true, reply };
    } catch (error) {
      const { phase } = line;
      end(line, CLOSED);
      return { ok: false, phase, error: error as SmtpError };
    }
  }

  async function exchange(letter: Letter, signal: AbortSignal): Promise<SessionOutcome> {
    if (disposed) return { ok: false, phase: 'connect', error: ABORTED };
    const kept = [...lines].find(({ state }) => state.kind === 'idle');
    if (kept?.state.kind === 'idle') {
      kept.state.stopTimer();
      const outcome = await attempt(kept, () => transmit(kept, letter, signal));
      if (outcome.ok || !wasStale(outcome)) return outcome;
    }
    const line = newLine();
    return attempt(line, async () => {
      await open(line, signal);
      return transmit(line, letter, signal);
    });
  }

  return {
    send(letter, signal) {
      const outcome = queue.then(() => exchange(letter, signal));
      queue = outcome;
      return outcome;
    },
    probe(signal) {
      const line = newLine();
      return attempt(line, async () => {
        await open(line, signal);
        quit(line);
        return '';
      });
    },
    retire() {
      keeps = false;
      for (const line of lines) if (line.state.kind === 'idle') quit(line);
    },
    dispose() {
      keeps = false;
      disposed = true;
      for (const line of lines) end(line, ABORTED);
    },
  };
}

const CLOSED: SmtpError = { message: 'the connection was closed', code: 'ECONNECTION' };
const ABORTED: SmtpError = { message: 'the try was broken off', code: 'EABORT' };
const NO_LOGIN: SmtpError = { message: 'no login is offered', code: 'ENOAUTH' };

/** The server had ended a connection that was kept, before the content of the mail went out: another one may do. */
function wasStale({ phase, error }: { phase: MailPhase; error: SmtpError }): boolean {
  return (
    phase === 'envelope' && (error.code === 'ECONNECTION' || error.code === 'ESOCKET' || error.responseCode === 421)
  );
}
