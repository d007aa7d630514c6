import {
  probeSchema,
  type Probe,
  type ProbeAttempt,
  type ProbeInput,
  type ProbeStatus,
} from '../../shared/model/probe';
import { probeAnswerWords } from '../../shared/model/testing/probe-answers';
import type { Readiness } from '../../shared/model/snapshot';

const HEALTH: ProbeInput = { name: 'health', check: { kind: 'http', url: 'http://127.0.0.1:8080/health' } };

const PROBES: Readonly<Record<string, { readiness: Readiness; failing: readonly string[]; probes: ProbeInput[] }>> = {
  web: {
    ...{ readiness: 'ready', failing: [] },
    probes: [
      { name: 'schema', role: 'startup', check: { kind: 'command', argv: ['./bin/migrations', '--pending', 'none'] } },
      {
        ...{ ...HEALTH, role: 'readiness', intervalMs: 5000 },
        check: {
          ...{ kind: 'http', url: 'https://shop.example:8443/health?deep=1', certificateDays: 14 },
          headers: { Accept: 'application/json', Authorization: { secret: 'probe.token' } },
        },
      },
      { name: 'errors', check: { kind: 'log', pattern: 'FATAL|out of memory', means: 'unhealthy' } },
    ],
  },
  cache: { readiness: 'ready', failing: [], probes: [{ name: 'port', check: { kind: 'tcp', port: 6379 } }] },
  database: {
    ...{ readiness: 'awaited', failing: [] },
    probes: [{ name: 'port', role: 'startup', check: { kind: 'tcp', socketPath: '/run/postgresql/.s.PGSQL.5432' } }],
  },
  proxy: { readiness: 'lost', failing: ['health'], probes: [{ ...HEALTH, role: 'readiness' }] },
};

/** The probes of a watch of the fake world, and what they have shown. */
export function fakeProbes(
  watch: string,
  now: number,
): { definitions: readonly Probe[]; status: { readiness: Readiness | null; probes: readonly ProbeStatus[] } } {
  const { readiness = null, failing = [], probes = [] } = PROBES[watch] ?? {};
  const definitions = probes.map((probe) => probeSchema.parse(probe));
  const statuses = definitions.map((probe, nth): ProbeStatus => {
    const { name, role } = probe;
    const attempts = Array.from({ length: 5 + nth }, (_, at) =>
      fakeAttempt(probe, now - probe.intervalMs * (5 + nth - at), failing.includes(name) ? at > 1 : at === 2, at),
    );
    const decided = role === 'startup' && readiness === 'ready' ? 'done' : 'passing';
    const isWaiting = readiness === 'awaited';
    return { name, role, attempts, state: failing.includes(name) ? 'failing' : isWaiting ? 'unknown' : decided };
  });
  return { definitions, status: { readiness, probes: statuses } };
}

function fakeAttempt({ check }: Probe, at: number, failed: boolean, nth: number): ProbeAttempt {
  const latencyMs = failed ? 1800 : 4 + ((nth * 37) % 60);
  return { at, passed: !failed, words: probeAnswerWords(check, !failed), latencyMs };
}
