import type { ProbeAttempt, ProbeKind, ProbeRole, ProbeStatus, ProbeTrialResult } from '../../shared/model/probe';
import { formatDuration, plural } from '../format/format';
import type { Tone } from './present-watch';

/** The kinds of probes, in words. */
export const PROBE_KINDS: Readonly<Record<ProbeKind, { word: string; help: string }>> = {
  http: { word: 'HTTP request', help: 'A web server answers with a status that passes.' },
  tcp: { word: 'Port or socket', help: 'Something accepts a connection.' },
  command: { word: 'Command', help: 'A program ends with exit code 0.' },
  log: { word: 'Line in the output', help: 'The watched program writes a line that matches.' },
  heartbeat: { word: 'Heartbeat file', help: 'The watched program touches a file in time.' },
  silence: { word: 'Any output', help: 'The watched program writes something in time.' },
  notify: { word: 'sd_notify', help: 'The watched program reports that it is ready, or alive (systemd protocol).' },
};

/** What probes decide, in words. */
export const PROBE_ROLE_WORDS: Readonly<Record<ProbeRole, { word: string; help: string }>> = {
  startup: {
    word: 'Startup',
    help: 'Other probes wait until it has passed once; a program that never passes it is restarted',
  },
  readiness: { word: 'Readiness', help: 'Decides whether the program is ready; nothing is restarted' },
  liveness: { word: 'Liveness', help: 'A program that fails it is restarted' },
};

/** What follows when a machine or a network between fails a probe. */
export function elsewhereNote(role: ProbeRole): string {
  const follows = role === 'readiness' ? 'and makes this program not ready' : 'and restarts this program';
  return `This asks another machine: a failure may be the network's, ${follows}.`;
}

/** The word and the colour of the state of a probe. */
export function presentProbeState(state: ProbeStatus['state']): { word: string; tone: Tone } {
  return PROBE_STATES[state];
}

const PROBE_STATES: Readonly<Record<ProbeStatus['state'], { word: string; tone: Tone }>> = {
  idle: { word: 'Not asked', tone: 'idle' },
  unknown: { word: 'Undecided', tone: 'info' },
  passing: { word: 'Passing', tone: 'ok' },
  failing: { word: 'Failing', tone: 'bad' },
  done: { word: 'Passed', tone: 'ok' },
};

/** An answer in words: `passed in 12 ms: 200 OK`, `failed after 2 s: connection refused`. */
export function answerWords({ passed, latencyMs, words }: ProbeTrialResult): string {
  return `${passed ? 'passed in' : 'failed after'} ${formatDuration(latencyMs)}: ${words}`;
}

/** The probes of a watch in a few words, and which of them fail. A startup probe that has passed counts as passing. */
export function probesSummary(probes: readonly ProbeStatus[]): { text: string; failing: readonly string[] } {
  const failing = probes.filter(({ state }) => state === 'failing').map(({ name }) => name);
  const passing = probes.filter(({ state }) => state === 'passing' || state === 'done');
  const text =
    failing.length > 0
      ? `${failing.length} of ${probes.length} failing`
      : `${passing.length} of ${probes.length} passing`;
  return { text, failing };
}

/** Order of watches by their probes: those with most that fail first, those without any last. */
export function compareProbes(one: readonly ProbeStatus[], other: readonly ProbeStatus[]): number {
  return rank(one) - rank(other);
}

function rank(probes: readonly ProbeStatus[]): number {
  const failing = probes.filter(({ state }) => state === 'failing').length;
  if (failing > 0) return -failing;
  return probes.length === 0 ? 1 : 0;
}

/** A strip of attempts in words: `Last 8 attempts: 7 passed, 1 failed; 3 ms to 2 s`. */
export function attemptsWords(attempts: readonly ProbeAttempt[]): string {
  if (attempts.length === 0) return 'No attempts yet';
  const passed = attempts.filter((attempt) => attempt.passed).length;
  const latencies = attempts.map(({ latencyMs }) => latencyMs);
  const [least, most] = [Math.min(...latencies), Math.max(...latencies)].map((ms) => formatDuration(ms));
  const range = least === most ? least : `${least} to ${most}`;
  return `Last ${plural(attempts.length, 'attempt')}: ${passed} passed, ${attempts.length - passed} failed; ${range}`;
}
