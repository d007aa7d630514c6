import { formatDuration } from '../../../shared/lib/format/duration';
import type { LocalTimes } from '../../../shared/lib/format/local-time';
import type { HealdeckEvent } from '../../../shared/model/event';
import type { WatchStatus } from '../../../shared/model/snapshot';
import type { MessageFacts } from '../message';
import { incidentEvents } from './summary-line';

/**
 * What comes next, with countdowns and what is left of the budget, and what the reader can do; sentence by sentence. `now` is
 * wall time in ms since the epoch.
 */
export function nextSteps(facts: MessageFacts, status: WatchStatus | null, times: LocalTimes, now: number): string[] {
  const pause = incidentEvents(facts).findLast(({ type }) => type === 'healing_paused' || type === 'healing_resumed');
  const paused = pause?.type === 'healing_paused' ? pausedStep(pause, times, now) : [];
  if (facts.watch === null) return paused;
  if (status === null) return [...paused, `${facts.watch} is no longer watched: nothing else will be done.`];
  const isOver = status.incident === null || (facts.incident !== null && facts.incident.outcome !== 'open');
  return [...paused, ...phaseSteps(status, times, now, isOver), ...(isOver ? [] : reminderStep(status))];
}

function pausedStep(
  { data }: Extract<HealdeckEvent, { type: 'healing_paused' }>,
  times: LocalTimes,
  now: number,
): string[] {
  const until = Date.parse(data.untilAt);
  if (until <= now) return [];
  return [`Healing resumes at ${due(until, times, now)}, or at once by: healdeck reset-cooldown --all`];
}

function phaseSteps(status: WatchStatus, times: LocalTimes, now: number, isOver: boolean): string[] {
  const { phase, reason, nextAttemptAt, budget, watch, settings } = status;
  const name = argument(watch.name);
  switch (phase) {
    case 'cooldown': {
      const until = budget.cooldown?.until ?? nextAttemptAt;
      return [
        until === null ? reason : `It is restarted at ${due(until, times, now)}, with a full budget.`,
        `To end the cooldown now: healdeck reset-cooldown ${name}`,
      ];
    }
    case 'blocked':
      return [reason];
    case 'backoff':
      return [
        nextAttemptAt === null ? reason : `Next attempt at ${due(nextAttemptAt, times, now)}.`,
        ...budgetStep(status),
      ];
    case 'starting':
    case 'running':
    case 'stopping':
      if (isOver) return ['Nothing needs to be done; watching continues.'];
      return [
        `It counts as recovered once it has run without a problem for ${formatDuration(settings['heal.verifyMs'])}.`,
        ...budgetStep(status),
      ];
    case 'suspended':
      return [`${sentence(reason)} To resume it: healdeck start ${name}`];
    case 'held':
      return [`${sentence(reason)} To resume healing at once: healdeck reset-cooldown --all`];
    case 'failed':
    case 'stopped':
      return [`${sentence(reason)} It stays down until it is started: healdeck start ${name}`];
    case 'waiting':
    case 'absent':
      return [sentence(reason)];
    case 'present':
      return [
        sentence(reason),
        ...(budget.cooldown === null ? [] : [`To end the cooldown now: healdeck reset-cooldown ${name}`]),
        `To let it run: healdeck stop ${name}`,
      ];
  }
}

/** `Left of the restart budget: 3 of 5 in 1 min, 18 of 20 in 1 h.` */
function budgetStep({ budget }: WatchStatus): string[] {
  const left = budget.windows.map(
    ({ restarts, used, windowMs }) => `${Math.max(0, restarts - used)} of ${restarts} in ${formatDuration(windowMs)}`,
  );
  return left.length === 0 ? [] : [`Restarts left before a cooldown: ${left.join(', ')}.`];
}

function reminderStep({ settings }: WatchStatus): string[] {
  const every = settings['alerts.reminderMs'];
  if (every === null) return [];
  return [
    `While the incident is open, a reminder is sent every ${formatDuration(every)}, unless somebody acknowledges it.`,
  ];
}

/** `22:07:10 (in 1 min 58 s)`. */
function due(at: number, times: LocalTimes, now: number): string {
  return `${times.short(at)} (${at <= now ? 'now' : `in ${formatDuration(Math.ceil((at - now) / 1000) * 1000)}`})`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Names may have spaces. */
function argument(name: string): string {
  return /^[\p{L}\p{N}._-]+$/u.test(name) ? name : `"${name}"`;
}
