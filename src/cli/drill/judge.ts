import type { EventType, HealdeckEvent } from '../../shared/model/event';
import type { HealScenario, QuietScenario, Scenario, Step } from './scenario';

/** What is known of a scenario so far. Instants are wall times in ms since the epoch. */
export interface Facts {
  /** The events of its watch, oldest first. */
  events: readonly HealdeckEvent[];
  /** When it was first seen above the CPU that the scenario names; null: not yet. */
  peakAt: number | null;
  now: number;
}

/** `null` where there is no such time. */
export interface Timing {
  /** From the misbehaviour to its detection, in ms. */
  detectedAfterMs: number | null;
  /** From the misbehaviour to the end of its heal, in ms. */
  healedAfterMs: number | null;
}

export type Verdict =
  | ({ kind: 'waiting'; for: string } & Timing)
  | ({ kind: 'passed' } & Timing)
  | ({ kind: 'failed'; why: string } & Timing);

const NO_TIMES: Timing = { detectedAfterMs: null, healedAfterMs: null };

/** What can be told about a watch that is simply left alone. */
const HARMLESS: readonly EventType[] = ['watch_added', 'started', 'gap', 'notice'];
/** What must never come of a drill, whatever the scenario. */
const NEVER: readonly EventType[] = ['signal_refused', 'restart_failed', 'healing_paused'];

/**
 * Judges what was written down so far.
 *
 * | scenario | events                                                            | verdict |
 * |----------|-------------------------------------------------------------------|---------|
 * | heal     | one that must never come                                          | failed  |
 * | heal     | a step more often than it says, before the next one               | failed  |
 * | heal     | all steps, in their order, whatever else is between               | passed  |
 * | heal     | not all of them yet                                               | waiting |
 * | quiet    | anything but its start                                            | failed  |
 * | quiet    | nothing for the time it names, since it was seen at its peak      | passed  |
 * | quiet    | nothing, but the peak was not seen or the time is not over        | waiting |
 */
export function judge(scenario: Scenario, facts: Facts): Verdict {
  return scenario.kind === 'heal' ? judgeHeal(scenario, facts.events) : judgeQuiet(scenario, facts);
}

function judgeHeal(scenario: HealScenario, events: readonly HealdeckEvent[]): Verdict {
  // A program that ends at once may fail to start by the book: that is told, and is the point.
  const never = scenario.misbehavesAfterMs === 0 ? NEVER.filter((type) => type !== 'restart_failed') : NEVER;
  const began = events.find(({ type }) => type === 'started');
  const beganAt = began === undefined ? null : Date.parse(began.at) + scenario.misbehavesAfterMs;
  const steps = [...scenario.detected, ...scenario.healed];
  const reachedAt: number[] = [];
  let seen = 0;
  const times = (): Timing => ({
    detectedAfterMs: since(beganAt, reachedAt[scenario.detected.length - 1]),
    healedAfterMs: since(beganAt, reachedAt[steps.length - 1]),
  });
  for (const event of events) {
    const next = steps[reachedAt.length];
    if (next === undefined) break;
    if (never.includes(event.type)) return { kind: 'failed', why: `unexpected: ${event.message}`, ...times() };
    if (next.matches(event)) {
      seen += 1;
      if (seen < next.times) continue;
      reachedAt.push(Date.parse(event.at));
      seen = 0;
      continue;
    }
    const done = steps[reachedAt.length - 1];
    if (done !== undefined && done.times > 1 && done.matches(event)) {
      return { kind: 'failed', why: `${done.says} more than ${done.times} times before ${next.says}`, ...times() };
    }
  }
  const next = steps[reachedAt.length];
  if (next !== undefined) return { kind: 'waiting', for: describeStep(next, seen), ...times() };
  return { kind: 'passed', ...times() };
}

function judgeQuiet(scenario: QuietScenario, { events, peakAt, now }: Facts): Verdict {
  const loud = events.find(({ type }) => !HARMLESS.includes(type));
  if (loud !== undefined) return { kind: 'failed', why: `expected nothing, got: ${loud.message}`, ...NO_TIMES };
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

function describeStep({ says, times }: Step, seen: number): string {
  return times > 1 ? `${says} ${times} times (was ${seen})` : says;
}

/** A timer of the program may come a little before its time is over by our count: never negative. */
function since(from: number | null, at: number | undefined): number | null {
  return from === null || at === undefined ? null : Math.max(0, at - from);
}
