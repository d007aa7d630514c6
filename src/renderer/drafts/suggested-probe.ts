import { formatDuration } from '../format/format';
import { formatSocketAddress } from '../../shared/lib/host/socket-address';
import type { SocketAddress } from '../../shared/model/ports';
import { probeSchema, type Probe, type ProbeTrialResult } from '../../shared/model/probe';
import { newProbeDraft, type ProbeDraft } from './probe-draft';

/** What a socket was found to answer. */
export interface FoundAnswer {
  check:
    | { kind: 'http'; url: string }
    | { kind: 'tcp'; host: string; port: number }
    | { kind: 'tcp'; socketPath: string };
  /** What was asked and answered, for people: `GET /health: 200 OK in 3 ms`. */
  evidence: string;
  latencyMs: number;
}

/** Where programs usually say how they are; the first that answers with 2xx is proposed. */
const PATHS = ['/health', '/healthz', '/ready', '/'] as const;
const OK_STATUSES = '200-299';
/** The least timeout of what is proposed, and what it is a multiple of otherwise. */
const MIN_TIMEOUT_S = 2;
const LATENCIES = 4;

/**
 * Asks a socket how it answers: over HTTP while it answers in HTTP at all, else by a connection. What it answered to the last request
 * comes back as the reason where nothing passed.
 */
export async function findAnswer(
  socket: SocketAddress,
  ask: (probe: Probe) => Promise<ProbeTrialResult>,
): Promise<FoundAnswer | { problem: string }> {
  const { port } = socket;
  const host = hostOf(socket.address);
  if (port !== null) {
    for (const path of PATHS) {
      const url = `http://${host}:${port}${path}`;
      const probe = probeSchema.parse({ name: 'trial', check: { kind: 'http', url, statuses: OK_STATUSES } });
      const { passed, words, latencyMs } = await ask(probe);
      const evidence = `GET ${path}: ${words} in ${formatDuration(latencyMs)}`;
      if (passed) return { check: { kind: 'http', url }, evidence, latencyMs };
      // Without a status it is no web server: no other path will be answered.
      if (!/^[1-5]\d\d\b/.test(words)) break;
    }
  }
  const check =
    port === null
      ? { kind: 'tcp' as const, socketPath: socket.address }
      : { kind: 'tcp' as const, host: host.replace(/^\[|\]$/g, ''), port };
  const { passed, words, latencyMs } = await ask(probeSchema.parse({ name: 'trial', check }));
  return passed ? { check, evidence: `${words} in ${formatDuration(latencyMs)}`, latencyMs } : { problem: words };
}

/** The probes that follow from an answer: one that heals and one that shows whether it is ready, beside those that there are. */
export function probesOf({ check, latencyMs }: FoundAnswer, others: readonly ProbeDraft[]): readonly ProbeDraft[] {
  const timeout = `${Math.max(MIN_TIMEOUT_S, Math.ceil((LATENCIES * latencyMs) / 1000))} s`;
  const fields =
    check.kind === 'http'
      ? { url: check.url, statuses: OK_STATUSES }
      : 'port' in check
        ? { host: check.host, port: String(check.port) }
        : { socketPath: check.socketPath };
  const liveness: ProbeDraft = { ...newProbeDraft(check.kind, others), ...fields, timeout };
  const readiness: ProbeDraft = {
    ...newProbeDraft(check.kind, [...others, liveness]),
    ...fields,
    timeout,
    role: 'readiness',
  };
  const isTaken = others.some(({ name }) => name.trim().toLowerCase() === 'ready');
  return [liveness, isTaken ? readiness : { ...readiness, name: 'ready' }];
}

/** Sockets that can be asked and that no probe asks yet. */
export function unaskedSockets<S extends SocketAddress>(
  sockets: readonly S[],
  probes: readonly ProbeDraft[],
): readonly S[] {
  const isAsked = ({ address, port }: SocketAddress): boolean =>
    probes.some(({ kind, url, socketPath, port: typed }) =>
      port === null
        ? socketPath.trim() === address
        : kind === 'tcp'
          ? typed.trim() === String(port)
          : kind === 'http' && new RegExp(`:${port}(?:[/?#]|$)`).test(url.trim()),
    );
  // A path that begins with @ is in no directory, and no probe has a form for it.
  const canBeAsked = ({ protocol, address }: SocketAddress) =>
    protocol === 'tcp' || (protocol === 'unix' && address.startsWith('/'));
  const seen = new Set<string>();
  return sockets.filter((socket) => {
    const key = socket.port === null ? formatSocketAddress(socket) : String(socket.port);
    if (!canBeAsked(socket) || isAsked(socket) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** What listens at every address is asked at this machine's own. */
function hostOf(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '[::]' ? 'localhost' : address;
}
