import { STANDARD_ALERT_TYPES } from '../../shared/model/alert';
import { NO_TIMES, type DrillTimes } from '../../shared/model/drill';
import type { EventType, HealdeckEvent } from '../../shared/model/event';
import { DRILL_RECIPIENT, type DrillMail } from './mailbox';
import type { HealScenario, QuietScenario, Scenario, Step } from './scenario';
import { formatLoad, plural } from '../../shared/lib/format/values';

/** What is known of a scenario so far. Instants are wall times in ms since the epoch. */
export interface Facts {
  /** The events of its watch, oldest first. */
  events: readonly HealdeckEvent[];
  /** When it was first seen above the CPU that the scenario names; null: not yet. */
  peakAt: number | null;
  /** Every mail that came in, also those about others, oldest first. */
  mails: readonly DrillMail[];
  now: number;
}

export type Verdict =
  | ({ kind: 'waiting'; for: string } & DrillTimes)
  | ({ kind: 'passed' } & DrillTimes)
  | ({ kind: 'failed'; reason: string } & DrillTimes);

/** What can be reported about a watch that is simply left alone. */
const HARMLESS: readonly EventType[] = ['watch_added', 'started', 'gap', 'notice'];
/** What must never come of a drill, whatever the scenario. */
const NEVER: readonly EventType[] = ['signal_refused', 'restart_failed', 'healing_paused'];

/**
 * Judges what was written down so far.
 *
 * | scenario | events                                                       | mails                      | verdict |
 * |----------|--------------------------------------------------------------|----------------------------|---------|
 * | any      | any                                                          | one to somebody else       | failed  |
 * | heal     | one that must never come                                     | any                        | failed  |
 * | heal     | a step more often than it names, before the next one          | any                        | failed  |
 * | heal     | not all steps yet                                            | any                        | waiting |
 * | heal     | all steps, in their order, whatever else is between          | not all reported yet       | waiting |
 * | heal     | all steps, in their order, whatever else is between          | each of them reported      | passed  |
 * | quiet    | anything but its start                                       | any                        | failed  |
 * | quiet    | nothing                                                      | one about it               | failed  |
 * | quiet    | nothing, but the peak was not seen or the time is not over   | none                       | waiting |
 * | quiet    | nothing for the time it names, since it was seen at its peak | none                       | passed  |
 */
export function judge(scenario: Scenario, facts: Facts): Verdict {
  const astray = facts.mails.find(({ to }) => to.some((address) => address !== DRILL_RECIPIENT));
  if (astray !== undefined) return { kind: 'failed', reason: `a mail went to ${astray.to.join(', ')}`, ...NO_TIMES };
  return scenario.kind === 'heal' ? judgeHeal(scenario, facts) : judgeQuiet(scenario, facts);
}

function judgeHeal(scenario: HealScenario, { events, mails }: Facts): Verdict {
  // A program that ends at once may fail to start by the book: that is reported, and is the point.
  const never = scenario.misbehavesAfterMs === 0 ? NEVER.filter((type) => type !== 'restart_failed') : NEVER;
  const began = events.find(({ type }) => type === 'started');
  const beganAt = began === undefined ? null : Date.parse(began.at) + scenario.misbehavesAfterMs;
  const steps = [...scenario.detected, ...scenario.healed];
  const reachedAt: number[] = [];
  const reached: HealdeckEvent[] = [];
  let seen = 0;
  const times = (): DrillTimes => ({
    detectedAfterMs: since(beganAt, reachedAt[scenario.detected.length - 1]),
    healedAfterMs: since(beganAt, reachedAt[steps.length - 1]),
    mailedAfterMs: null,
  });
  for (const event of events) {
    const next = steps[reachedAt.length];
    if (next === undefined) break;
    if (never.includes(event.type)) return { kind: 'failed', reason: `unexpected: ${event.message}`, ...times() };
    if (next.matches(event)) {
      reached.push(event);
      seen += 1;
      if (seen < next.times) continue;
      reachedAt.push(Date.parse(event.at));
      seen = 0;
      continue;
    }
    const done = steps[reachedAt.length - 1];
    if (done !== undefined && done.times > 1 && done.matches(event)) {
      return { kind: 'failed', reason: `${done.says} more than ${done.times} times before ${next.says}`, ...times() };
    }
  }
  const next = steps[reachedAt.length];
  if (next !== undefined) return { kind: 'waiting', for: describeStep(next, seen), ...times() };
  let mailedAt: number | undefined;
  for (const event of reached.filter(isAlerted)) {
    const mail = mails.find((one) => reports(one, event, scenario));
    if (mail === undefined) return { kind: 'waiting', for: describeMail(event, scenario), ...times() };
    mailedAt = Math.max(mailedAt ?? mail.at, mail.at);
  }
  return { kind: 'passed', ...times(), mailedAfterMs: since(beganAt, mailedAt) };
}

