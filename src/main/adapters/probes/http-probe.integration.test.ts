import { chmodSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAuthority, selfSigned, type Certificate } from '../../alerts/testing/certificates';
import { secretMask } from '../../../shared/lib/process/mask-secrets';
import type { Clock } from '../../engine/ports';
import { createSystemClock } from '../clock';
import { eventually, temporaryFolder } from '../testing/children';
import { createTestProber, httpCheck, listening, textOf, wordsOf } from '../testing/prober';
import type { NetworkProber } from './prober';

const LIMIT_MS = 5000;
const SHORT_MS = 200;
/** What an answer may take beyond its limit on a machine that is busy. */
const LITTLE_MS = 1500;

let prober: NetworkProber;
let folder: ReturnType<typeof temporaryFolder>;
let servers: Server[];
/** Sockets that servers of this test have open. */
let sockets: Set<Socket>;
const secrets = new Map([['probe.token', 'Bearer s3cr3t-t0ken-value']]);

beforeEach(() => {
  prober = createTestProber({ secretOf: (name) => secrets.get(name) ?? null });
  folder = temporaryFolder();
  servers = [];
  sockets = new Set();
});

afterEach(async () => {
  prober.dispose();
  for (const socket of sockets) socket.destroy();
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  folder.remove();
});

async function serve(server: Server, path?: string): Promise<number> {
  servers.push(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  return listening(server, path);
}

const serveHttp = (listener: RequestListener): Promise<number> => serve(createServer(listener));
const serveTcp = (onSocket: (socket: Socket) => void): Promise<number> => serve(createTcpServer(onSocket));

/** Reads what it gets, and answers nothing. */
const silence = (socket: Socket): void => void socket.resume();

/** Sends these bytes for each request, whatever it is. */
const serveBytes = (text: string | Buffer): Promise<number> =>
  serveTcp((socket) => socket.once('data', () => socket.end(text)));

async function serveTls(certificate: Certificate, listener: RequestListener = (_, response) => response.end('ok')) {
  return serve(createTlsServer({ ...certificate }, listener) as unknown as Server);
}

type Options = Parameters<typeof httpCheck>[1];
const ask = (port: number, options: Options = {}, path = '/', limitMs = LIMIT_MS): Promise<string> =>
  wordsOf(prober.ask(httpCheck(`http://127.0.0.1:${port}${path}`, options), limitMs));
const askTls = (port: number, options: Options = {}, host = '127.0.0.1'): Promise<string> =>
  wordsOf(prober.ask(httpCheck(`https://${host}:${port}/`, options), LIMIT_MS));

/** Answers within the limit and a little. */
async function askHanging(port: number, options: Options = {}, limitMs = SHORT_MS): Promise<string> {
  const startedMs = performance.now();
  const answer = await prober.ask(httpCheck(`http://127.0.0.1:${port}/`, options), limitMs).answer;
  expect(performance.now() - startedMs).toBeLessThan(limitMs + LITTLE_MS);
  expect(answer.latencyMs).toBeGreaterThanOrEqual(limitMs - 1);
  return textOf(answer);
}

const noSocketIsLeft = (): Promise<true> => eventually('no connection', () => sockets.size === 0);

describe('an HTTP check', () => {
  it('passes with the status in words, after a request on a connection of its own', async () => {
    const requests: string[] = [];
    const port = await serveHttp(({ method, url, headers, socket }, response) => {
      requests.push(`${method} ${url} ${socket.remotePort} ${headers.connection} ${headers['accept-encoding']}`);
      response.end('fine\n');
    });
    expect(await ask(port, {}, '/health?deep=1')).toBe('passed: 200 OK');
    expect(await ask(port, { method: 'HEAD' })).toBe('passed: 200 OK');
    expect(await ask(port, { method: 'POST' })).toBe('passed: 200 OK');
    expect(requests.map((request) => request.replace(/ \d+ /, ' '))).toEqual([
      'GET /health?deep=1 close undefined',
      'HEAD / close undefined',
      'POST / close undefined',
    ]);
    expect(new Set(requests.map((request) => request.split(' ')[2])).size).toBe(3);
    await noSocketIsLeft();
  });

  it('measures by the monotonic clock', async () => {
    const port = await serveHttp((_, response) => void setTimeout(() => response.end(), 50));
    const { latencyMs } = await prober.ask(httpCheck(`http://127.0.0.1:${port}/`), LIMIT_MS).answer;
    expect(latencyMs).toBeGreaterThanOrEqual(45);
    expect(latencyMs).toBeLessThan(LIMIT_MS);
  });

  it('sends headers as they are given, and secrets from the store', async () => {
    let seen: NodeJS.Dict<string | string[]> = {};
    const port = await serveHttp(({ headers }, response) => {
      seen = headers;
      response.end();
    });
    const headers = { 'X-Plain': 'value', 'X-Auth': { secret: 'probe.token' }, Host: 'shop.example' };
    expect(await ask(port, { headers })).toBe('passed: 200 OK');
    expect(seen).toMatchObject({
      ...{ 'x-plain': 'value', 'x-auth': secrets.get('probe.token'), host: 'shop.example', 'user-agent': 'Healdeck' },
    });
  });

  it('fails without its secret, before it connects', async () => {
    const port = await serveHttp((_, response) => response.end());
    expect(await ask(port, { headers: { 'X-Auth': { secret: 'probe.other' } } })).toBe(
      'failed: the secret probe.other is not stored',
    );
    secrets.set('probe.broken', 'two\r\nX-Injected: lines');
    expect(await ask(port, { headers: { 'X-Auth': { secret: 'probe.broken' } } })).toBe(
      'failed: the secret probe.broken contains characters that no header can have',
    );
    expect(sockets.size).toBe(0);
  });

  it.each([
    ['in the body', (token: string) => `HTTP/1.1 401 Unauthorized\r\n\r\nwrong: ${token}, sorry`],
    ['in the reason', (token: string) => `HTTP/1.1 401 ${token}\r\n\r\n`],
    ['in place of a response', (token: string) => `220 ${token}\r\n`],
    ['in a redirect', (token: string) => `HTTP/1.1 302 Found\r\nLocation: ftp://h/${encodeURI(token)}\r\n\r\n`],
    ['cut off', (token: string) => `HTTP/1.1 401 Unauthorized\r\n\r\nwrong: ${token.slice(0, -4)}`],
    ['without its scheme', (token: string) => `HTTP/1.1 401 Unauthorized\r\n\r\nwrong: ${token.split(' ')[1]}`],
  ])('never shows a secret that the server sends back %s', async (_, answer) => {
    const port = await serveBytes(answer(secrets.get('probe.token') ?? ''));
    const words = await ask(port, { headers: { 'X-Auth': { secret: 'probe.token' } } });
    expect(words).toContain('•••');
    expect(words).not.toContain('s3cr3t');
  });

  it('masks what is secret elsewhere', async () => {
    prober = createTestProber({ mask: secretMask(['mail-password']) });
    const port = await serveBytes('HTTP/1.1 500 Oops\r\n\r\nlogin with mail-password failed');
    expect(await ask(port)).toBe('failed: 500 Oops, body: login with ••• failed');
  });

  it('shows the first line of the body of a failure: on one line, cut', async () => {
    const port = await serveHttp(({ url }, response) => {
      response.statusCode = 503;
      response.end(url === '/long' ? 'x'.repeat(5000) : '\n  database \x1b[31mis\u202e down \r\nstack');
    });
    expect(await ask(port)).toBe('failed: 503 Service Unavailable, body: database \\x1b[31mis\\u202e down');
    const answer = await prober.ask(httpCheck(`http://127.0.0.1:${port}/long`), LIMIT_MS).answer;
    expect(answer.words).toMatch(/^503 Service Unavailable, body: x+…$/);
    expect(answer.words.length).toBeLessThanOrEqual(300);
  });

  it('shows no body that is no text', async () => {
    const port = await serveHttp(({ url }, response) => {
      response.writeHead(500, url === '/gzip' ? { 'content-encoding': 'gzip' } : {});
      response.end(url === '/gzip' ? gzipSync('down') : Buffer.from([0x89, 0x50, 0, 0xff, 0xfe, 0xfd]));
    });
    expect(await ask(port, {}, '/gzip')).toBe('failed: 500 Internal Server Error');
    expect(await ask(port, {}, '/image')).toBe('failed: 500 Internal Server Error');
  });

  it('passes with the statuses that it names', async () => {
    const port = await serveHttp(({ url = '' }, response) => {
      response.statusCode = Number(url.slice(1));
      response.end();
    });
    expect(await ask(port, { statuses: '200,404-410' }, '/404')).toBe('passed: 404 Not Found');
    expect(await ask(port, { statuses: '200,404-410' }, '/204')).toBe('failed: 204 No Content, expected 200,404-410');
    expect(await ask(port, {}, '/399')).toBe('passed: 399 unknown');
    expect(await ask(port, {}, '/400')).toBe('failed: 400 Bad Request');
  });
});

describe('the body of an HTTP check', () => {
  it('has to match an expression of RE2', async () => {
    const port = await serveHttp((_, response) => response.end('{"status": "starting"}'));
    expect(await ask(port, { body: '"status":\\s*"(ok|starting)"' })).toBe('passed: 200 OK');
    expect(await ask(port, { body: '"ok"' })).toBe(
      'failed: 200 OK, but no match of "ok" in its body, body: {"status": "starting"}',
    );
    expect(await ask(port, { body: '(' })).toMatch(/^failed: Expected a regular expression in RE2 syntax/);
  });

  it('is read in pieces, as chunks and over one byte at a time', async () => {
    const port = await serveTcp((socket) => {
      const bytes = Buffer.from(
        'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;a=b\r\ndata\r\n4\r\nbase\r\n0\r\n\r\n',
      );
      let at = 0;
      socket.setNoDelay(true);
      const next = (): void => {
        if (at < bytes.length) socket.write(bytes.subarray(at, (at += 1)), () => setImmediate(next));
      };
      socket.once('data', next);
    });
    expect(await ask(port, { body: '^database$' })).toBe('passed: 200 OK');
  });

  it.each(['endless', 'a gigabyte, as it claims'])('is read up to 64 KiB: %s', async (kind) => {
    let sentBytes = 0;
    const port = await serveHttp((_, response) => {
      if (kind !== 'endless') response.setHeader('content-length', 1e9);
      const piece = Buffer.alloc(16 * 1024, 'a');
      const send = (): void => {
        while (response.writable && response.write(piece)) sentBytes += piece.length;
      };
      response.on('drain', send);
      send();
    });
    expect(await ask(port, { body: 'b' })).toMatch(
      /^failed: 200 OK, but no match of b in the first 64 KiB of its body, body: a/,
    );
    await noSocketIsLeft();
    // What was under way in the buffers of both sides.
    expect(sentBytes).toBeLessThan(50_000_000);
  });

  it('that drips ends at the limit', async () => {
    const port = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      const timer = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(timer));
    });
    expect(await askHanging(port, { body: 'ready' })).toBe('failed: 200 OK, but its body did not end within 200 ms');
    // Where it decides nothing, it is not waited for.
    expect(await ask(port)).toBe('passed: 200 OK');
    await noSocketIsLeft();
  });

  it('that is a compressed bomb is never unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000, 'a'));
    const port = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    expect(await ask(port, { body: 'aaaa' })).toMatch(/^failed: 200 OK, but no match of aaaa/);
  });

  it('that is broken off is no match', async () => {
    const port = await serveBytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nready');
    expect(await ask(port, { body: 'ready' })).toBe('failed: 200 OK, but its body was broken off');
    expect(await ask(port)).toBe('passed: 200 OK');
  });
});

