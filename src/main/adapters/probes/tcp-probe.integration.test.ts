import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, temporaryFolder } from '../testing/children';
import { createTestProber, listening, tcpCheck, wordsOf } from '../testing/prober';
import type { NetworkProber } from './prober';

const LIMIT_MS = 5000;

let prober: NetworkProber;
let server: Server;
let sockets: Set<Socket>;
let folder: ReturnType<typeof temporaryFolder>;

beforeEach(() => {
  prober = createTestProber();
  folder = temporaryFolder();
  sockets = new Set();
  server = createServer((socket) => {
    sockets.add(socket.resume());
    socket.on('close', () => sockets.delete(socket));
  });
});

afterEach(async () => {
  prober.dispose();
  await new Promise((resolve) => server.close(resolve));
  folder.remove();
});

describe('a TCP check', () => {
  it('passes once the connection is open, and closes it', async () => {
    const port = await listening(server);
    let connections = 0;
    server.on('connection', () => (connections += 1));
    expect(await wordsOf(prober.ask(tcpCheck({ port }), LIMIT_MS))).toBe('passed: connected');
    expect(await wordsOf(prober.ask(tcpCheck({ port, host: 'localhost' }), LIMIT_MS))).toBe('passed: connected');
    await eventually('both are closed', () => connections === 2 && sockets.size === 0);
  });

  it('connects to a unix socket', async () => {
    const socketPath = join(folder.path, 'app.sock');
    await listening(server, socketPath);
    expect(await wordsOf(prober.ask(tcpCheck({ socketPath }), LIMIT_MS))).toBe('passed: connected');
    expect(await wordsOf(prober.ask(tcpCheck({ socketPath: `${socketPath}2` }), LIMIT_MS))).toBe(
      'failed: no such socket',
    );
  });

  it('fails where nobody listens', async () => {
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    expect(await wordsOf(prober.ask(tcpCheck({ port }), LIMIT_MS))).toBe('failed: connection refused');
    expect(await wordsOf(prober.ask(tcpCheck({ port, host: '::1' }), LIMIT_MS))).toMatch(
      /^failed: (?:connection refused|no local address or port can reach the host)$/,
    );
  });

  it('fails at the limit where the connection gets no answer', async () => {
    // Of TEST-NET-1 (RFC 5737): nobody has it. Where the network refuses it at once, that is the answer.
    const answer = await prober.ask(tcpCheck({ host: '192.0.2.1', port: 9 }), 100).answer;
    expect(answer.passed).toBe(false);
    expect(answer.words).toMatch(
      /^(?:no answer within 100 ms|no route to (?:the host|the network of the host)|connection refused)$/,
    );
    expect(answer.latencyMs).toBeLessThan(2000);
  });

  it('that is cancelled leaves no socket', async () => {
    const before = process.getActiveResourcesInfo().length;
    const attempt = prober.ask(tcpCheck({ host: '192.0.2.1', port: 9 }), LIMIT_MS);
    attempt.cancel();
    expect(await wordsOf(attempt)).toBe('failed: cancelled');
    await eventually('nothing is left', () => process.getActiveResourcesInfo().length <= before);
  });
});
