import type { ProbeAttempt, ProbeRole } from '../model/probe';
import { formatDuration } from '../lib/format/duration';
import type { EventDefinition, Fact } from './definition';

/** What probes and the program itself report of how it works. */

interface Asked {
  /** The name of the probe; null: the program has reported it. */
  probe: string | null;
  /** The last answer, in words. */
  answer: string;
}

export const becameReady: EventDefinition<
  'became_ready',
  Asked & {
    /** From the start to here, in ms; null: it had been ready before. */
    afterMs: number | null;
  }
> = {
  type: 'became_ready',
  label: 'Ready',
  counted: ['readiness', 'times ready'],
  tone: 'good',
  alert: 'optional',
  line: ({ data }) => ({
    action: 'Ready',
    details: [data.afterMs === null ? 'again' : `after ${formatDuration(data.afterMs)}`, answerText(data)],
  }),
  facts: ({ data }, { duration }) => [
    ...askedFacts(data),
    ...(data.afterMs === null ? [] : [{ label: 'After', value: duration(data.afterMs) }]),
  ],
};

export const readinessLost: EventDefinition<'readiness_lost', Asked> = {
  type: 'readiness_lost',
  label: 'Not ready',
  counted: ['lost readiness', 'times not ready'],
  impact: 30,
  tone: 'warning',
  alert: 'standard',
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({ action: 'Not ready', details: [answerText(data)] }),
  facts: ({ data }) => askedFacts(data),
  problem: ({ data }) => `is not ready (${answerText(data)})`,
  unanswered: () => ', and goes on running',
};

export const probeFailed: EventDefinition<
  'probe_failed',
  Asked & {
    role: ProbeRole;
    /** So many of the last `of` attempts have failed; those on a starved machine count half. */
    failures: number;
    of: number;
    /** Those that were counted, oldest first. */
    attempts: readonly ProbeAttempt[];
    action: 'restart' | 'notify';
    /** True: only would have been done, the watch is observed. */
    observed: boolean;
  }
> = {
  type: 'probe_failed',
  label: 'Probe failed',
  counted: ['failed probe', 'failed probes'],
  impact: 60,
  tone: 'high',
  alert: 'standard',
  marksPast: true,
  isProblem: true,
  part: 'detection',
  line: ({ data }) => ({
    action: 'Probe failed',
    details: [
      `${answerText(data)}, ${data.failures} of ${data.attempts.length} attempts`,
      data.observed
        ? `observed only, would have: ${data.action}`
        : data.action === 'notify'
          ? null
          : `action: ${data.action}`,
    ],
  }),
  facts: ({ data }, { duration }) => [
    ...askedFacts(data),
    { label: 'Failed', value: `${data.failures} of the last ${data.attempts.length} attempts` },
    ...data.attempts.map(({ passed, words, latencyMs }, at): Fact => ({
      label: `Attempt ${at + 1}`,
      value: `${passed ? 'passed' : 'failed'} after ${duration(latencyMs)}: ${words}`,
    })),
    { label: 'Action', value: data.observed ? `would have been: ${data.action}` : data.action },
  ],
  problem: ({ data }) => `does not work (${answerText(data)})`,
  unanswered: ({ data }) => (data.observed ? `; observed only, would have: ${data.action}` : ', and goes on running'),
  cause: (data) => (data.observed || data.action === 'notify' ? null : `probe ${data.probe ?? ''}`.trimEnd()),
};

/** `health: 503 Service Unavailable` */
function answerText({ probe, answer }: Asked): string {
  return probe === null ? answer : `${probe}: ${answer}`;
}

function askedFacts({ probe, answer }: Asked): Fact[] {
  return [
    { label: 'Reported by', value: probe === null ? 'the program itself' : `probe ${probe}` },
    { label: 'Answer', value: answer },
  ];
}