describe('a server that gives no good answer', () => {
  it('is none: the connection is refused', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await ask(port)).toBe('failed: connection refused');
    expect(await wordsOf(prober.ask(httpCheck(`http://localhost:${port}/`), LIMIT_MS))).toBe(
      'failed: connection refused',
    );
  });

  it('has no name', async () => {
    expect(await wordsOf(prober.ask(httpCheck('http://no-such-host.invalid/'), 20_000))).toMatch(
      /^failed: (?:no such host|the name of the host could not be looked up now)$/,
    );
  });

  it('accepts and is silent', async () => {
    const port = await serveTcp(silence);
    expect(await askHanging(port)).toBe('failed: no answer within 200 ms');
    await noSocketIsLeft();
  });

  it('closes or resets the connection', async () => {
    const closing = await serveTcp((socket) => socket.once('data', () => socket.end()));
    expect(await ask(closing)).toBe('failed: closed the connection without an answer');
    const resetting = await serveTcp((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(await ask(resetting)).toBe('failed: closed the connection without an answer');
  });

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'SSH-2.0-OpenSSH_9.2'],
    ["-ERR unknown command 'GET'\r\n", "-ERR unknown command 'GET'"],
    ['hi', 'hi'],
    ['HTTP/2 200\r\n\r\n', 'HTTP/2 200'],
    ['\x00\x01\x02', '\\x00\\x01\\x02'],
  ])('speaks something else: %j', async (text, shown) => {
    expect(await ask(await serveBytes(text))).toBe(`failed: not an HTTP server: ${shown}`);
  });

  it('sends a header without an end', async () => {
    const port = await serveTcp((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      const send = (): void => {
        while (socket.writable && socket.write(`X-Bomb: ${'b'.repeat(8000)}\r\n`));
      };
      socket.on('drain', send);
      send();
    });
    expect(await ask(port)).toBe('failed: its header is longer than 16 KiB');
    await noSocketIsLeft();
  });
});

