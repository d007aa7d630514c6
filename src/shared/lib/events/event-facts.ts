import type { Change, EndedProcess, ExitFacts, HealdeckEvent, LastWords } from '../../model/event';
import { formatArgv } from '../text/argv';
import { assertNever } from '../assert-never';
import { describeExit } from '../format/exit-words';
import { changeText } from './changes';
import { anomalyFacts, limitFacts, type Fact } from './evidence';
import { PLAIN_WRITING, plural, type Writing } from '../format/values';

const FOUND_AS = {
  child: 'a child of an earlier engine',
  match: 'a match',
  heir: 'the heir of the process that ended',
} as const;

/** What an event carries beside its message, in words. */
export function eventFacts(event: HealdeckEvent, writing: Writing = PLAIN_WRITING): Fact[] {
  const { instant, duration } = writing;
  switch (event.type) {
    case 'engine_started':
      return [
        { label: 'Version', value: event.data.version },
        { label: 'Shell', value: event.data.shell },
        { label: 'Engine pid', value: String(event.data.enginePid) },
      ];
    case 'engine_stopped':
      return [{ label: 'Reason', value: event.data.reason }];
    case 'watch_added':
      return [{ label: 'By', value: event.data.actor }];
    case 'watch_edited':
      return [
        { label: 'By', value: event.data.actor },
        ...(event.data.changes === undefined
          ? [{ label: 'Changed', value: listOr(event.data.changed, 'nothing') }]
          : changeFacts(event.data.changes)),
      ];
    case 'settings_changed':
      return [{ label: 'By', value: event.data.actor }, ...changeFacts(event.data.changes)];
    case 'watch_removed':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Left running', value: pids(event.data.leftRunning) },
      ];
    case 'started':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Command', value: formatArgv(event.data.argv), code: true },
        { label: 'Directory', value: event.data.cwd, code: true },
      ];
    case 'adopted':
      return [
        { label: 'Found as', value: FOUND_AS[event.data.how] },
        { label: 'Up for', value: duration(event.data.uptimeSeconds * 1000) },
      ];
    case 'stopped':
      return [
        { label: 'By', value: event.data.actor },
        ...processFacts(event.data.process),
        { label: 'Ended', value: pids(event.data.pids) },
        { label: 'Had to be killed', value: pids(event.data.forced) },
      ];
    case 'exited':
      return [...exitFacts(event.data, writing), { label: 'Because', value: EXIT_REASONS[event.data.because] }];
    case 'crash_detected':
      return [
        ...exitFacts(event.data, writing),
        { label: 'Policy', value: event.data.policy },
        { label: 'Still running', value: `${event.data.remaining} of this watch` },
        ...(event.data.whileEngineWasDown ? [{ label: 'When', value: 'while Healdeck was not running' }] : []),
      ];
    case 'restarted':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Old pid', value: event.data.oldPid === null ? 'none' : String(event.data.oldPid) },
        ...(event.data.attempt > 0
          ? [{ label: 'Attempt', value: `${event.data.attempt} without a healthy minute` }]
          : []),
        ...(event.data.ended === undefined ? [] : [{ label: 'Ended', value: pids(event.data.ended) }]),
        ...(event.data.afterMs === null ? [] : [{ label: 'Down for', value: duration(event.data.afterMs) }]),
      ];
    case 'restart_failed':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Reason', value: event.data.reason },
        ...(event.data.tried === null
          ? []
          : [
              { label: 'Tried', value: formatArgv(event.data.tried.argv), code: true },
              { label: 'Directory', value: event.data.tried.cwd, code: true },
            ]),
        {
          label: 'Next attempt',
          value: event.data.nextAttemptInMs === null ? 'none' : `in ${duration(event.data.nextAttemptInMs)}`,
        },
        ...(event.data.lastWords === undefined ? [] : stderrFacts(event.data.lastWords)),
      ];
    case 'limit_exceeded':
      return limitFacts(event.data, writing);
    case 'anomaly_detected':
      return anomalyFacts(event.data, writing);
    case 'cooldown_started':
      return [
        { label: 'Budget spent', value: restartsWithin(event.data, writing) },
        { label: 'Lasts', value: duration(event.data.durationSeconds * 1000) },
        { label: 'Until', value: instant(Date.parse(event.data.until)) },
        { label: 'Common exit reason', value: event.data.commonExit ?? 'nothing' },
      ];
    case 'cooldown_ended':
      return [{ label: 'Lasted', value: duration(event.data.durationSeconds * 1000) }];
    case 'cooldown_reset':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Was left', value: duration(event.data.remainingSeconds * 1000) },
      ];
    case 'cooldown_extended':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Longer by', value: duration(event.data.bySeconds * 1000) },
        { label: 'Until', value: instant(Date.parse(event.data.until)) },
      ];
    case 'suspended':
      return [
        { label: 'Because', value: event.data.because },
        { label: 'Stands still', value: pids(event.data.pids) },
      ];
    case 'priority_lowered':
      return [
        { label: 'Because', value: event.data.because },
        { label: 'Processes', value: pids(event.data.pids) },
      ];
    case 'healing_paused':
      return [
        { label: 'Storm', value: `${restartsWithin(event.data, writing)}, over all watches` },
        { label: 'Until', value: instant(Date.parse(event.data.until)) },
      ];
    case 'healing_resumed':
      return [{ label: 'By', value: event.data.actor }];
    case 'gap':
      return [
        { label: 'Nobody watched', value: duration(event.data.seconds * 1000) },
        { label: 'Clock', value: clockJump(event.data.clockJumpSeconds, writing) },
        { label: 'Done', value: 'all windows emptied; nothing was healed because of it' },
      ];
    case 'recovered':
      return [
        { label: 'Attempts', value: String(event.data.attempts) },
        { label: 'Took', value: duration(event.data.durationMs) },
      ];
    case 'killed':
      return [
        { label: 'By', value: event.data.actor },
        { label: 'Because', value: event.data.because },
        ...processFacts(event.data.process),
        { label: 'Signalled', value: pids(event.data.pids) },
        { label: 'Had to be killed', value: pids(event.data.forced) },
        { label: 'Survived', value: pids(event.data.survivors) },
      ];
    case 'signal_refused':
      return [
        { label: 'Signal', value: event.data.signal },
        { label: 'Because', value: event.data.because.replaceAll('_', ' ') },
        { label: 'Detail', value: event.data.detail },
      ];
    case 'alert_sent':
    case 'alert_failed':
      return [
        { label: 'Channel', value: event.data.channel },
        ...(event.data.recipient === '' ? [] : [{ label: 'Recipient', value: event.data.recipient }]),
        { label: 'Subject', value: event.data.subject },
        { label: 'Events told', value: `${event.data.events}` },
        ...(event.type === 'alert_failed'
          ? [
              { label: 'Problem', value: event.data.problem.message },
              { label: 'What to try', value: event.data.problem.advice },
            ]
          : []),
      ];
    case 'notice':
      return [
        { label: 'About', value: event.data.topic },
        { label: 'Detail', value: event.data.detail },
      ];
    default:
      return assertNever(event);
  }
}

