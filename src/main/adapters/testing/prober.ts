import type { AddressInfo, Server } from 'node:net';
import { probeCheckSchema, type ProbeCheck } from '../../../shared/model/probe';
import type { Attempt, Launch, ProbeAnswer, RemoteCheck } from '../../engine/ports';
import { createSystemClock } from '../clock';
import { INHERITED_LIMITS } from '../launch/start-limits';
import { NetworkProber, type ProberOptions } from '../probes/prober';

type CheckInput = Parameters<typeof probeCheckSchema.parse>[0];
type RemoteOf<Kind> = Extract<ProbeCheck, { kind: Kind }>;

/** A prober of this machine. */
export function createTestProber(options: Partial<ProberOptions> = {}): NetworkProber {
  return new NetworkProber({
    clock: createSystemClock(),
    secretOf: () => null,
    mask: (text) => text,
    limits: () => INHERITED_LIMITS,
    engineOomScoreAdj: () => null,
    pidfds: null,
    report: (where, error) => {
      throw new Error(`${where}: ${String(error)}`);
    },
    ...options,
  });
}

/** An HTTP check with its defaults. */
export function httpCheck(url: string, options: Partial<RemoteOf<'http'>> = {}): RemoteOf<'http'> {
  return probeCheckSchema.parse({ kind: 'http', url, ...options } satisfies CheckInput) as RemoteOf<'http'>;
}

export function tcpCheck(options: Partial<RemoteOf<'tcp'>>): RemoteOf<'tcp'> {
  return probeCheckSchema.parse({ kind: 'tcp', ...options } satisfies CheckInput) as RemoteOf<'tcp'>;
}

/** A command check whose program has this environment. */
export function commandCheck(
  argv: readonly string[],
  options: Partial<Launch> = {},
): Extract<RemoteCheck, { kind: 'command' }> {
  const env = { PATH: process.env['PATH'] ?? '' };
  return { kind: 'command', launch: { argv, cwd: '/', env, user: null, ...options } };
}

/** The words of an answer, with what it came to before them. */
export async function wordsOf(attempt: Attempt): Promise<string> {
  return textOf(await attempt.answer);
}

export function textOf({ passed, words }: ProbeAnswer): string {
  return `${passed ? 'passed' : 'failed'}: ${words}`;
}

/** Lets a server listen on loopback, or at a path; its port, 0 for a path. */
export async function listening(server: Server, path?: string): Promise<number> {
  await new Promise<void>((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  return path === undefined ? (server.address() as AddressInfo).port : 0;
}
