import type { EventType, ExitFacts, HealdeckEvent } from '../model/event';
import { escapeUnprintable, truncate } from './escape';

type EventOf<T extends EventType> = Extract<HealdeckEvent, { type: T }>;

/** What a line says after its time: the action, whom it was done to, and how. */
interface Phrase {
  action: string;
  /** Who it happened to, when no watch is named by the event. */
  subject?: string;
  /** `pid=` is written from the event's pid unless this is given. */
  pid?: number | null;
  details: readonly (string | null | false)[];
}

/** The words of each type: a new type of event breaks the build here until it has some. */
const PHRASES: { [T in EventType]: (event: EventOf<T>) => Phrase } = {
  engine_started: ({ data }) => ({
    action: 'Engine started',
    subject: '',
    pid: data.enginePid,
    details: [`version ${data.version}`, `(${data.shell})`],
  }),
  engine_stopped: ({ data }) => ({ action: 'Engine stopped', subject: '', details: [`(${data.reason})`] }),
  watch_added: ({ data }) => ({ action: 'Added', details: [`by ${data.actor}`] }),
  watch_edited: ({ data }) => ({
    action: 'Edited',
    details: [`by ${data.actor}`, data.changed.length > 0 && `(${data.changed.join(', ')})`],
  }),
  watch_removed: ({ data }) => ({
    action: 'Removed',
    details: [`by ${data.actor}`, list('left running', data.leftRunning)],
  }),
  started: ({ data }) => ({
    action: 'Started',
    details: [data.actor !== 'engine' && `by ${data.actor}`, `in ${data.cwd}: ${data.argv.join(' ')}`],
  }),
  adopted: ({ data }) => ({
    action: 'Adopted',
    details: [data.how === 'child' ? 'started by an earlier engine' : 'found running', `(up ${data.uptimeSeconds} s)`],
  }),
  stopped: ({ data }) => ({
    action: 'Stopped',
    details: [`by ${data.actor}`, list('pids', data.pids), list('forced', data.forced)],
  }),
  exited: ({ data }) => ({ action: 'Exited', details: [`(${data.because.replace('_', ' ')})`, ...exitDetails(data)] }),
  crash_detected: ({ data }) => ({
    action: 'Detected crash',
    details: [
      ...exitDetails(data),
      data.whileEngineWasDown && 'while the engine was down',
      `policy ${data.policy}`,
      data.remaining > 0 && `${data.remaining} more running`,
    ],
  }),
  restarted: ({ data }) => ({
    action: 'Restarted',
    details: [
      data.oldPid !== null && `was pid=${data.oldPid}`,
      data.attempt > 0 ? `attempt ${data.attempt}` : `by ${data.actor}`,
      data.afterMs !== null && `after ${data.afterMs} ms`,
    ],
  }),
  restart_failed: ({ data, message }) => ({
    action: 'Restart failed',
    details: [
      data.operation !== 'restart' && `to ${data.operation}`,
      `(${data.reason}) ${message}`,
      data.nextAttemptInMs !== null && `next attempt in ${data.nextAttemptInMs} ms`,
    ],
  }),
  recovered: ({ data }) => ({
    action: 'Recovered',
    details: [`after ${data.durationMs} ms`, `attempts ${data.attempts}`],
  }),
  killed: ({ data }) => ({
    action: 'Killed',
    details: [
      `due to ${data.because}`,
      list('pids', data.pids),
      list('forced', data.forced),
      list('survivors', data.survivors),
    ],
  }),
  signal_refused: ({ data }) => ({
    action: 'Refused signal',
    details: [data.signal, `(${data.because.replace('_', ' ')})`, data.detail],
  }),
  notice: ({ data }) => ({ action: 'Notice', subject: data.topic, details: [data.detail] }),
};

/** Longest line, in characters: arguments may be of any length, and the history has them whole. */
export const HEALING_LINE_LIMIT = 2000;

/**
 * The line of an event in healing.log, without its newline: `2026-11-22T23:05:10.123Z Restarted web pid=4711 …`.
 * Whatever the event holds, it is one line of printable text, at most HEALING_LINE_LIMIT characters.
 */
export function healingLine(event: HealdeckEvent): string {
  // The map has the right function for each type; TypeScript can't follow a union through the look-up.
  const phrase = (PHRASES[event.type] as (event: HealdeckEvent) => Phrase)(event);
  const pid = phrase.pid ?? event.pid;
  const words = [
    event.at,
    phrase.action,
    event.watch ?? phrase.subject ?? '',
    pid === null ? '' : `pid=${pid}`,
    ...phrase.details,
  ];
  const text = words.filter((word) => word !== null && word !== false && word !== '').join(' ');
  return truncate(escapeUnprintable(text), HEALING_LINE_LIMIT);
}

function exitDetails(exit: ExitFacts): readonly (string | null)[] {
  return [
    exit.signal !== null ? `signal ${exit.signal}` : exit.exitCode !== null ? `exit code ${exit.exitCode}` : null,
    exit.uptimeSeconds !== null ? `after ${exit.uptimeSeconds} s` : null,
  ];
}

function list(label: string, pids: readonly number[]): string | null {
  return pids.length === 0 ? null : `${label} ${pids.join(',')}`;
}