/** The last lines of standard error that an event carries, oldest first. */
export function stderrTailOf(event: HealdeckEvent): readonly string[] {
  return lastWordsOf(event)?.stderrTail ?? [];
}

/** What is known of the last words of a program whose end, or failed start, this event reports; null: it reports none. */
function lastWordsOf(event: HealdeckEvent): LastWords | null {
  switch (event.type) {
    case 'crash_detected':
    case 'exited':
      return event.data;
    case 'restart_failed':
      return event.data.lastWords ?? null;
    default:
      return null;
  }
}

/**
 * The last lines of standard error of the last end among events, oldest first. One that is known to have written nothing has
 * none: the words of an end before it are no evidence of its cause.
 */
export function lastStderrOf(events: readonly HealdeckEvent[]): readonly string[] {
  const last = events.findLast(
    (event) => stderrTailOf(event).length > 0 || lastWordsOf(event)?.stderrOf === 'this_run',
  );
  return last === undefined ? [] : stderrTailOf(last);
}

function restartsWithin(
  { restarts, windowSeconds }: { restarts: number; windowSeconds: number },
  { duration }: Writing,
): string {
  return `${plural(restarts, 'restart')} in ${duration(windowSeconds * 1000)}`;
}

function clockJump(seconds: number, { duration }: Writing): string {
  if (seconds === 0) return 'did not jump';
  const span = duration(Math.abs(seconds) * 1000);
  return seconds > 0 ? `jumped ahead by ${span}` : `was set back by ${span}`;
}

const EXIT_REASONS = {
  clean_exit: 'a clean exit',
  operator: 'the operator ended it',
  shutdown: 'the machine shuts down',
} as const;

/** The process that an operator chose to end. */
function processFacts(process: EndedProcess | undefined): Fact[] {
  if (process === undefined) return [];
  return [
    { label: 'Program', value: process.name },
    { label: 'Command', value: formatArgv(process.argv), code: true },
    { label: 'User', value: process.user },
  ];
}

/** What the last lines of standard error don't say by themselves. */
function stderrFacts({ stderrTail, stderrOf }: LastWords): Fact[] {
  if (stderrOf === 'this_run' && stderrTail.length === 0) {
    return [{ label: 'Standard error', value: 'nothing was written to it' }];
  }
  if (stderrOf === 'several_runs' && stderrTail.length > 0) {
    return [{ label: 'Standard error', value: 'its last lines may include those of an earlier run' }];
  }
  return [];
}

function exitFacts({ exitCode, signal, uptimeSeconds, ...exit }: ExitFacts, { duration }: Writing): Fact[] {
  const ended = exitCode === null && signal === null ? 'not known' : describeExit({ exitCode, signal });
  return [
    { label: signal === null ? 'Exit code' : 'Signal', value: ended.replace(/^exit code /, '') },
    {
      label: 'Was up for',
      value:
        uptimeSeconds === null
          ? 'not known'
          : `${exit.uptimeIsAtMost === true ? 'at most ' : ''}${duration(uptimeSeconds * 1000)}`,
    },
    ...stderrFacts(exit),
  ];
}

function pids(list: readonly number[]): string {
  return list.length === 0 ? 'none' : `pid ${list.join(', ')}`;
}

function changeFacts(changes: readonly Change[]): Fact[] {
  return changes.map((change) => ({ label: change.field, value: changeText(change) }));
}

function listOr(list: readonly string[], otherwise: string): string {
  return list.length === 0 ? otherwise : list.join(', ');
}
