import { describe, expect, it } from 'vitest';
import { NO_TIMES } from '../../shared/model/drill';
import type { HealdeckEvent } from '../../shared/model/event';
import {
  settingsOverridesSchema,
  watchOverridesSchema,
  resolveSettings,
  conflictsOf,
} from '../../shared/model/settings';
import { probesSchema } from '../../shared/model/probe';
import { watchNameSchema } from '../../shared/model/watch';
import { ANY_PROGRAM } from '../testing/any-program';
import { busyMachine, isDetected, isHealed, judge } from './judge';
import { DRILL_RECIPIENT, type DrillMail } from './mailbox';
import { step, type HealScenario, type QuietScenario } from './scenario';
import { BYSTANDER, SCENARIOS } from './scenarios';

const T0 = Date.parse('2026-01-01T00:00:00Z');

/** Events a second apart from each other: `[type]`, or `[type, data]`. */
function events(...list: readonly (string | [string, object])[]): HealdeckEvent[] {
  return list.map((entry, index) => {
    const [type, data] = typeof entry === 'string' ? [entry, {}] : entry;
    const at = new Date(T0 + index * 1000).toISOString();
    const base = { id: index + 1, at, severity: 'info', watch: 'x', pid: 1, incident: null, message: `${type} it is` };
    return { ...base, type, data } as unknown as HealdeckEvent;
  });
}

const facts = (list: readonly HealdeckEvent[], more: Partial<Parameters<typeof judge>[1]> = {}) => ({
  events: list,
  peakAt: null,
  mails: [],
  now: T0,
  ...more,
});

/** A mail that tells these events, as many seconds after the first of them. */
function mail(reported: readonly HealdeckEvent[], seconds: number, more: Partial<DrillMail> = {}): DrillMail {
  return {
    at: T0 + seconds * 1000,
    to: [DRILL_RECIPIENT],
    subject: '[host] x is well',
    watch: 'x',
    isDigest: false,
    text: reported.map(({ message }) => `  10:00:00 ${message}`).join('\n'),
    ...more,
  };
}

const HEAL: HealScenario = {
  kind: 'heal',
  ...ANY_PROGRAM,
  timeoutMs: 1000,
  mailTimeoutMs: 1000,
  misbehavesAfterMs: 500,
  detected: [step('restarted', { times: 2 }), step('cooldown_started', { where: ({ restarts }) => restarts === 2 })],
  healed: [step('cooldown_reset'), step('restarted')],
  operator: 'reset_cooldown',
  leavesNothing: false,
};

const COOLDOWN: [string, object] = ['cooldown_started', { restarts: 2 }];

