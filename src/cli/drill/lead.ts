import type { DrillStep } from '../../shared/model/drill';
import type { Follower } from './follow';
import { isDetected, isHealed, judge, type Facts, type Verdict } from './judge';
import type { DrillMail } from './mailbox';
import type { Scenario } from './scenario';
import { formatDuration } from '../../shared/lib/format/duration';

/** Within this time news that nobody told are looked for. */
export const LOOK_AGAIN_MS = 500;

/** What leading a scenario to its verdict needs. */
export interface Lead {
  follower: Follower;
  mailbox: { mails(): readonly DrillMail[] };
  operator: {
    resetCooldown(watch: string): Promise<void>;
    /** What the engine says about mails that don't arrive; null when it knows of nothing. */
    mailProblem(): Promise<string | null>;
  };
  /** Why the machine may be the reason for what did not come; null: it is not. */
  machineProblem: () => string | null;
  /** Aborting it ends the drill early. */
  signal: AbortSignal;
  onStep: (step: DrillStep) => void;
}

/** Follows a scenario to its verdict, tells its steps, and acts as its operator would. */
export async function lead(scenario: Scenario, context: Lead): Promise<Verdict> {
  const { follower, operator, signal, onStep } = context;
  const { name } = scenario;
  let limitMs = scenario.timeoutMs;
  let deadline = performance.now() + limitMs;
  let toldDetected = false;
  let toldHealed = false;
  for (;;) {
    signal.throwIfAborted();
    const verdict = judge(scenario, factsOf(scenario, context));
    const { detectedAfterMs, healedAfterMs } = verdict;
    const isDetectedNow = !toldDetected && isDetected(verdict);
    if (isDetectedNow) {
      toldDetected = true;
      onStep({ kind: 'detected', scenario: name, detectedAfterMs });
    }
    if (scenario.kind === 'heal' && !toldHealed && isHealed(verdict)) {
      toldHealed = true;
      limitMs = scenario.mailTimeoutMs;
      deadline = performance.now() + limitMs;
      onStep({ kind: 'healed', scenario: name, detectedAfterMs, healedAfterMs });
    }
    if (verdict.kind !== 'waiting') return verdict;
    if (performance.now() > deadline) {
      const problem = isHealed(verdict) ? await operator.mailProblem() : null;
      const busy = context.machineProblem();
      const why = `not within ${formatDuration(limitMs)}: ${verdict.for}${problem === null ? '' : ` (${problem})`}${busy === null ? '' : `; ${busy}`}`;
      return { ...verdict, kind: 'failed', why };
    }
    if (isDetectedNow && scenario.kind === 'heal' && scenario.operator !== null) await operator.resetCooldown(name);
    await follower.news(LOOK_AGAIN_MS);
  }
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
