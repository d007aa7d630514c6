import type { Probe, ProbeCheck } from '../../model/probe';
import { assertNever } from '../assert-never';
import { formatArgv } from '../text/argv';
import { formatDuration } from './duration';

/** What a check asks: `GET http://127.0.0.1:8080/health`, `port 5432 on 127.0.0.1`. */
export function checkText(check: ProbeCheck): string {
  switch (check.kind) {
    case 'http':
      return `${check.method} ${check.url}${check.socketPath === null ? '' : ` over ${check.socketPath}`}`;
    case 'tcp':
      return check.socketPath ?? `port ${portText(check)} on ${check.host}`;
    case 'command':
      return formatArgv(check.argv);
    case 'log':
      return check.means === 'healthy'
        ? `a line that matches ${check.pattern}`
        : `no line that matches ${check.pattern}`;
    case 'heartbeat':
      return `${check.path} changed within ${formatDuration(check.maxAgeMs)}`;
    case 'silence':
      return `output within ${formatDuration(check.maxAgeMs)}`;
    case 'notify':
      return check.maxAgeMs === null ? 'READY=1' : `WATCHDOG=1 within ${formatDuration(check.maxAgeMs)}`;
    default:
      return assertNever(check);
  }
}

/** A whole probe in a line: `liveness: GET http://127.0.0.1:8080/health, every 10 s, fails at 3 of 5`. */
export function probeText({ role, check, intervalMs, failures, of }: Probe): string {
  return `${role}: ${checkText(check)}, every ${formatDuration(intervalMs)}, fails at ${failures} of ${of}`;
}

/** `5432`, or `{5400+instance}`. */
function portText({ port, plusInstance }: Extract<ProbeCheck, { kind: 'tcp' }>): string {
  return plusInstance === true ? `{${port}+instance}` : String(port);
}
