import { assertNever } from '../lib/assert-never';
import { formatDuration } from '../lib/format/duration';
import type { Writing } from '../lib/format/values';
import type { RunKind } from '../model/schedule';
import type { EventDefinition } from './definition';

/** What becomes of the runs of a schedule. Instants are ms since the epoch. */

/** Runs whose moment passed while nobody could start them: of one gap, all in one event. */
export const runMissed: EventDefinition<
  'run_missed',
  {
    what: RunKind;
    /** At least; `isMore`: nobody has counted the rest. */
    count: number;
    isMore: boolean;
    firstDueAt: number;
    lastDueAt: number;
    /** One start is made for all of them. */
    isCaughtUp: boolean;
  }
> = {
  type: 'run_missed',
  label: 'Run missed',
  counted: ['missed run', 'missed runs'],
  impact: 60,
  tone: 'warning',
  alert: 'standard',
  isProblem: true,
  line: ({ data }) => ({
    action: 'Run missed',
    details: [
      `${countText(data)} of its ${data.what}`,
      `last due ${new Date(data.lastDueAt).toISOString()}`,
      data.isCaughtUp && 'started now instead',
    ],
  }),
  facts: ({ data }, writing) => [
    { label: 'Missed', value: `${countText(data)} (${data.what})` },
    { label: 'First due', value: writing.instant(data.firstDueAt) },
    { label: 'Last due', value: writing.instant(data.lastDueAt) },
    { label: 'Started afterwards', value: data.isCaughtUp ? 'once' : 'no' },
  ],
  sentence: ({ data }) => missedSentence(data),
  problem: ({ data }) => missedSentence(data),
};

/** `3`, `more than 200`. */
function countText({ count, isMore }: { count: number; isMore: boolean }): string {
  return isMore ? `more than ${count}` : String(count);
}

function missedSentence({ what, count, isMore }: { what: RunKind; count: number; isMore: boolean }): string {
  const plain = count === 1 && !isMore;
  return plain ? `has missed its scheduled ${what}` : `has missed ${countText({ count, isMore })} scheduled ${what}s`;
}

/** A run was due while the one before it was still running: reported once for each run that takes too long. */
export const runOverrun: EventDefinition<'run_overrun', { dueAt: number; runningForMs: number }> = {
  type: 'run_overrun',
  label: 'Run overrun',
  counted: ['overrun', 'overruns'],
  impact: 55,
  tone: 'warning',
  alert: 'standard',
  isProblem: true,
  line: ({ data }) => ({
    action: 'Run overrun',
    details: [`running for ${formatDuration(data.runningForMs)}`, `skipped ${new Date(data.dueAt).toISOString()}`],
  }),
  facts: ({ data }, writing) => [
    { label: 'Running for', value: writing.duration(data.runningForMs) },
    { label: 'Skipped', value: writing.instant(data.dueAt) },
  ],
  sentence: () => 'was still running when its next run was due',
  problem: () => 'was still running when its next run was due',
};

/** Why a run did not take place; `observed`: the watch is only observed. */
export type SkipReason = 'observed' | 'healing' | 'cooldown' | 'suspended' | 'failed';

const SKIP_WORDS: Readonly<Record<SkipReason, string>> = {
  observed: 'the watch is only observed',
  healing: 'it is being healed',
  cooldown: 'it is in a cooldown',
  suspended: 'it is suspended',
  failed: 'it has failed and waits for the operator',
};

export const runSkipped: EventDefinition<'run_skipped', { what: RunKind; dueAt: number; reason: SkipReason }> = {
  type: 'run_skipped',
  label: 'Run skipped',
  counted: ['skipped run', 'skipped runs'],
  impact: 20,
  alert: 'optional',
  line: ({ data }) => ({ action: 'Run skipped', details: [`${data.what}: ${skipText(data.reason)}`] }),
  facts: ({ data }, writing) => [
    { label: 'What', value: `scheduled ${data.what}` },
    { label: 'Due', value: writing.instant(data.dueAt) },
    { label: 'Reason', value: skipText(data.reason) },
  ],
};

export function skipText(reason: SkipReason): string {
  return SKIP_WORDS[reason];
}

/** Why a schedule restarts a program that runs. */
export type RestartReason =
  | { kind: 'due'; dueAt: number }
  | { kind: 'max_uptime'; uptimeMs: number }
  /** `nextDelayMs`: these changes follow from the starts, so the next restart for one comes so long after its start at the earliest. */
  | { kind: 'file_change'; paths: readonly string[]; nextDelayMs?: number | undefined };

/** A program that runs is to be restarted; `restarted` follows, unless the watch is only observed. */
export const scheduledRestart: EventDefinition<'scheduled_restart', { reason: RestartReason; observed: boolean }> = {
  type: 'scheduled_restart',
  label: 'Scheduled restart',
  counted: ['scheduled restart', 'scheduled restarts'],
  alert: 'optional',
  line: ({ data }) => ({
    action: 'Scheduled restart',
    details: [restartReasonText(data.reason), data.observed && 'observed only'],
  }),
  facts: ({ data }, writing) => [
    ...reasonFacts(data.reason, writing),
    ...(data.observed ? [{ label: 'Observed only', value: 'not restarted' }] : []),
  ],
};

function reasonFacts(reason: RestartReason, writing: Writing) {
  switch (reason.kind) {
    case 'due':
      return [{ label: 'Due', value: writing.instant(reason.dueAt) }];
    case 'max_uptime':
      return [{ label: 'Uptime', value: writing.duration(reason.uptimeMs) }];
    case 'file_change':
      return [
        ...reason.paths.map((path) => ({ label: 'Changed', value: path, code: true })),
        ...(reason.nextDelayMs === undefined
          ? []
          : [{ label: 'Next restart for a change', value: `after ${writing.duration(reason.nextDelayMs)}` }]),
      ];
    default:
      return assertNever(reason);
  }
}

function slowedText(nextDelayMs: number | undefined): string {
  if (nextDelayMs === undefined) return '';
  const delay = formatDuration(nextDelayMs);
  return `, as after each of its last starts: if the program writes there itself, expect a restart for it ${delay} after a start at the earliest`;
}

/** Why, in words: `its scheduled restart is due`. */
export function restartReasonText(reason: RestartReason): string {
  switch (reason.kind) {
    case 'due':
      return 'its scheduled restart is due';
    case 'max_uptime':
      return `it has run for ${formatDuration(reason.uptimeMs)}, its maximum uptime`;
    case 'file_change':
      return `${reason.paths.join(', ')} changed${slowedText(reason.nextDelayMs)}`;
    default:
      return assertNever(reason);
  }
}
