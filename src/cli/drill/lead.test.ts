import { describe, expect, it } from 'vitest';
import type { DrillStep } from '../../shared/model/drill';
import type { HealdeckEvent } from '../../shared/model/event';
import { ANY_PROGRAM } from '../testing/any-program';
import { lead, type Lead } from './lead';
import { DRILL_RECIPIENT, type DrillMail } from './mailbox';
import { step, type HealScenario } from './scenario';

const AT = '2026-01-01T00:00:00.000Z';

const SCENARIO: HealScenario = {
  kind: 'heal',
  ...ANY_PROGRAM,
  timeoutMs: 60_000,
  mailTimeoutMs: 60_000,
  misbehavesAfterMs: 1,
  detected: [step('cooldown_started')],
  healed: [step('restarted')],
  operator: 'reset_cooldown',
  leavesNothing: false,
};

const event = (type: string) => ({ type, at: AT, message: `${type} it is`, data: {} }) as unknown as HealdeckEvent;
const MAIL: DrillMail = {
  ...{ at: Date.parse(AT) + 600, to: [DRILL_RECIPIENT], watch: 'x', isDigest: false },
  subject: 'x restarted',
  text: 'cooldown_started it is\nrestarted it is',
};

type News = HealdeckEvent | DrillMail | null;

/** An engine that has told some things, and tells the next of others whenever somebody waits for news; `null` is nothing. */
function bench(first: readonly News[], later: readonly News[] = [], mailProblem: string | null = null) {
  const left = [...later];
  const [reported, mails, steps, resets]: [HealdeckEvent[], DrillMail[], DrillStep[], string[]] = [[], [], [], []];
  const take = (next: News): void => {
    if (next === null) return;
    if ('subject' in next) mails.push(next);
    else reported.push(next);
  };
  first.forEach(take);
  const context: Lead = {
    follower: {
      events: () => reported,
      firstAbove: () => null,
      news: async () => {
        // A turn of the clock: an engine that has nothing to tell lets time go by.
        await new Promise((resolve) => setTimeout(resolve, 1));
        take(left.shift() ?? null);
      },
    },
    mailbox: { mails: () => mails },
    operator: {
      endStranger: () => Promise.resolve(),
      resetCooldown: (watch) => Promise.resolve(void resets.push(watch)),
      mailProblem: () => Promise.resolve(mailProblem),
    },
    machineProblem: () => null,
    signal: new AbortController().signal,
    onStep: (step) => steps.push(step),
  };
  return { context, steps, resets };
}

describe('a scenario that is led', () => {
  it('tells each of its steps once, acts as its operator once, and passes with its mail', async () => {
    const later = [event('cooldown_started'), null, event('restarted'), null, MAIL];
    const { context, steps, resets } = bench([event('started')], later);
    expect(await lead(SCENARIO, context)).toMatchObject({ kind: 'passed', mailedAfterMs: 599 });
    expect(steps.map(({ kind }) => kind)).toEqual(['detected', 'healed']);
    expect(resets).toEqual(['x']);
  });

  const healed = [event('started'), event('cooldown_started'), event('restarted')];

  it.each([
    ['says what did not come', null, ''],
    ['and what the engine says of it', 'The connection was refused.', ' (The connection was refused.)'],
  ])('fails when no mail comes in its time: %s', async (_, problem, reported) => {
    const { context, steps } = bench(healed, [], problem);
    const verdict = await lead({ ...SCENARIO, mailTimeoutMs: 20 }, context);
    const words = `a mail to ${DRILL_RECIPIENT} about x with: cooldown_started it is`;
    expect(verdict).toMatchObject({
      kind: 'failed',
      reason: `not within 20 ms: ${words}${reported}`,
      mailedAfterMs: null,
    });
    expect(verdict.healedAfterMs).not.toBeNull();
    expect(steps.at(-1)?.kind).toBe('healed');
  });

  it('fails when it is not healed in its time, whatever the mails say', async () => {
    const { context } = bench([...healed.slice(0, 2), MAIL], [], 'The connection was refused.');
    const verdict = await lead({ ...SCENARIO, timeoutMs: 20 }, context);
    expect(verdict).toMatchObject({ kind: 'failed', reason: 'not within 20 ms: restarted' });
  });

  it('reports that the machine was busy with what did not come in its time', async () => {
    const { context } = bench(healed.slice(0, 2));
    const verdict = await lead({ ...SCENARIO, timeoutMs: 20 }, { ...context, machineProblem: () => 'it is busy' });
    expect(verdict).toMatchObject({ kind: 'failed', reason: 'not within 20 ms: restarted; it is busy' });
  });
});
