import { assertNever } from '../../lib/assert-never';
import { formatDuration } from '../../lib/format/duration';
import type { ProbeCheck } from '../probe';

/** What one answer of a check of this kind says, as the engine words it. */
export function probeAnswerWords(
  check: Exclude<ProbeCheck, { kind: 'command' }> | { kind: 'command' },
  passed: boolean,
): string {
  switch (check.kind) {
    case 'http':
      return passed ? '200 OK' : '503 Service Unavailable';
    case 'tcp':
      return passed ? 'connected' : 'connection refused';
    case 'command':
      return passed ? 'exit code 0' : 'exit code 1: no connection to the database';
    case 'log':
      return logWords(check, passed);
    case 'heartbeat':
      return `${check.path} changed ${formatDuration(passed ? 2000 : 90_000)} ago`;
    case 'silence':
      return `no output for ${formatDuration(passed ? 2000 : 90_000)}`;
    case 'notify':
      if (check.maxAgeMs === null) return passed ? 'READY=1' : 'no READY=1 yet';
      return `last WATCHDOG=1 ${formatDuration(passed ? 2000 : 90_000)} ago`;
    default:
      return assertNever(check);
  }
}

function logWords({ pattern, means }: Extract<ProbeCheck, { kind: 'log' }>, passed: boolean): string {
  if (means === 'healthy') return passed ? 'listening on port 8080' : `no line matches ${pattern} yet`;
  return passed ? `no line matches ${pattern}` : 'FATAL: out of memory';
}
