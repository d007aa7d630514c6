import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { MessageBudget } from '../engine/outbox-store';
import { AlertsBench } from './testing/alerts-bench';
import { NO_SUCH_RECIPIENT, SERVER_DOWN, WRONG_PASSWORD } from './testing/fake-channel';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const WATCHES = ['web', 'api', 'db', null];

interface Happening {
  do: 'crash' | 'limit' | 'notice' | 'critical' | 'recover' | 'snooze' | 'acknowledge' | 'attribute' | 'give up';
  watch: number;
}
type Step =
  | Happening
  | { do: 'wait'; ms: number }
  | { do: 'server'; answers: 'well' | 'down' | 'login' | 'recipient' | 'silence' }
  | { do: 'restart' | 'fill disk' | 'free disk' | 'unmute' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'crash',
        'limit',
        'notice',
        'critical',
        'recover',
        'snooze',
        'acknowledge',
        'attribute',
        'give up',
      ),
      watch: fc.integer({ min: 0, max: WATCHES.length - 1 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 40 * MINUTE })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('server' as const),
      answers: fc.constantFrom('well', 'well', 'down', 'login', 'recipient', 'silence'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('restart', 'fill disk', 'free disk', 'unmute') }) },
);

const ANSWERS = {
  well: 'well',
  down: SERVER_DOWN,
  login: WRONG_PASSWORD,
  recipient: NO_SUCH_RECIPIENT,
  silence: 'silence',
} as const;

/** Lets it happen, then lets everything come to its end: the disk has room, the server works, nothing is muted. */
async function live(bench: AlertsBench, steps: readonly Step[]): Promise<void> {
  const open = new Map<number, number>();
  await bench.alerts.restoring;
  for (const step of steps) {
    if (step.do === 'wait') await bench.clock.advance(step.ms);
    else if (step.do === 'server') bench.mail.answers(ANSWERS[step.answers]);
    else if (step.do === 'restart') await restart(bench);
    else if (step.do === 'fill disk' || step.do === 'free disk') bench.outbox.full = step.do === 'fill disk';
    else if (step.do === 'unmute') await whenStoreWorks(bench, () => bench.alerts.mutes.unmute(null));
    else if ('watch' in step) await happen(bench, step, open);
  }
  bench.outbox.full = false;
  bench.mail.answers('well');
  await bench.clock.advance(MINUTE);
  await bench.alerts.mutes.unmute(null);
  bench.alerts.settingsChanged();
  await bench.clock.advance(12 * HOUR);
}

async function happen(bench: AlertsBench, step: Happening, open: Map<number, number>): Promise<void> {
  const watch = WATCHES[step.watch] ?? null;
  const incident = open.get(step.watch);
  switch (step.do) {
    case 'crash':
      if (watch === null) bench.happens('notice', { watch });
      else if (incident === undefined) open.set(step.watch, bench.crash(watch));
      else bench.happens('crash_detected', { watch, incident });
      return;
    case 'limit':
      return void bench.happens('limit_exceeded', { watch });
    case 'notice':
      return void bench.happens('notice', { watch });
    case 'critical':
      return void bench.happens('cooldown_started', { watch, incident: incident ?? null });
    case 'recover':
      if (incident === undefined) return;
      bench.happens('recovered', { watch, incident });
      open.delete(step.watch);
      return;
    case 'attribute': {
      // To the incident of the watch after it in the list, or, where that has none, to one that nobody heard of.
      const cause = { watch: 'db', incident: open.get((step.watch + 1) % WATCHES.length) ?? 1_000_000 };
      if (incident !== undefined) bench.happens('incident_attributed', { watch, incident, data: { cause } });
      return;
    }
    case 'give up':
      if (incident !== undefined) bench.happens('restart_failed', { watch, incident, data: { nextAttemptInMs: null } });
      return;
    case 'snooze':
      return whenStoreWorks(bench, () => bench.alerts.mutes.snooze({ watch: null, incident: null, forMs: HOUR }));
    case 'acknowledge':
      if (incident !== undefined) await whenStoreWorks(bench, () => bench.alerts.mutes.acknowledge(incident));
  }
}

