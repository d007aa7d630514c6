import { describe, expect, it } from 'vitest';
import type { SocketAddress } from '../../shared/model/ports';
import type { Probe, ProbeTrialResult } from '../../shared/model/probe';
import { newProbeDraft } from './probe-draft';
import { findAnswer, probesOf, unaskedSockets } from './suggested-probe';

const PORT: SocketAddress = { protocol: 'tcp', address: '0.0.0.0', port: 8101 };

/** A program that answers as said, and what it was asked. */
function program(answers: (asked: string) => Partial<ProbeTrialResult>) {
  const asked: string[] = [];
  const ask = ({ check }: Probe) => {
    const what =
      check.kind === 'http' ? check.url : check.kind === 'tcp' ? `tcp ${check.socketPath ?? check.port}` : '';
    asked.push(what);
    return Promise.resolve({ passed: false, words: '404 Not Found', latencyMs: 3, ...answers(what) });
  };
  return { asked, ask };
}

const url = (path: string) => `http://127.0.0.1:8101${path}`;

describe('what a socket answers', () => {
  it('is asked over HTTP until a path answers with 2xx', async () => {
    const { asked, ask } = program((what) => (what.endsWith('/ready') ? { passed: true, words: '200 OK' } : {}));
    expect(await findAnswer(PORT, ask)).toEqual({
      check: { kind: 'http', url: url('/ready') },
      ...{ evidence: 'GET /ready: 200 OK in 3 ms', latencyMs: 3 },
    });
    expect(asked).toEqual(['/health', '/healthz', '/ready'].map(url));
  });

  it('is a connection where it is no web server, or answers none of the paths', async () => {
    const silent = program((what) =>
      what.startsWith('tcp') ? { passed: true, words: 'connected' } : { words: 'the connection was closed' },
    );
    expect(await findAnswer(PORT, silent.ask)).toMatchObject({
      check: { kind: 'tcp', host: '127.0.0.1', port: 8101 },
      evidence: 'connected in 3 ms',
    });
    expect(silent.asked).toEqual([url('/health'), 'tcp 8101']);
    const other = program((what) => (what.startsWith('tcp') ? { passed: true, words: 'connected' } : {}));
    await findAnswer(PORT, other.ask);
    expect(other.asked).toHaveLength(5);
  });

  it('is nothing where no connection can be made', async () => {
    const { ask } = program(() => ({ words: 'connection refused' }));
    expect(await findAnswer(PORT, ask)).toEqual({ problem: 'connection refused' });
  });

  it('is a connection at a unix socket, and by name at an address of IPv6 that stands for all', async () => {
    const { asked, ask } = program(() => ({ passed: true, words: 'connected' }));
    expect(await findAnswer({ protocol: 'unix', address: '/run/a.sock', port: null }, ask)).toMatchObject({
      check: { kind: 'tcp', socketPath: '/run/a.sock' },
    });
    await findAnswer({ protocol: 'tcp', address: '[::]', port: 80 }, ask);
    expect(asked).toEqual(['tcp /run/a.sock', 'http://localhost:80/health']);
  });
});

describe('the probes that are proposed', () => {
  it('are one that heals and one for readiness, with names that are free and time for what was measured', () => {
    const found = { check: { kind: 'http', url: url('/') } as const, evidence: '', latencyMs: 1100 };
    const [liveness, readiness] = probesOf(found, []);
    expect(liveness).toMatchObject({ kind: 'http', name: 'health', role: 'liveness', url: url('/'), timeout: '5 s' });
    expect(readiness).toMatchObject({ name: 'ready', role: 'readiness', url: url('/'), statuses: '200-299', key: '1' });
    const taken = probesOf({ ...found, latencyMs: 3 }, [{ ...newProbeDraft('tcp', []), name: 'Ready' }]);
    expect(taken.map(({ name, timeout }) => [name, timeout])).toEqual([
      ['health', '2 s'],
      ['health-2', '2 s'],
    ]);
  });

  it('are for sockets that no probe asks yet, each port once', () => {
    const sockets: SocketAddress[] = [
      PORT,
      { protocol: 'tcp', address: '[::]', port: 8101 },
      { protocol: 'tcp', address: '127.0.0.1', port: 81 },
      { protocol: 'udp', address: '0.0.0.0', port: 53 },
      { protocol: 'unix', address: '/run/a.sock', port: null },
      { protocol: 'unix', address: '@abstract', port: null },
    ];
    const portsLeft = (...probes: Parameters<typeof unaskedSockets>[1]) =>
      unaskedSockets(sockets, probes).map(({ address, port }) => port ?? address);
    expect(portsLeft()).toEqual([8101, 81, '/run/a.sock']);
    expect(portsLeft({ ...newProbeDraft('http', []), url: url('/health') })).toEqual([81, '/run/a.sock']);
    expect(portsLeft({ ...newProbeDraft('tcp', []), port: '81' })).toEqual([8101, '/run/a.sock']);
    expect(portsLeft({ ...newProbeDraft('tcp', []), socketPath: '/run/a.sock' })).toEqual([8101, 81]);
  });
});
