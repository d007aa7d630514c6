import type { AddressInfo } from 'node:net';
import type { Settings } from '../../shared/model/settings';
import { readMail, type MailText } from './read-mail';

/** Who is notified of everything in a drill. Names under `.invalid` are nobody's (RFC 2606). */
export const DRILL_RECIPIENT = 'operator@drill.invalid';

const HOST = '127.0.0.1';
/** How long connections may go on when it ends; the engine that holds them has ended before. */
const CLOSE_TIMEOUT_MS = 100;

/** A mail that came in. */
export interface DrillMail extends MailText {
  /** When all of it was there; wall time in ms since the epoch. */
  at: number;
  /** The recipients of the envelope: where it would have gone. */
  to: readonly string[];
}

/** An SMTP server on this machine that keeps what it gets in memory and sends nothing on. It lives in this process, so it ends with it. */
export interface Mailbox {
  /** What leads an engine to it. */
  settings: Partial<Settings>;
  /** Everything that came in so far, oldest first. */
  mails(): readonly DrillMail[];
  dispose(): Promise<void>;
}

/** Opens one on a free port of the loopback interface; rejects when that can't be had. */
export async function openMailbox(): Promise<Mailbox> {
  // Loaded only now: no other command needs a mail server, and all are to start in milliseconds.
  const { SMTPServer } = await import('smtp-server');
  const mails: DrillMail[] = [];
  const server = new SMTPServer({
    // Whoever is on this machine and finds the port may put a mail into it, which only the drill sees.
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: CLOSE_TIMEOUT_MS,
    onData: (stream, { envelope }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const [at, to] = [Date.now(), envelope.rcptTo.map(({ address }) => address)];
        readMail(Buffer.concat(chunks)).then(
          (mail) => {
            mails.push({ at, to, ...mail });
            done();
          },
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        );
      });
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  // A client that breaks off is reported by whoever waits for its mail.
  server.on('error', () => undefined);
  return {
    settings: settingsFor((server.server.address() as AddressInfo).port),
    mails: () => [...mails],
    dispose: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

function settingsFor(port: number): Partial<Settings> {
  return {
    'mail.host': HOST,
    'mail.port': port,
    // From this machine to itself: nobody is on the way, and there is no certificate to check.
    'mail.tls': 'none',
    'mail.from': 'Healdeck drill <healdeck@drill.invalid>',
    'mail.to': [DRILL_RECIPIENT],
    // The waiting is shortened, as it is everywhere in a drill: a mail still waits for what is done, and the end is still distinguished.
    'alerts.settleMs': 500,
    'alerts.groupMs': 500,
    // A drill is a storm of incidents, and each is to be reported by itself. The grouping into digests is not what is drilled.
    'mail.perHour': 1000,
    'alerts.perWatchPerHour': null,
  };
}
