import type { DrillStep } from '../../shared/model/drill';
import type { Follower } from './follow';
import { isDetected, isHealed, judge, type Facts, type Verdict } from './judge';
import type { DrillMail } from './mailbox';
import type { HealScenario, Scenario } from './scenario';
import { formatDuration } from '../../shared/lib/format/duration';

/** How often to check for events that were not announced. */
export const RECHECK_INTERVAL_MS = 500;

/** What leading a scenario to its verdict needs. */
export interface Lead {
  follower: Follower;
  mailbox: { mails(): readonly DrillMail[] };
  operator: {
    resetCooldown(watch: string): Promise<void>;
    /** Ends what holds the port of a scenario. */
    endStranger(scenario: string): Promise<void>;
    /** What the engine reports about mails that don't arrive; null when it knows of nothing. */
    mailProblem(): Promise<string | null>;
  };
  /** Why the machine may be the reason for what did not come; null: it is not. */
  machineProblem: () => string | null;
  /** Aborting it ends the drill early. */
  signal: AbortSignal;
  onStep: (step: DrillStep) => void;
}

/** Follows a scenario to its verdict, reports its steps, and acts as its operator would. */
export async function lead(scenario: Scenario, context: Lead): Promise<Verdict> {
  const { follower, operator, signal, onStep } = context;
  const { name } = scenario;
  let limitMs = scenario.timeoutMs;
  let deadline = performance.now() + limitMs;
  let reportedDetected = false;
  let reportedHealed = false;
  for (;;) {
    signal.throwIfAborted();
    const verdict = judge(scenario, factsOf(scenario, context));
    const { detectedAfterMs, healedAfterMs } = verdict;
    const isDetectedNow = !reportedDetected && isDetected(verdict);
    if (isDetectedNow) {
      reportedDetected = true;
      onStep({ kind: 'detected', scenario: name, detectedAfterMs });
    }
    if (scenario.kind === 'heal' && !reportedHealed && isHealed(verdict)) {
      reportedHealed = true;
      limitMs = scenario.mailTimeoutMs;
      deadline = performance.now() + limitMs;
      onStep({ kind: 'healed', scenario: name, detectedAfterMs, healedAfterMs });
    }
    if (verdict.kind !== 'waiting') return verdict;
    if (performance.now() > deadline) {
      const problem = isHealed(verdict) ? await operator.mailProblem() : null;
      const busy = context.machineProblem();
      const reason = `not within ${formatDuration(limitMs)}: ${verdict.for}${problem === null ? '' : ` (${problem})`}${busy === null ? '' : `; ${busy}`}`;
      return { ...verdict, kind: 'failed', reason };
    }
    if (isDetectedNow && scenario.kind === 'heal') await act(scenario, operator);
    await follower.news(RECHECK_INTERVAL_MS);
  }
}

/** What the operator does once it is detected. */
async function act({ name, operator: deed }: HealScenario, operator: Lead['operator']): Promise<void> {
  if (deed === 'reset_cooldown') await operator.resetCooldown(name);
  if (deed === 'end_stranger') await operator.endStranger(name);
}

/** What is known of a scenario now. */
export function factsOf(scenario: Scenario, { follower, mailbox }: Pick<Lead, 'follower' | 'mailbox'>): Facts {
  const peak = scenario.kind === 'quiet' ? scenario.peakCpuPercent : null;
  return {
    events: follower.events(scenario.name),
    peakAt: peak === null ? null : follower.firstAbove(scenario.name, peak),
    mails: mailbox.mails(),
    now: Date.now(),
  };
}