describe('a scenario that heals', () => {
  it('passes when all steps were seen in their order, with its times from the misbehaviour on', () => {
    const seen = events('watch_added', 'started', 'restarted', 'restarted', COOLDOWN, 'cooldown_reset', 'restarted');
    expect(judge(HEAL, facts(seen, { mails: [mail(seen, 7)] }))).toEqual({
      kind: 'passed',
      detectedAfterMs: 2500,
      healedAfterMs: 4500,
      mailedAfterMs: 5500,
    });
  });

  it('lets other events stand between', () => {
    const seen = events(
      'started',
      'restarted',
      'gap',
      'restarted',
      'crash_detected',
      COOLDOWN,
      'cooldown_reset',
      'restarted',
    );
    expect(judge(HEAL, facts(seen, { mails: [mail(seen, 9)] })).kind).toBe('passed');
  });

  it('waits for the first step that is missing, and says which', () => {
    const waiting = judge(HEAL, facts(events('started', 'restarted')));
    expect(waiting).toMatchObject({ kind: 'waiting', for: 'restarted 2 times (was 1)', detectedAfterMs: null });
    expect(isDetected(waiting)).toBe(false);
  });

  it('is detected, and not healed yet, between its two halves', () => {
    const verdict = judge(HEAL, facts(events('started', 'restarted', 'restarted', COOLDOWN)));
    expect(verdict).toMatchObject({
      kind: 'waiting',
      for: 'cooldown_reset',
      detectedAfterMs: 2500,
      healedAfterMs: null,
    });
    expect(isDetected(verdict)).toBe(true);
    expect(isHealed(verdict)).toBe(false);
  });

  it('does not take an event with other data for its step', () => {
    const seen = events('started', 'restarted', 'restarted', ['cooldown_started', { restarts: 7 }]);
    expect(judge(HEAL, facts(seen))).toMatchObject({ kind: 'waiting', for: 'cooldown_started' });
  });

  it('does not take steps in another order', () => {
    const seen = events('started', 'restarted', 'cooldown_reset', 'restarted', COOLDOWN, 'restarted');
    expect(judge(HEAL, facts(seen))).toMatchObject({ kind: 'waiting', for: 'cooldown_reset' });
  });

  it('fails when a step comes more often than it should', () => {
    const seen = events('started', 'restarted', 'restarted', 'restarted', COOLDOWN, 'cooldown_reset', 'restarted');
    expect(judge(HEAL, facts(seen))).toMatchObject({
      kind: 'failed',
      reason: expect.stringContaining('more than 2 times'),
    });
  });

  it.each(['signal_refused', 'healing_paused', 'restart_failed'])('fails at once on %s', (type) => {
    expect(judge(HEAL, facts(events('started', type)))).toMatchObject({
      kind: 'failed',
      reason: `unexpected: ${type} it is`,
    });
  });

  it('takes failed starts for granted in a program that ends at once', () => {
    const scenario = { ...HEAL, misbehavesAfterMs: 0 };
    expect(judge(scenario, facts(events('started', 'restart_failed'))).kind).toBe('waiting');
  });

  it('never shows a negative time', () => {
    const scenario = { ...HEAL, misbehavesAfterMs: 60_000, detected: [step('restarted')] };
    expect(judge(scenario, facts(events('started', 'restarted')))).toMatchObject({ detectedAfterMs: 0 });
  });
});

describe('the mails about a scenario that heals', () => {
  const steps = ['restarted', 'restarted', COOLDOWN, 'cooldown_reset', 'restarted'] as const;
  const [started, ...seen] = events('started', ...steps).map((event) => ({
    ...event,
    message: `${event.message} (${event.id})`,
  })) as [HealdeckEvent, ...HealdeckEvent[]];
  const judged = (...mails: DrillMail[]) => judge(HEAL, facts([started, ...seen], { mails }));

  it('are waited for when all is healed, with the words that must come', () => {
    const verdict = judged();
    expect(verdict).toMatchObject({
      kind: 'waiting',
      for: `a mail to ${DRILL_RECIPIENT} about x with: restarted it is (2)`,
      healedAfterMs: 4500,
      mailedAfterMs: null,
    });
    expect(isHealed(verdict)).toBe(true);
  });

  it('may be several: the one that completes the report counts', () => {
    const first = mail(seen.slice(0, 3), 4);
    expect(judged(first)).toMatchObject({ kind: 'waiting', for: expect.stringContaining('restarted it is (6)') });
    expect(judged(first, mail(seen.slice(4), 8), mail(seen, 20))).toMatchObject({
      kind: 'passed',
      mailedAfterMs: 7500,
    });
  });

  it('need not tell what the operator did', () => {
    const reported = seen.filter(({ type }) => type !== 'cooldown_reset');
    expect(judged(mail(reported, 7)).kind).toBe('passed');
  });

  it.each<[string, Partial<DrillMail>]>([
    ['is about another watch', { watch: 'y' }],
    ['names the watch nowhere in its subject', { subject: '[host] xx is well' }],
  ])('do not count when one %s', (_, more) => {
    expect(judged(mail(seen, 7, more)).kind).toBe('waiting');
  });

  it('may be a digest of many watches, which has no single name in its subject', () => {
    const digest = { watch: null, isDigest: true, subject: '[host] 12 events of 3 watches' };
    expect(judged(mail(seen, 7, digest)).kind).toBe('passed');
  });

  it.each([[['ada@example.org']], [[DRILL_RECIPIENT, 'ada@example.org']]])('fail it when one goes to %s', (to) => {
    const reason = `a mail went to ${to.join(', ')}`;
    expect(judged(mail(seen, 7, { to }))).toEqual({ kind: 'failed', reason, ...NO_TIMES });
  });
});

