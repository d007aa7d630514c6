import type { Actor, FailureReason, LastWords } from '../model/event-parts';
import { formatArgv } from '../lib/text/argv';
import { formatDuration } from '../lib/format/duration';
import type { EventDefinition } from './definition';
import { listed, pidsText, stderrFacts, withoutName } from './text';

/** What became of restarts. */

export const restarted: EventDefinition<
  'restarted',
  {
    actor: Actor;
    /** Automatic restarts in a row without a healthy minute, this one included; 0 for a manual one. */
    attempt: number;
    /** Of a restart with other watches: those that were started anew. */
    renewed?: readonly string[];
    oldPid: number | null;
    /** From the noticed death, or the begin of a manual restart, to the replacement, in ms. */
    afterMs: number | null;
    /** Of a manual restart: every process that it ended, strays in other sessions included. */
    ended?: readonly number[];
  }
> = {
  type: 'restarted',
  label: 'Restarted',
  counted: ['restart', 'restarts'],
  impact: 10,
  tone: 'warning',
  alert: 'standard',
  marksPast: true,
  isDeed: true,
  line: ({ data }, cause) => ({
    action: 'Restarted',
    details: [
      data.attempt > 0 && cause !== null && `due to ${cause}`,
      data.oldPid !== null && `was pid=${data.oldPid}`,
      data.attempt > 0
        ? `attempt ${data.attempt}`
        : data.renewed === undefined
          ? `by ${data.actor}`
          : `with ${data.renewed.join(', ')}`,
      data.ended !== undefined && listed('ended', data.ended),
      data.afterMs !== null && `after ${formatDuration(data.afterMs)}`,
    ],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'By', value: data.actor },
    ...(data.renewed === undefined ? [] : [{ label: 'Restarted with', value: data.renewed.join(', ') }]),
    { label: 'Old pid', value: data.oldPid === null ? 'none' : String(data.oldPid) },
    ...(data.attempt > 0 ? [{ label: 'Attempt', value: `${data.attempt} in a row` }] : []),
    ...(data.ended === undefined ? [] : [{ label: 'Ended', value: pidsText(data.ended) }]),
    ...(data.afterMs === null ? [] : [{ label: 'Down for', value: duration(data.afterMs) }]),
  ],
  answer: ({ data: { actor, attempt, afterMs, renewed } }, afterCrash) => {
    if (actor === 'dependency') return `, restarted with ${renewed?.join(', ') ?? 'what it starts after'}`;
    if (attempt === 0) return actor === 'schedule' ? ', restarted by its schedule' : ', restarted by the operator';
    const took = afterCrash && afterMs !== null ? ` after ${formatDuration(afterMs)}` : '';
    return `, restarted${took}${attempt > 1 ? ` (attempt ${attempt})` : ''}`;
  },
};

/** Failures whose own sentence is more specific than the reason. */
const SELF_EXPLAINING: ReadonlySet<FailureReason> = new Set(['gave_up', 'unkillable', 'no_start_command']);

export const restartFailed: EventDefinition<
  'restart_failed',
  {
    actor: Actor;
    operation: 'start' | 'restart' | 'stop';
    reason: FailureReason;
    tried: { argv: readonly string[]; cwd: string } | null;
    nextAttemptInMs: number | null;
    /** Where a program ran before it failed, and nothing else reports its end. */
    lastWords?: LastWords;
    /** Of a restart by the operator: every process that it has ended already. */
    ended?: readonly number[];
  }
> = {
  type: 'restart_failed',
  label: 'Restart failed',
  counted: ['failed restart', 'failed restarts'],
  impact: 80,
  tone: 'high',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  isDeed: true,
  part: ({ nextAttemptInMs }) => (nextAttemptInMs === null ? 'ending' : 'action'),
  line: ({ data, message }) => ({
    action: 'Restart failed',
    details: [
      data.operation !== 'restart' && `to ${data.operation}`,
      `(${data.reason}) ${message}`,
      // Most messages include it already, in words.
      data.nextAttemptInMs !== null &&
        !message.includes('next attempt') &&
        `next attempt in ${formatDuration(data.nextAttemptInMs)}`,
    ],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'By', value: data.actor },
    { label: 'Reason', value: data.reason },
    ...(data.tried === null
      ? []
      : [
          { label: 'Tried', value: formatArgv(data.tried.argv), code: true },
          { label: 'Directory', value: data.tried.cwd, code: true },
        ]),
    {
      label: 'Next attempt',
      value: data.nextAttemptInMs === null ? 'none' : `in ${duration(data.nextAttemptInMs)}`,
    },
    ...(data.lastWords === undefined ? [] : stderrFacts(data.lastWords)),
  ],
  sentence: (event) => {
    const { operation, reason, nextAttemptInMs } = event.data;
    if (SELF_EXPLAINING.has(reason)) return withoutName(event);
    const next =
      nextAttemptInMs === null
        ? ''
        : `, next attempt ${nextAttemptInMs === 0 ? 'at once' : `in ${formatDuration(nextAttemptInMs)}`}`;
    const doing = operation === 'stop' ? 'stopped' : `${operation}ed`;
    return `could not be ${doing} (${reason.replaceAll('_', ' ')})${next}`;
  },
  withArgv: (data, change) => {
    const { tried } = data;
    return tried === null ? data : { ...data, tried: { ...tried, argv: change(tried.argv) } };
  },
  lastWords: (data) => data.lastWords ?? null,
};

/** A healed watch has stayed alive long enough to trust it. */
export const recovered: EventDefinition<'recovered', { attempts: number; durationMs: number }> = {
  type: 'recovered',
  label: 'Recovered',
  counted: ['recovery', 'recoveries'],
  tone: 'good',
  alert: 'standard',
  isDeed: true,
  part: 'ending',
  line: ({ data }) => ({
    action: 'Recovered',
    details: [`after ${formatDuration(data.durationMs)}`, `attempts ${data.attempts}`],
  }),
  facts: ({ data }, { duration }) => [
    { label: 'Attempts', value: String(data.attempts) },
    { label: 'Took', value: duration(data.durationMs) },
  ],
  sentence: ({ data: { attempts, durationMs } }) =>
    `recovered after ${formatDuration(durationMs)}${attempts > 1 ? ` and ${attempts} restarts` : ''}`,
};
