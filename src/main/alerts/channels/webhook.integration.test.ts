import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveSettings, type Settings } from '../../../shared/model/settings';
import { createSystemClock } from '../../adapters/clock';
import { alertMessage } from '../testing/alert-message';
import { selfSigned } from '../testing/certificates';
import { WebhookChannel } from './webhook';

const TOKEN = 'T0KEN-canary-31337';
const KEY = 'canary-key-of-the-signature';
const never = new AbortController().signal;

describe('a webhook', () => {
  let overrides: Partial<Settings>;
  let secrets: Record<string, string>;
  let undo: (() => Promise<void> | void)[];
  let channel: WebhookChannel;

  beforeEach(() => {
    overrides = {};
    secrets = {};
    undo = [];
    channel = new WebhookChannel({
      settings: () => resolveSettings(overrides),
      secrets: { read: (name) => secrets[name] ?? null },
      clock: createSystemClock(),
    });
    undo.push(() => channel.dispose());
  });
  afterEach(async () => {
    for (const dispose of undo.reverse()) await dispose();
  });

  async function listen(server: TcpServer): Promise<number> {
    const sockets = new Set<Socket>();
    server.on('connection', (socket: Socket) => sockets.add(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    undo.push(async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
    return (server.address() as AddressInfo).port;
  }

  /** A server that answers as it is told, and what it got. */
  async function service(answer: RequestListener): Promise<{ got: { request: IncomingMessage; body: string }[] }> {
    const got: { request: IncomingMessage; body: string }[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        got.push({ request, body });
        answer(request, response);
      });
    });
    secrets['webhook.url'] = `http://127.0.0.1:${await listen(server)}/hooks/${TOKEN}?v=2`;
    return { got };
  }

  const answerWith =
    (status: number, body = '', headers: Record<string, string> = {}): RequestListener =>
    (_request: IncomingMessage, response: ServerResponse) => {
      response.writeHead(status, headers).end(body);
    };

  it('is off until its address is set, and when it is switched off', async () => {
    expect(channel.recipients()).toEqual([]);
    expect(channel.describe()).toBe('the secret webhook.url is not set');
    await expect(channel.check()).resolves.toBeNull();
    secrets['webhook.url'] = `https://hooks.example.org/${TOKEN}`;
    expect(channel.recipients()).toEqual(['']);
    expect(channel.describe()).toBe('hooks.example.org, json');
    secrets['webhook.key'] = KEY;
    overrides = { 'webhook.format': 'slack', 'webhook.perHour': 9 };
    expect(channel.describe()).toBe('hooks.example.org, slack, signed');
    expect(channel.perHour()).toBe(9);
    overrides = { 'webhook.enabled': false };
    expect(channel.recipients()).toEqual([]);
    expect(channel.describe()).toBe('switched off');
  });

  it('has an unusable address found before anything is sent', async () => {
    secrets['webhook.url'] = `http://hooks.example.org/${TOKEN}`;
    expect(channel.describe()).toBe("the secret webhook.url can't be used");
    const problem = await channel.check();
    expect(problem).toMatchObject({ step: 'configuration', temporary: false });
    await expect(channel.deliver(alertMessage(), never)).resolves.toEqual({ ok: false, problem });
  });

  it('is posted the message, signed so that a receiver can verify it', async () => {
    const { got } = await service(answerWith(202, 'thank you'));
    secrets['webhook.key'] = KEY;
    await expect(channel.deliver(alertMessage(), never)).resolves.toEqual({
      ok: true,
      reply: '202 Accepted thank you',
    });
    const [{ request, body } = { request: undefined, body: '' }] = got;
    expect(request?.method).toBe('POST');
    expect(request?.url).toBe(`/hooks/${TOKEN}?v=2`);
    expect(request?.headers['content-type']).toBe('application/json; charset=utf-8');
    expect(request?.headers['x-healdeck-id']).toBe(alertMessage().messageId);
    expect(JSON.parse(body)).toMatchObject({ version: 1, id: alertMessage().messageId, eventCount: 1 });
    // As the README tells receivers to.
    const [, seconds, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(
      String(request?.headers['x-healdeck-signature']),
    )!;
    expect(createHmac('sha256', KEY).update(`${seconds}.${body}`).digest('hex')).toBe(signature);
    expect(Math.abs(Date.now() / 1000 - Number(seconds))).toBeLessThan(300);
  });

  it('gets no signature without a key, and user and password as a header', async () => {
    const { got } = await service(answerWith(204));
    secrets['webhook.url'] = secrets['webhook.url']?.replace('http://', 'http://ada:p%40ss@') ?? '';
    await expect(channel.deliver(alertMessage(), never)).resolves.toMatchObject({ ok: true });
    expect(got[0]?.request.headers).toMatchObject({ authorization: `Basic ${btoa('ada:p@ss')}` });
    expect(got[0]?.request.headers).not.toHaveProperty('x-healdeck-signature');
  });

  it.each(['slack', 'discord', 'teams'] as const)('is posted what %s understands', async (format) => {
    const { got } = await service(answerWith(200, 'ok'));
    overrides = { 'webhook.format': format };
    await channel.deliver(alertMessage(), never);
    const key = { slack: 'blocks', discord: 'embeds', teams: 'attachments' }[format];
    expect(JSON.parse(got[0]?.body ?? '')).toHaveProperty(key);
  });

  it.each([
    [500, {}, true, /has a problem/],
    [503, { 'retry-after': '120' }, true, /asks to wait 120 s\./],
    [503, { 'retry-after': 'Wed, 25 Nov 2026 07:28:00 GMT' }, true, /until 2026-11-25T07:28:00\.000Z\./],
    [429, { 'retry-after': '<script>' }, true, /lower webhook\.perHour\.$/],
    [408, {}, true, /tried again/],
    [425, {}, true, /tried again/],
    [400, {}, false, /webhook\.format/],
    [403, {}, false, /webhook\.key/],
    [404, {}, false, /create a new one/],
    [413, {}, false, /too large/],
    [418, {}, false, /Check the address/],
  ] as const)('that answers %i %j: tried again is %s', async (status, headers, temporary, advice) => {
    await service(answerWith(status, 'no\n<b>service</b>', headers));
    const delivery = await channel.deliver(alertMessage(), never);
    expect(delivery).toMatchObject({
      ok: false,
      problem: { step: 'server', temporary, advice: expect.stringMatching(advice) },
    });
    expect(JSON.stringify(delivery)).toMatch(new RegExp(`127\\.0\\.0\\.1:\\d+ answered ${status}: no <b>service</b>`));
  });

  it('is not followed to another address', async () => {
    const elsewhere = await service(answerWith(200));
    const location = secrets['webhook.url'] ?? '';
    await service(answerWith(307, '', { location }));
    const delivery = await channel.deliver(alertMessage(), never);
    expect(delivery).toMatchObject({ ok: false, problem: { step: 'server', temporary: false } });
    expect(JSON.stringify(delivery)).toMatch(/answered 307.*are not followed/);
    expect(elsewhere.got).toEqual([]);
  });

  it('that repeats the secrets in its answer has them hidden, and a long answer cut', async () => {
    secrets['webhook.key'] = KEY;
    await service((request, response) => response.writeHead(404).end(`no ${request.url} ${KEY} ${'x'.repeat(1e6)}`));
    const delivery = await channel.deliver(alertMessage(), never);
    const text = JSON.stringify(delivery);
    expect(text).toContain('answered 404: no ••• ••• xxx');
    expect(text).not.toMatch(/canary/);
    expect(text.length).toBeLessThan(600);
  });

  it('that takes the post and says nothing is given up', async () => {
    const { got } = await service(() => undefined);
    overrides = { 'webhook.timeoutMs': 1000 };
    await expect(channel.deliver(alertMessage(), never)).resolves.toMatchObject({
      ok: false,
      problem: { step: 'timeout', temporary: true, message: expect.stringMatching(/did not answer within 1 s\.$/) },
    });
    expect(got).toHaveLength(1);
  });

  it('that takes connections and reads nothing is given up', async () => {
    const hole = createTcpServer((socket) => void socket.pause().on('error', () => undefined));
    secrets['webhook.url'] = `http://127.0.0.1:${await listen(hole)}/${TOKEN}`;
    overrides = { 'webhook.timeoutMs': 1000 };
    const delivery = await channel.deliver(alertMessage(), never);
    expect(delivery).toMatchObject({ ok: false, problem: { step: 'timeout' } });
  });

  it('has taken the message once its status says so, however slow the rest comes', async () => {
    await service((_request, response) => void response.writeHead(200).write('taken'));
    overrides = { 'webhook.timeoutMs': 1000 };
    await expect(channel.deliver(alertMessage(), never)).resolves.toEqual({ ok: true, reply: '200 OK taken' });
  });

  it('is broken off when the outbox or the engine does not want to wait', async () => {
    await service((request) => {
      if (request.headers['x-healdeck-id'] === '<1>') outbox.abort();
      else channel.dispose();
    });
    const outbox = new AbortController();
    const brokenOff = { ok: false, problem: { step: 'timeout', message: expect.stringMatching(/was cancelled/) } };
    await expect(channel.deliver(alertMessage({ messageId: '<1>' }), outbox.signal)).resolves.toMatchObject(brokenOff);
    await expect(channel.deliver(alertMessage({ messageId: '<1>' }), outbox.signal)).resolves.toMatchObject(brokenOff);
    await expect(channel.deliver(alertMessage({ messageId: '<2>' }), never)).resolves.toMatchObject(brokenOff);
  });

  it('whose certificate nobody vouches for is not trusted', async () => {
    const server = createTlsServer(selfSigned(), answerWith(200));
    secrets['webhook.url'] = `https://127.0.0.1:${await listen(server)}/${TOKEN}`;
    const delivery = await channel.deliver(alertMessage(), never);
    expect(delivery).toMatchObject({ ok: false, problem: { step: 'tls', temporary: true } });
    expect(JSON.stringify(delivery)).toMatch(/DEPTH_ZERO_SELF_SIGNED_CERT.*NODE_EXTRA_CA_CERTS/);
    expect(JSON.stringify(delivery)).not.toContain(TOKEN);
  });

  it('that speaks no TLS, or no HTTP, is told apart', async () => {
    const server = createTcpServer((socket) =>
      socket.on('error', () => undefined).end('220 mail.example.org ESMTP\r\n'),
    );
    const port = await listen(server);
    secrets['webhook.url'] = `https://127.0.0.1:${port}/${TOKEN}`;
    await expect(channel.deliver(alertMessage(), never)).resolves.toMatchObject({ problem: { step: 'tls' } });
    secrets['webhook.url'] = `http://127.0.0.1:${port}/${TOKEN}`;
    await expect(channel.deliver(alertMessage(), never)).resolves.toMatchObject({ problem: { step: 'server' } });
  });

  it('that is not there is named: its name, or its port', async () => {
    secrets['webhook.url'] = `https://no-such-host.invalid/${TOKEN}`;
    const unnamed = await channel.deliver(alertMessage(), never);
    expect(unnamed).toMatchObject({ ok: false, problem: { step: 'name', temporary: true } });
    const server = createTcpServer();
    const port = await listen(server);
    await new Promise((resolve) => server.close(resolve));
    secrets['webhook.url'] = `http://localhost:${port}/${TOKEN}`;
    const refused = await channel.deliver(alertMessage(), never);
    expect(refused).toMatchObject({ ok: false, problem: { step: 'connection', temporary: true } });
    expect(JSON.stringify(refused)).toContain(`localhost:${port} refuses the connection (ECONNREFUSED).`);
    expect(JSON.stringify([unnamed, refused])).not.toContain(TOKEN);
  });
});