const QUIET: QuietScenario = {
  kind: 'quiet',
  ...ANY_PROGRAM,
  timeoutMs: 1000,
  peakCpuPercent: 25,
  quietMs: 3000,
};

describe('a scenario in which nothing may happen', () => {
  const started = events('watch_added', 'started', 'gap');

  it('proves nothing until the peak was seen', () => {
    const verdict = judge(QUIET, facts(started, { now: T0 + 100_000 }));
    expect(verdict).toMatchObject({ kind: 'waiting', for: 'a reading above 25 % of one core' });
  });

  it('passes when its time is over since the peak, and not before', () => {
    const peakAt = T0 + 5000;
    expect(judge(QUIET, facts(started, { peakAt, now: peakAt + 2999 })).kind).toBe('waiting');
    expect(judge(QUIET, facts(started, { peakAt, now: peakAt + 3000 })).kind).toBe('passed');
  });

  it.each(['limit_exceeded', 'anomaly_detected', 'killed', 'restarted', 'crash_detected', 'signal_refused'])(
    'fails on %s',
    (type) => {
      const verdict = judge(QUIET, facts([...started, ...events(type)], { peakAt: T0, now: T0 + 9000 }));
      expect(verdict).toMatchObject({ kind: 'failed', reason: `expected nothing, got: ${type} it is` });
    },
  );

  it('fails on a mail about it, and not on one about another', () => {
    const judged = (watch: string) =>
      judge(QUIET, facts(started, { peakAt: T0, now: T0 + 9000, mails: [mail([], 5, { watch, subject: 'x ails' })] }));
    expect(judged('y').kind).toBe('passed');
    expect(judged('x')).toMatchObject({ kind: 'failed', reason: 'expected no mail, got: x ails' });
  });

  it('counts from the start where no peak is asked for', () => {
    const scenario = { ...QUIET, peakCpuPercent: null };
    expect(judge(scenario, facts([])).kind).toBe('waiting');
    expect(judge(scenario, facts(started, { now: T0 + 4000 })).kind).toBe('passed');
  });
});

describe('the scenarios', () => {
  const all = [...SCENARIOS, BYSTANDER];

  it('have names of their own that a watch may have', () => {
    const names = all.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(watchNameSchema.safeParse(name).success).toBe(true);
  });

  it.each(all.map((scenario) => [scenario.name, scenario] as const))(
    '%s has settings that hold together',
    (_, { overrides }) => {
      expect(watchOverridesSchema.parse(overrides)).toEqual(overrides);
      expect(settingsOverridesSchema.safeParse(overrides).success).toBe(true);
      expect(conflictsOf(resolveSettings(overrides))).toEqual([]);
    },
  );

  it('probe only what can be probed', () => {
    const probed = all.flatMap(({ probes }) => (probes === undefined ? [] : [probes(7)]));
    expect(probed.length).toBeGreaterThan(1);
    for (const probes of probed) expect(probesSchema.safeParse(probes).success).toBe(true);
  });
});

it('reports that a busy machine proves little', () => {
  expect(busyMachine({ load: 8, cores: 2 })).toBeNull();
  expect(busyMachine({ load: 38.2, cores: 2 })).toBe(
    'the machine is busy (load 38.2 on 2 cores), so the result does not count: repeat the drill on a quieter one',
  );
});
