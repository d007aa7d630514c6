import type { AddressInfo, Socket } from 'node:net';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import type { Certificate } from './certificates';

/** A mail as it came in. */
export interface ReceivedMail {
  /** Of the envelope. */
  from: string;
  /** Of the envelope. */
  to: readonly string[];
  /** Every byte after DATA. */
  raw: string;
  /** The same, read. */
  mail: ParsedMail;
  /** Whether it came over TLS. */
  secure: boolean;
  /** Who was logged in, or null. */
  user: string | null;
}

/** Where a session can be answered otherwise than well; `message` is when the whole mail has come in. */
export type SmtpStep = 'connect' | 'login' | 'sender' | 'recipient' | 'message';

/** What the server does at a step: refuses with a reply, says nothing any more, or cuts the connection. */
export type SmtpAnswer = { reply: string } | 'silence' | 'cut';

export interface SmtpServerOptions {
  /** `none` by default; the others need a certificate. */
  tls?: 'none' | 'starttls' | 'implicit';
  certificate?: Certificate;
  /** The login that is asked for; null: none is offered. */
  login?: { user: string; password: string } | null;
  /** A free one by default; named when a server is to come back. */
  port?: number;
}

/** A real SMTP server on 127.0.0.1 that keeps what it receives and fails as it is told. */
export interface TestSmtpServer {
  readonly host: '127.0.0.1';
  readonly port: number;
  /** Everything that came in whole, oldest first. */
  readonly mails: readonly ReceivedMail[];
  /** Connections that were opened so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly open: number;
  /** How it answers at a step from now on; null: well. A function is asked each time. */
  answer(step: SmtpStep, answer: SmtpAnswer | null | (() => SmtpAnswer | null)): void;
  /** Waits so long before each answer. */
  delay(ms: number): void;
  /** Cuts all connections, as a restart of the server does. */
  cutAll(): void;
  dispose(): Promise<void>;
}

type Done = (error?: Error | null) => void;

/** Starts it on a free port; it listens when the promise is fulfilled. */
export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<TestSmtpServer> {
  const { tls = 'none', certificate, login = null } = options;
  if (tls !== 'none' && certificate === undefined) throw new Error('TLS needs a certificate');
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  const answers = new Map<SmtpStep, () => SmtpAnswer | null>();
  const delays = new Set<NodeJS.Timeout>();
  let delayMs = 0;
  let connections = 0;

  const later = (act: () => void): void => {
    if (delayMs === 0) return act();
    const timer = setTimeout(() => {
      delays.delete(timer);
      act();
    }, delayMs);
    delays.add(timer);
  };

  const cut = ({ remotePort }: SMTPServerSession): void => {
    for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy();
  };

  const answerAt = (step: SmtpStep): SmtpAnswer | null => answers.get(step)?.() ?? null;

  /** Does as it was told, else well. */
  const respond = (answer: SmtpAnswer | null, session: SMTPServerSession, done: Done, well: Done = done): void =>
    later(() => {
      if (answer === 'silence') return;
      if (answer === 'cut') return cut(session);
      if (answer === null) well();
      else done(refusal(answer.reply));
    });

  const server = new SMTPServer({
    secure: tls === 'implicit',
    ...certificate,
    disabledCommands: [...(tls === 'starttls' ? [] : ['STARTTLS']), ...(login === null ? ['AUTH'] : [])],
    authMethods: ['PLAIN', 'LOGIN'],
    authOptional: login === null,
    allowInsecureAuth: tls === 'none',
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    hideENHANCEDSTATUSCODES: true,
    onConnect: (session, done) => respond(answerAt('connect'), session, done),
    onAuth: (auth, session, done) =>
      respond(answerAt('login'), session, done, () => {
        const isRight = auth.username === login?.user && auth.password === login?.password;
        if (isRight) done(null, { user: auth.username });
        else done(refusal('535 5.7.8 Authentication credentials invalid'));
      }),
    onMailFrom: (_address, session, done) => respond(answerAt('sender'), session, done),
    onRcptTo: (_address, session, done) => respond(answerAt('recipient'), session, done),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        void simpleParser(raw).then((mail) => {
          const answer = answerAt('message');
          // A server that falls silent now, or is cut off, has the mail all the same: only the sender can't know it.
          if (answer === null || answer === 'cut' || answer === 'silence') mails.push(received(raw, mail, session));
          respond(answer, session, done, () => done(null, `2.0.0 Ok: queued as ${mails.length}`));
        });
      });
    },
  });
  // Clients that break off, or refuse a certificate, are part of the tests.
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const cutAll = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: '127.0.0.1',
    port: (server.server.address() as AddressInfo).port,
    mails,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    answer: (step, answer) => {
      if (answer === null) answers.delete(step);
      else answers.set(step, typeof answer === 'function' ? answer : () => answer);
    },
    delay: (ms) => {
      delayMs = ms;
    },
    cutAll,
    dispose: () =>
      new Promise<void>((resolve) => {
        for (const timer of delays) clearTimeout(timer);
        server.close(() => resolve());
        cutAll();
      }),
  };
}

function received(raw: Buffer, mail: ParsedMail, { envelope, secure, user }: SMTPServerSession): ReceivedMail {
  return {
    from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
    to: envelope.rcptTo.map(({ address }) => address),
    raw: raw.toString('utf8'),
    mail,
    secure,
    user: typeof user === 'string' ? user : null,
  };
}

/** The error that makes the server say just this. */
function refusal(reply: string): Error {
  const [, code, text] = /^(\d{3}) (.*)$/.exec(reply) ?? [];
  return Object.assign(new Error(text), { responseCode: Number(code) });
}