describe('redirects', () => {
  it('are followed, five at most', async () => {
    const port = await serveHttp(({ url = '' }, response) => {
      const left = Number(url.slice(1));
      response.writeHead(left === 0 ? 200 : 302, left === 0 ? {} : { location: `/${left - 1}` });
      response.end();
    });
    expect(await ask(port, {}, '/5')).toBe('passed: 200 OK');
    expect(await ask(port, {}, '/6')).toBe(`failed: more than 5 redirects, the last to http://127.0.0.1:${port}/0`);
    expect(await ask(port, { statuses: '302' }, '/5')).toBe('passed: 302 Found');
    await noSocketIsLeft();
  });

  it('in a loop are named', async () => {
    const port = await serveHttp(({ url }, response) => {
      response.writeHead(301, { location: url === '/a' ? '/b#x' : '/a' });
      response.end();
    });
    expect(await ask(port, {}, '/a')).toBe(`failed: redirect loop: it leads to http://127.0.0.1:${port}/a again`);
  });

  it('to another origin get no secret, cookie or host of the first, not even back at it', async () => {
    const seen: string[] = [];
    const note = (where: string, { url = '', headers }: IncomingMessage): void => {
      seen.push(
        `${where}${url} ${JSON.stringify([headers['x-auth'], headers.cookie, headers['x-plain'], headers.host])}`,
      );
    };
    let own = 0;
    const other = await serveHttp((request, response) => {
      note('other', request);
      response.writeHead(302, { location: `http://127.0.0.1:${own}/back` });
      response.end();
    });
    own = await serveHttp((request, response) => {
      note('own', request);
      const target = { '/': '/next', '/next': `http://127.0.0.1:${other}/` }[request.url ?? ''];
      response.writeHead(target === undefined ? 200 : 302, target === undefined ? {} : { location: target });
      response.end();
    });
    const secret = { secret: 'probe.token' };
    const headers = { 'X-Auth': secret, Cookie: secret, 'X-Plain': 'yes', Host: 'shop.example' };
    expect(await ask(own, { headers })).toBe('passed: 200 OK');
    const token = secrets.get('probe.token');
    expect(seen).toEqual([
      `own/ ${JSON.stringify([token, token, 'yes', 'shop.example'])}`,
      `own/next ${JSON.stringify([token, token, 'yes', 'shop.example'])}`,
      `other/ ${JSON.stringify([null, null, 'yes', `127.0.0.1:${other}`])}`,
      `own/back ${JSON.stringify([null, null, 'yes', `127.0.0.1:${own}`])}`,
    ]);
  });

  it('to what is not HTTP fail', async () => {
    const port = await serveHttp(({ url }, response) => {
      response.writeHead(302, { location: url === '/file' ? 'file:///etc/passwd' : 'http://[' });
      response.end();
    });
    expect(await ask(port, {}, '/file')).toBe('failed: redirects to file:///etc/passwd, which is not HTTP');
    expect(await ask(port)).toBe('failed: redirects to an address that is none: http://[');
  });
});