/** Processes that want to run, for each core, above which one may get so little of it that it can't misbehave in time. */
const BUSY_PER_CORE = 4;

/** Why a drill proves little on this machine: on a busy one a program gets too little CPU to be caught. null: nothing. */
export function busyMachine({ load, cores }: { load: number; cores: number }): string | null {
  if (load <= BUSY_PER_CORE * cores) return null;
  const busy = `load ${formatLoad(load)} on ${plural(cores, 'core')}`;
  return `the machine is busy (${busy}), so the result does not count: repeat the drill on a quieter one`;
}

/** What the operator did is not alerted, as the operator knows it. */
function isAlerted(event: HealdeckEvent): boolean {
  return STANDARD_ALERT_TYPES.includes(event.type);
}

/** Whether a mail that names the watch in its subject, or counts what happened to several, has the event in its text. */
function reports({ subject, watch, isDigest, text }: DrillMail, event: HealdeckEvent, { name }: Scenario): boolean {
  const isAbout = isDigest || (watch === name && subject.split(/[^\w-]+/).includes(name));
  return isAbout && text.includes(event.message);
}

function judgeQuiet(scenario: QuietScenario, { events, peakAt, mails, now }: Facts): Verdict {
  const loud = events.find(({ type }) => !HARMLESS.includes(type));
  if (loud !== undefined) return { kind: 'failed', reason: `expected nothing, got: ${loud.message}`, ...NO_TIMES };
  const mail = mails.find(({ watch }) => watch === scenario.name);
  if (mail !== undefined) return { kind: 'failed', reason: `expected no mail, got: ${mail.subject}`, ...NO_TIMES };
  const started = events.find(({ type }) => type === 'started');
  if (started === undefined) return { kind: 'waiting', for: 'its start', ...NO_TIMES };
  const from = scenario.peakCpuPercent === null ? Date.parse(started.at) : peakAt;
  if (from === null) {
    return { kind: 'waiting', for: `a reading above ${scenario.peakCpuPercent} % of one core`, ...NO_TIMES };
  }
  if (now - from < scenario.quietMs) return { kind: 'waiting', for: 'the end of its time', ...NO_TIMES };
  return { kind: 'passed', ...NO_TIMES };
}

/** Whether the detection is complete: the moment at which an operator would act. */
export function isDetected(verdict: Verdict): boolean {
  return verdict.detectedAfterMs !== null;
}

/** Whether all is done but the mail about it. */
export function isHealed(verdict: Verdict): boolean {
  return verdict.healedAfterMs !== null;
}

function describeMail({ message }: HealdeckEvent, { name }: Scenario): string {
  return `a mail to ${DRILL_RECIPIENT} about ${name} with: ${message}`;
}

function describeStep({ says, times }: Step, seen: number): string {
  return times > 1 ? `${says} ${times} times (was ${seen})` : says;
}

/** A timer of the program may come a little before its time is over by our count: never negative. */
function since(from: number | null, at: number | undefined): number | null {
  return from === null || at === undefined ? null : Math.max(0, at - from);
}