async function restart(bench: AlertsBench): Promise<void> {
  bench.restart();
  await bench.alerts.restoring;
}

async function whenStoreWorks(bench: AlertsBench, act: () => unknown): Promise<void> {
  if (!bench.outbox.full) await act();
}

it('accounts for every event by one message of each route or says why not, within the cap of any hour', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60, size: 'max' }),
      fc.integer({ min: 2, max: 8 }),
      fc.option(fc.integer({ min: 1, max: 6 })),
      async (steps, hourly, perWatch) => {
        const bench = new AlertsBench({ 'alerts.perWatchPerHour': perWatch });
        bench.mail.hourly = hourly;
        bench.mail.to = ['ada@example.org', 'bob@example.org'];
        await live(bench, steps);
        bench.alerts.dispose();

        const { items, messages } = bench.outbox;
        for (const recipient of bench.mail.to) {
          const ofRoute = items.filter(({ route }) => route.recipient === recipient);
          expect(new Set(ofRoute.map(({ event }) => event)).size).toBe(ofRoute.length);
          for (const { message, suppressed } of ofRoute) expect(message !== null || suppressed !== null).toBe(true);
          expect(ofRoute.map(({ event }) => event)).toEqual(expect.arrayContaining(graveOf(bench)));
          // What was left to another incident was so because that was reported there.
          for (const { event } of ofRoute.filter(({ suppressed }) => suppressed === 'folded')) {
            const reported = ofRoute
              .filter(({ message }) => message !== null)
              .map((item) => incidentOf(bench, item.event));
            expect(causesOf(bench, event).some((cause) => reported.includes(cause))).toBe(true);
          }
        }
        // What a message says it accounts for is what is kept of it, and each came at most once.
        for (const { id, events, state, route } of messages) {
          const reported = items.filter(({ message, suppressed }) => message === id && suppressed === null);
          expect(reported.length).toBe(events);
          expect(['sent', 'failed']).toContain(state);
          const arrived = bench.mail.delivered.filter((delivered) => delivered.id === id);
          expect(arrived.length).toBe(state === 'sent' ? 1 : 0);
          for (const delivered of arrived) expect(delivered.recipient).toBe(route.recipient);
        }
        expectOrderAndCap(bench, 'hourly', hourly);
        expectOrderAndCap(bench, 'urgent', 10);
        expect(bench.reported).toEqual([]);
        expect(bench.clock.pending).toBe(0);
      },
    ),
    { numRuns: 40 },
  );
}, 60_000);

function incidentOf({ events }: AlertsBench, id: number): number | null {
  return events.find((event) => event.id === id)?.incident ?? null;
}

/** All incidents that the one of this event was ever attributed to. */
function causesOf(bench: AlertsBench, id: number): readonly number[] {
  const incident = incidentOf(bench, id);
  return bench.events.flatMap((event) =>
    event.type === 'incident_attributed' && event.incident === incident ? event.data.cause.incident : [],
  );
}

/** Events that everybody is to be notified of, whatever the incident. */
function graveOf(bench: AlertsBench): number[] {
  return bench.events
    .filter(({ type }) => type === 'crash_detected' || type === 'cooldown_started')
    .map(({ id }) => id);
}

function expectOrderAndCap({ mail, outbox }: AlertsBench, budget: MessageBudget, hourly: number): void {
  const paid = new Set(outbox.messages.filter((message) => message.budget === budget).map(({ id }) => id));
  for (const recipient of mail.to) {
    const ofRoute = mail.delivered.filter((message) => message.recipient === recipient && paid.has(message.id));
    expect(ofRoute.map(({ id }) => id)).toEqual(ofRoute.map(({ id }) => id).sort((one, other) => one - other));
    for (const { atMs: from } of ofRoute) {
      const within = ofRoute.filter(({ atMs }) => atMs >= from && atMs <= from + HOUR);
      expect(within.length).toBeLessThanOrEqual(hourly);
    }
  }
}
