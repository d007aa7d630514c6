import { writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../shared/model/alert';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { createSystemClock } from '../../adapters/clock';
import { eventually, temporaryFolder } from '../../adapters/testing/children';
import { ManualClock } from '../../engine/testing/manual-clock';
import type { AlertMessage, Channel } from '../message';
import { createAuthority, selfSigned } from '../testing/certificates';
import { mailMessage } from '../testing/alert-message';
import { secretsOf } from '../testing/secrets';
import { startSmtpServer, type SmtpServerOptions, type TestSmtpServer } from '../testing/smtp-server';
import { MailChannel } from './mail-channel';

const PASSWORD = 'canary-7f3b91-password';
const login = { user: 'ada', password: PASSWORD };
const authority = createAuthority();

let folder: ReturnType<typeof temporaryFolder>;
let caFile: string;
let disposals: (() => void | Promise<void>)[];

beforeEach(() => {
  folder = temporaryFolder();
  caFile = join(folder.path, 'ca.pem');
  writeFileSync(caFile, authority.cert);
  disposals = [folder.remove];
});
afterEach(async () => {
  for (const dispose of disposals.reverse()) await dispose();
});

async function start(options?: SmtpServerOptions): Promise<TestSmtpServer> {
  const server = await startSmtpServer(options);
  disposals.push(() => server.dispose());
  return server;
}

/** A server that takes connections and never says a word. */
async function startBlackHole(): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  disposals.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** A server that greets only those who name themselves in full, as strict ones do; it keeps no mail. */
async function startStrict(names: string[]): Promise<{ host: string; port: number }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.write('220 strict.example.org\r\n');
    socket.on('data', (data) => {
      const [verb = '', name = ''] = String(data).trim().split(' ');
      if (/^(?:EHLO|HELO)$/.test(verb)) names.push(name);
      const isRefused = /^(?:EHLO|HELO)$/.test(verb) && !name.endsWith('.example.org');
      socket.write(isRefused ? '550 Invalid HELO name\r\n' : verb === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  disposals.push(() => void server.close());
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = await startSmtpServer();
  await server.dispose();
  return server.port;
}

interface ChannelOptions {
  settings?: Partial<Settings>;
  env?: Record<string, string>;
  secrets?: Record<string, string>;
  clock?: ManualClock;
}

function channelTo(place: { host: string; port: number }, options: ChannelOptions = {}): Channel {
  const settings = resolveSettings({
    'mail.host': place.host,
    'mail.port': place.port,
    'mail.tls': 'none',
    'mail.to': ['ada@example.org'],
    'mail.from': 'healdeck@example.org',
    'mail.timeoutMs': 5000,
    ...options.settings,
  });
  const channel = new MailChannel({
    settings: () => settings,
    env: options.env ?? {},
    secrets: secretsOf(options.secrets),
    hostname: 'kiosk-3',
    clock: options.clock ?? createSystemClock(),
  });
  disposals.push(() => channel.dispose());
  return channel;
}

/** Logs in over TLS, and trusts the authority of these tests. */
const secured = (tls: 'starttls' | 'implicit', password = PASSWORD): ChannelOptions => ({
  settings: { 'mail.tls': tls, 'mail.user': 'ada', 'mail.caFile': caFile },
  secrets: { 'mail.password': password },
});

const deliver = (channel: Channel, message: Partial<AlertMessage> = {}, signal = new AbortController().signal) =>
  channel.deliver(mailMessage(message), signal);

/** The problem of a delivery that failed; none of its words may hold the password. */
function problemOf(delivery: Delivery) {
  if (delivery.ok) throw new Error(`it was delivered: ${delivery.reply}`);
  const words = JSON.stringify(delivery.problem);
  expect(words).not.toContain(PASSWORD);
  expect(words).not.toContain(Buffer.from(PASSWORD).toString('base64'));
  return delivery.problem;
}

describe('a mail that arrives', () => {
  it.each(['starttls', 'implicit'] as const)(
    'is handed over by %s with a login, and brings the reply back',
    async (tls) => {
      const server = await start({ tls, certificate: authority.issue(), login });
      const channel = channelTo(server, secured(tls));
      expect(await channel.check()).toBeNull();
      expect(server.mails).toHaveLength(0);
      expect(await deliver(channel)).toEqual({ ok: true, reply: '250 2.0.0 Ok: queued as 1' });
      expect(server.mails).toMatchObject([
        { from: 'healdeck@example.org', to: ['ada@example.org'], secure: true, user: 'ada' },
      ]);
    },
  );

  it('has text, HTML, the picture, the thread and the time of what it tells', async () => {
    const server = await start();
    const message = mailMessage({ inReplyTo: '<4711.0@kiosk-3>', references: ['<4711.0@kiosk-3>'], watch: 'wéb' });
    await deliver(channelTo(server), message);
    const [received] = server.mails;
    expect(received?.mail).toMatchObject({
      subject: message.subject,
      messageId: message.messageId,
      inReplyTo: '<4711.0@kiosk-3>',
      references: '<4711.0@kiosk-3>',
      date: new Date(message.createdAt),
      text: message.text,
    });
    const headers = received?.mail.headers;
    expect(headers?.get('auto-submitted')).toBe('auto-generated');
    expect(headers?.get('x-auto-response-suppress')).toBe('All');
    expect(headers?.get('x-healdeck-incident')).toBe('4711');
    expect(received?.raw).toMatch(/^X-Healdeck-Watch: =\?UTF-8\?/m);
    expect(received?.raw).toMatch(/^Importance: high$/m);
    expect(received?.mail.html).toContain('data:image/png;base64,');
    expect(received?.mail.attachments).toMatchObject([
      { cid: 'chart', related: true, contentType: 'image/png' },
      { filename: 'last-words-wéb worker.txt', contentType: 'text/plain', contentDisposition: 'attachment' },
    ]);
    expect(received?.mail.attachments[1]?.content.toString('utf8')).toBe('Process 81 (jävä)\n');
    expect(received?.raw).toMatch(/^Content-Type: multipart\/mixed/m);
  });

  it('goes over the connection of the one before', async () => {
    const server = await start({ tls: 'starttls', certificate: authority.issue(), login });
    const channel = channelTo(server, secured('starttls'));
    await deliver(channel);
    await deliver(channel, { messageId: '<2@kiosk-3>' });
    expect(server.mails).toHaveLength(2);
    expect(server.connections).toBe(1);
  });

  it('leaves no connection open when nothing follows, settings change, or all ends', async () => {
    const server = await start();
    const clock = new ManualClock();
    const channel = channelTo(server, { clock });
    await deliver(channel);
    expect(server.open).toBe(1);
    await clock.advance(30_000);
    await eventually('the end of the idle connection', () => server.open === 0);
    await deliver(channel);
    channel.settingsChanged();
    await eventually('the end at a change', () => server.open === 0);
    await deliver(channel);
    channel.dispose();
    await eventually('the end of all', () => server.open === 0);
    expect(server.connections).toBe(3);
    expect(problemOf(await deliver(channel)).temporary).toBe(true);
  });

  it('takes a new connection where the server has cut the kept one, or ends it with 421', async () => {
    const server = await start();
    const channel = channelTo(server);
    await deliver(channel);
    server.cutAll();
    expect(await deliver(channel)).toMatchObject({ ok: true });
    const answers = [{ reply: '421 4.3.2 System is going down' }];
    server.answer('sender', () => answers.pop() ?? null);
    expect(await deliver(channel)).toMatchObject({ ok: true });
    expect(server.mails).toHaveLength(3);
  });

  it('is sent by what the environment says, over the settings', async () => {
    const server = await start({ tls: 'implicit', certificate: authority.issue(), login });
    const channel = channelTo(
      { host: 'nobody.invalid', port: 1 },
      {
        settings: { 'mail.caFile': caFile },
        secrets: { 'mail.password': PASSWORD },
        env: {
          HEALDECK_SMTP_HOST: '127.0.0.1',
          HEALDECK_SMTP_PORT: String(server.port),
          HEALDECK_SMTP_TLS: 'implicit',
          HEALDECK_SMTP_USER: 'ada',
          HEALDECK_SMTP_FROM: 'Watch <watch@example.org>',
          HEALDECK_SMTP_TO: 'bob@example.org, eve@example.org',
        },
      },
    );
    expect(channel.recipients()).toEqual(['bob@example.org', 'eve@example.org']);
    expect(await deliver(channel, { recipient: 'bob@example.org' })).toMatchObject({ ok: true });
    expect(server.mails).toMatchObject([{ from: 'watch@example.org', to: ['bob@example.org'] }]);
  });
});

describe("a server that can't be reached", () => {
  it('is named when its name is unknown', async () => {
    const channel = channelTo(
      { host: 'no-such-host.invalid', port: 25 },
      { settings: { 'mail.allowPlaintext': true } },
    );
    expect(problemOf(await deliver(channel))).toMatchObject({ step: 'name', temporary: true });
  });

  it('is named when the port refuses', async () => {
    const port = await freePort();
    const channel = channelTo({ host: '127.0.0.1', port });
    const problem = problemOf(await deliver(channel));
    expect(problem).toMatchObject({ step: 'connection', temporary: true });
    expect(problem.message).toBe(`127.0.0.1:${port} refuses the connection (ECONNREFUSED).`);
    expect(await channel.check()).toEqual(problem);
  });

  it('is given up when it takes the connection and says nothing', async () => {
    const channel = channelTo(await startBlackHole(), { settings: { 'mail.timeoutMs': 3000 } });
    const problem = problemOf(await deliver(channel));
    expect(problem).toMatchObject({ step: 'timeout', temporary: true });
    expect(problem.message).toContain('sent no greeting');
  });

  it('is given up when the try is broken off, though each answer of it comes in time', async () => {
    const server = await start();
    server.delay(200);
    const channel = channelTo(server);
    const problem = problemOf(await deliver(channel, {}, AbortSignal.timeout(300)));
    expect(problem).toMatchObject({ step: 'timeout', temporary: true });
    await eventually('the end of the connection', () => server.open === 0);
  });

  it.each([
    ['login', 'the login'],
    ['recipient', 'sender and recipient'],
  ] as const)('says that the time ran out at the step %s', async (step, words) => {
    const server = await start({ login });
    server.answer(step, 'silence');
    const channel = channelTo(server, {
      settings: { 'mail.user': 'ada', 'mail.timeoutMs': 3000 },
      secrets: { 'mail.password': PASSWORD },
    });
    const problem = problemOf(await deliver(channel));
    expect(problem).toMatchObject({ step: 'timeout', temporary: true });
    expect(problem.message).toContain(words);
  });
});

describe('a certificate', () => {
  const foreign = createAuthority('Somebody else');
  it.each([
    ['has expired', () => authority.issue({ days: -1 }), 'has expired'],
    ['is self-signed', () => selfSigned(), 'is self-signed'],
    ['is for another name', () => authority.issue({ names: ['mail.example.org'] }), 'is made for another name'],
    ['is by an unknown authority', () => foreign.issue(), 'is signed by an authority that is not known here'],
  ] as const)('that %s is refused', async (_, make, words) => {
    for (const tls of ['starttls', 'implicit'] as const) {
      const server = await start({ tls, certificate: make(), login });
      const problem = problemOf(await deliver(channelTo(server, secured(tls))));
      expect(problem).toMatchObject({ step: 'tls', temporary: true });
      expect(problem.message).toContain(words);
      expect(server.mails).toHaveLength(0);
    }
  });

  it('of an authority that nobody named is refused', async () => {
    const server = await start({ tls: 'implicit', certificate: authority.issue() });
    const channel = channelTo(server, { settings: { 'mail.tls': 'implicit' } });
    expect(problemOf(await deliver(channel)).step).toBe('tls');
  });

  it("that can't be read is a problem of the settings", async () => {
    const server = await start({ tls: 'implicit', certificate: authority.issue() });
    writeFileSync(caFile, 'no certificate');
    const channel = channelTo(server, { settings: { 'mail.tls': 'implicit', 'mail.caFile': caFile } });
    expect(problemOf(await deliver(channel))).toMatchObject({ step: 'configuration', temporary: true });
    expect((await channel.check())?.message).toContain('contains no certificate');
  });
});

describe('encryption that does not come about', () => {
  it('is never done without', async () => {
    const server = await start({ login });
    const problem = problemOf(await deliver(channelTo(server, secured('starttls'))));
    expect(problem).toMatchObject({ step: 'tls', temporary: true });
    expect(problem.message).toContain('offers no encryption by STARTTLS');
  });

  it('is named when the port speaks no TLS from the first byte', async () => {
    const server = await start({ login });
    const problem = problemOf(await deliver(channelTo(server, secured('implicit'))));
    expect(problem.message).toContain('does not speak TLS from the first byte');
  });
});

describe('a refusal', () => {
  it('of the login leaves the mail waiting', async () => {
    const server = await start({ tls: 'starttls', certificate: authority.issue(), login });
    server.answer('login', { reply: `535 5.7.8 wrong: ${PASSWORD} ${Buffer.from(PASSWORD).toString('base64')}` });
    const channel = channelTo(server, secured('starttls'));
    const problem = problemOf(await deliver(channel));
    expect(problem).toMatchObject({ step: 'login', temporary: true });
    expect(problem.message).toContain('refuses the login as ada: 535 5.7.8 wrong: ••• •••');
    expect(await channel.check()).toEqual(problem);
  });

  it('is named when no login is offered', async () => {
    const server = await start();
    const channel = channelTo(server, { settings: { 'mail.user': 'ada' }, secrets: { 'mail.password': PASSWORD } });
    const problem = problemOf(await deliver(channel));
    expect(problem).toMatchObject({ step: 'login', temporary: true });
    expect(problem.message).toContain('offers no usable login');
  });

  it.each([
    ['sender', '550 5.7.1 Not yours', 'sender', true],
    ['recipient', '550 5.1.1 No such user', 'recipient', false],
    ['recipient', '450 4.2.0 Greylisted', 'recipient', true],
    ['recipient', '554 5.7.1 Relay access denied', 'login', true],
    ['message', '554 5.7.1 Looks like spam', 'content', false],
    ['message', '452 4.3.1 No space', 'server', true],
    ['connect', '554 5.7.1 Go away', 'greeting', true],
    ['sender', '421 4.3.2 Too many mails', 'server', true],
  ] as const)('at the step %s: %s', async (at, reply, step, temporary) => {
    const server = await start();
    server.answer(at, { reply });
    const problem = problemOf(await deliver(channelTo(server)));
    expect(problem).toMatchObject({ step, temporary });
    expect(problem.message).toContain(reply);
    expect(problem.advice).not.toBe('');
  });
});

it('says that a mail may have arrived when the connection is cut after it, and sends the same again', async () => {
  const server = await start();
  server.answer('message', 'cut');
  const channel = channelTo(server, { settings: { 'mail.fallbackServers': ['smtp://127.0.0.1:9'] } });
  const problem = problemOf(await deliver(channel));
  expect(problem).toMatchObject({ step: 'server', temporary: true });
  expect(problem.message).toContain('it may have arrived');
  server.answer('message', null);
  expect(await deliver(channel)).toMatchObject({ ok: true });
  const [first, second] = server.mails;
  expect(second?.mail.messageId).toBe(first?.mail.messageId);
});

describe('several servers', () => {
  it('are tried in order, each with its own login', async () => {
    const second = await start({ tls: 'implicit', certificate: authority.issue(), login });
    const third = await start();
    const channel = channelTo(
      { host: '127.0.0.1', port: await freePort() },
      {
        settings: {
          'mail.caFile': caFile,
          'mail.fallbackServers': [`smtps://ada@localhost:${second.port}`, `smtp://127.0.0.1:${third.port}`],
        },
        secrets: { 'mail.password@localhost': PASSWORD },
      },
    );
    expect(await deliver(channel)).toMatchObject({ ok: true });
    expect([second.mails.length, third.mails.length]).toEqual([1, 0]);
    second.answer('login', { reply: '535 5.7.8 no' });
    second.cutAll();
    expect(await deliver(channel)).toMatchObject({ ok: true });
    expect(third.mails).toHaveLength(1);
    third.answer('sender', { reply: '421 4.3.2 busy' });
    third.cutAll();
    const problem = problemOf(await deliver(channel));
    expect(problem.step).toBe('connection');
    for (const words of ['ECONNREFUSED', '535 5.7.8 no', '421 4.3.2 busy']) expect(problem.message).toContain(words);
  });

  it('are not asked when one refuses the recipient for good', async () => {
    const [first, second] = [await start(), await start()];
    first.answer('recipient', { reply: '550 5.1.1 No such user' });
    const channel = channelTo(first, { settings: { 'mail.fallbackServers': [`smtp://127.0.0.1:${second.port}`] } });
    expect(problemOf(await deliver(channel))).toMatchObject({ step: 'recipient', temporary: false });
    expect(second.connections).toBe(0);
  });
});

it('hands over mails that come at once one after the other', async () => {
  const server = await start();
  const channel = channelTo(server);
  const ids = Array.from({ length: 5 }, (_, index) => `<${index}@kiosk-3>`);
  const deliveries = await Promise.all(ids.map((messageId) => deliver(channel, { messageId })));
  expect(deliveries.every(({ ok }) => ok)).toBe(true);
  expect(server.mails.map(({ mail }) => mail.messageId)).toEqual(ids);
  expect(server.connections).toBe(1);
});

describe('a server that refuses names that are not full', () => {
  it('is named with the setting that helps, and takes the name that is set', async () => {
    const names: string[] = [];
    const server = await startStrict(names);
    const settings = { 'mail.from': 'healdeck@kiosk-3' };
    const problem = await channelTo(server, { settings }).check();
    expect(problem?.message).toContain('550 Invalid HELO name');
    expect(problem?.advice).toContain('mail.heloName');
    const named = channelTo(server, { settings: { ...settings, 'mail.heloName': 'kiosk-3.example.org' } });
    expect(await named.check()).toBeNull();
    expect(names).toEqual(['[127.0.0.1]', '[127.0.0.1]', 'kiosk-3.example.org']);
  });
});