describe('HTTP over a unix socket', () => {
  it('asks the socket instead of the host', async () => {
    const path = join(folder.path, 'app.sock');
    await serve(
      createServer(({ url, headers }, response) => response.end(`${headers.host}${url}`)),
      path,
    );
    const check = httpCheck('http://app.invalid/health', { socketPath: path, body: '^app.invalid/health$' });
    expect(await wordsOf(prober.ask(check, LIMIT_MS))).toBe('passed: 200 OK');
  });

  it('that is not there, or no socket, fails', async () => {
    const missing = httpCheck('http://app.invalid/', { socketPath: join(folder.path, 'none.sock') });
    expect(await wordsOf(prober.ask(missing, LIMIT_MS))).toBe('failed: no such socket');
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const noSocket = httpCheck('http://app.invalid/', { socketPath: file });
    expect(await wordsOf(prober.ask(noSocket, LIMIT_MS))).toBe('failed: connection refused');
  });
});

describe('HTTPS', () => {
  const authority = createAuthority('Example authority');

  function caFile(pem = authority.cert): string {
    const file = join(folder.path, 'ca.pem');
    writeFileSync(file, pem);
    return file;
  }

  it('passes with a certificate of a trusted authority', async () => {
    const port = await serveTls(authority.issue());
    expect(await askTls(port, { caFile: caFile() })).toBe('passed: 200 OK');
    expect(await askTls(port, { caFile: caFile() }, 'localhost')).toBe('passed: 200 OK');
    await noSocketIsLeft();
  });

  it('trusts those of the system, or a file that is read again when it has changed', async () => {
    const port = await serveTls(authority.issue());
    const untrusted = 'failed: certificate is issued by an authority that is not trusted: Example authority';
    expect(await askTls(port)).toBe(untrusted);
    prober = createTestProber({ systemCertificates: [join(folder.path, 'none'), caFile()] });
    expect(await askTls(port)).toBe('passed: 200 OK');
    caFile(createAuthority('Another').cert);
    expect(await askTls(port)).toBe(untrusted);
  });

  it('names what is wrong with the file of certificates', async () => {
    const port = await serveTls(authority.issue());
    const missing = join(folder.path, 'none.pem');
    expect(await askTls(port, { caFile: missing })).toBe(
      `failed: there is no file ${missing} with trusted certificates`,
    );
    const file = caFile('no certificate');
    expect(await askTls(port, { caFile: file })).toBe(`failed: ${file} contains no certificate in PEM`);
    caFile('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    expect(await askTls(port, { caFile: file })).toBe(`failed: ${file} contains no certificate in PEM`);
    expect(await askTls(port, { caFile: folder.path })).toBe(
      `failed: ${folder.path} with trusted certificates can't be read (EISDIR)`,
    );
  });

  it.runIf(process.getuid?.() !== 0)('names a file of certificates that may not be read', async () => {
    const port = await serveTls(authority.issue());
    const file = caFile();
    chmodSync(file, 0);
    expect(await askTls(port, { caFile: file })).toBe(
      `failed: ${file} with trusted certificates can't be read (EACCES)`,
    );
  });

  it('names a certificate that is self-signed, expired, or of another name', async () => {
    expect(await askTls(await serveTls(selfSigned()))).toBe(
      'failed: certificate is self-signed, and not among those that are trusted',
    );
    const expired = await serveTls(authority.issue({ days: -3 }));
    const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
    expect(await askTls(expired, { caFile: caFile() })).toBe(`failed: certificate expired on ${day}`);
    const other = await serveTls(authority.issue({ names: ['shop.example', 'www.shop.example'] }));
    expect(await askTls(other, { caFile: caFile() }, 'localhost')).toBe(
      'failed: certificate is not for localhost, but for DNS:shop.example, DNS:www.shop.example',
    );
  });

  it('fails some days before the certificate expires', async () => {
    const port = await serveTls(authority.issue({ days: 6.5 }));
    const day = new Date(Date.now() + 6.5 * 86_400_000).toISOString().slice(0, 10);
    expect(await askTls(port, { caFile: caFile(), certificateDays: 14 })).toBe(
      `failed: certificate expires in 6 days (${day}), expected at least 14`,
    );
    expect(await askTls(port, { caFile: caFile(), certificateDays: 6 })).toBe('passed: 200 OK');
  });

  it('asks the certificate for the name also over a unix socket', async () => {
    const path = join(folder.path, 'tls.sock');
    const server = createTlsServer(authority.issue({ names: ['app.example', '10.0.0.1'] }), (_, response) =>
      response.end(),
    );
    await serve(server as unknown as Server, path);
    const at = (host: string) => httpCheck(`https://${host}/`, { socketPath: path, caFile: caFile() });
    expect(await wordsOf(prober.ask(at('app.example'), LIMIT_MS))).toBe('passed: 200 OK');
    expect(await wordsOf(prober.ask(at('10.0.0.1'), LIMIT_MS))).toBe('passed: 200 OK');
    expect(await wordsOf(prober.ask(at('10.0.0.2'), LIMIT_MS))).toBe(
      'failed: certificate is not for 10.0.0.2, but for DNS:app.example, IP Address:10.0.0.1',
    );
  });

  it('is not spoken by every server', async () => {
    const port = await serveHttp((_, response) => response.end());
    expect(await askTls(port)).toBe('failed: not a TLS server');
    const silent = await serveTcp(silence);
    const check = httpCheck(`https://127.0.0.1:${silent}/`);
    expect(await wordsOf(prober.ask(check, SHORT_MS))).toBe('failed: no answer within 200 ms');
    await noSocketIsLeft();
  });
});

describe('a cancelled HTTP check', () => {
  it('closes its connection, and settles', async () => {
    const port = await serveTcp(silence);
    const attempt = prober.ask(httpCheck(`http://127.0.0.1:${port}/`), LIMIT_MS);
    await eventually('a connection', () => sockets.size === 1);
    attempt.cancel();
    attempt.cancel();
    expect(await wordsOf(attempt)).toBe('failed: cancelled');
    await noSocketIsLeft();
  });

  it('leaves no timer, neither then nor after an answer', async () => {
    const clock = createSystemClock();
    const timers = new Set<object>();
    const after: Clock['after'] = (delayMs, run) => {
      const timer = {};
      timers.add(timer);
      const end = clock.after(delayMs, () => {
        timers.delete(timer);
        run();
      });
      return () => {
        timers.delete(timer);
        end();
      };
    };
    prober = createTestProber({ clock: { ...clock, after } });
    const port = await serveHttp((_, response) => void response.write('a body without an end'));
    const attempts = [1, 2, 3].map(() => prober.ask(httpCheck(`http://127.0.0.1:${port}/`), LIMIT_MS));
    expect(timers.size).toBe(3);
    for (const attempt of attempts) attempt.cancel();
    expect(timers.size).toBe(0);
    expect(await ask(port)).toBe('passed: 200 OK');
    expect(timers.size).toBe(0);
  });

  it('is what is left of all when the prober is disposed of', async () => {
    const port = await serveTcp(silence);
    const attempts = [1, 2, 3].map(() => prober.ask(httpCheck(`http://127.0.0.1:${port}/`), LIMIT_MS));
    await eventually('connections', () => sockets.size === 3);
    prober.dispose();
    for (const attempt of attempts) expect(await wordsOf(attempt)).toBe('failed: cancelled');
    await noSocketIsLeft();
  });
});
