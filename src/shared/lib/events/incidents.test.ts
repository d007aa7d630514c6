import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LimitAction } from '../../findings';
import type { EventData, EventType, HealdeckEvent } from '../../model/event';
import { asAbandoned, incidentsOf } from './incidents';

function event<T extends EventType>(
  id: number,
  type: T,
  data: Partial<EventData[T]> = {},
  incident: number | null = 1,
): HealdeckEvent {
  const at = new Date(Date.UTC(2026, 0, 1) + id * 1000).toISOString();
  return {
    ...{ id, at, type, incident, data, severity: 'info', watch: 'web', pid: null, message: `${type} ${id}` },
  } as unknown as HealdeckEvent;
}

const crash = (id: number, exitCode: number | null = 1, signal: string | null = null) =>
  event(id, 'crash_detected', { exitCode, signal, policy: 'on-failure' });
const restart = (id: number, attempt = 1) => event(id, 'restarted', { attempt });
const outcome = (...events: HealdeckEvent[]) => incidentsOf(events)[0]?.outcome;

describe('the incidents of events', () => {
  it('know what led to them, as it was found last, and what they led to', () => {
    const cause = (id: number, watch: string) =>
      event(id, 'incident_attributed', { cause: { watch, incident: id + 100 } });
    expect(incidentsOf([crash(1), cause(2, 'api'), cause(3, 'db')])[0]).toMatchObject({
      cause: { watch: 'db', incident: 103 },
      outcome: 'open',
    });
    const affected = (id: number, watch: string, incident: number | null) =>
      event(id, 'dependant_affected', { watch, incident, how: incident === null ? 'restarted' : 'incident' });
    const led = [affected(2, 'api', 7), affected(3, 'web', null), affected(4, 'api', null)];
    expect(incidentsOf([crash(1), ...led])[0]?.affects).toEqual([
      { watch: 'api', incident: 7, how: 'incident' },
      { watch: 'web', incident: null, how: 'restarted' },
    ]);
  });

  it('tell the whole story of a heal', () => {
    const events = [
      crash(1),
      restart(2),
      crash(3),
      restart(4),
      event(5, 'cooldown_started'),
      crash(6, null, 'SIGSEGV'),
    ];
    const closed = event(90, 'recovered', { attempts: 2, durationMs: 88_500 });
    expect(incidentsOf([...events, closed])).toEqual([
      {
        id: 1,
        watch: 'web',
        startedAt: events[0]?.at,
        endedAt: closed.at,
        durationMs: 88_500,
        outcome: 'recovered',
        restarts: 2,
        cooldowns: 1,
        commonExit: 'exit code 1',
        cause: null,
        affects: [],
        summary: 'crash_detected 1',
        events: [...events, closed],
      },
    ]);
  });

  it('are open until something closes them', () => {
    expect(incidentsOf([crash(1), restart(2)])[0]).toMatchObject({ outcome: 'open', endedAt: null, durationMs: null });
    expect(outcome(crash(1), event(2, 'restart_failed', { reason: 'ENOENT', nextAttemptInMs: 1000 }))).toBe('open');
    expect(outcome(crash(1), event(2, 'cooldown_started'))).toBe('open');
  });

  it.each<[string, HealdeckEvent]>([
    ['stopped', event(2, 'stopped')],
    ['stopped', event(2, 'watch_removed')],
    ['stopped', event(2, 'exited', { reason: 'shutdown' })],
    ['failed', event(2, 'restart_failed', { reason: 'gave_up', nextAttemptInMs: null })],
    ['failed', event(2, 'restart_failed', { reason: 'unkillable', nextAttemptInMs: null })],
    ['failed', event(2, 'crash_detected', { policy: 'never' })],
  ])('end as %s (%#)', (expected, closing) => {
    expect(incidentsOf([crash(1), closing])[0]).toMatchObject({ outcome: expected, durationMs: 1000 });
    for (const aside of ['signal_refused', 'last_words', 'alert_sent', 'alert_failed'] as const) {
      expect(outcome(crash(1), closing, event(3, aside))).toBe(expected);
    }
  });

  it('tell a kill for good from one that is a step of a restart', () => {
    const limit = (action: LimitAction, observed = false) => event(1, 'limit_exceeded', { action, observed });
    expect(outcome(limit('kill'), event(2, 'killed'))).toBe('failed');
    expect(outcome(event(1, 'anomaly_detected', { action: 'freeze_and_kill' }), event(2, 'killed'))).toBe('failed');
    expect(outcome(limit('restart'), event(2, 'killed'))).toBe('open');
    expect(outcome(limit('kill', true), event(2, 'killed'))).toBe('open');
    expect(outcome(crash(1), event(2, 'killed'))).toBe('open');
  });

  it('count automatic restarts only', () => {
    expect(incidentsOf([crash(1), restart(2, 0), restart(3, 2)])[0]?.restarts).toBe(1);
  });

  it('name the common exit only when most crashes had it', () => {
    const common = (...crashes: HealdeckEvent[]) => incidentsOf(crashes)[0]?.commonExit;
    expect(common(crash(1), crash(2, 2))).toBe(null);
    expect(common(crash(1, null, 'SIGKILL'), crash(2, null, 'SIGKILL'), crash(3))).toBe('SIGKILL');
    expect(common(crash(1, null), crash(2, null), crash(3))).toBe(null);
    expect(common(restart(1))).toBe(null);
  });

  it('that nobody goes on with end with their last event', () => {
    const [open] = incidentsOf([crash(1), restart(5)]);
    expect(open && asAbandoned(open)).toMatchObject({ outcome: 'stopped', durationMs: 4000 });
    const [closed] = incidentsOf([crash(1), event(2, 'stopped')]);
    expect(closed && asAbandoned(closed)).toBe(closed);
  });

  const types = [
    'crash_detected',
    'restarted',
    'killed',
    'recovered',
    'stopped',
    'cooldown_started',
    'notice',
  ] as const;
  const anyEvents = fc
    .uniqueArray(
      fc.record({
        id: fc.integer({ min: 1, max: 500 }),
        type: fc.constantFrom(...types),
        incident: fc.option(fc.integer({ min: 1, max: 8 })),
      }),
      { selector: ({ id }) => id, maxLength: 60 },
    )
    .map((all) => all.map(({ id, type, incident }) => event(id, type, {}, incident)));

  it('have every event of a story in exactly one of them, in order, whatever the order it came in', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const incidents = incidentsOf(events);
        const reported = incidents.flatMap((incident) => incident.events.map(({ id }) => id));
        const expected = events.filter(({ incident }) => incident !== null).map(({ id }) => id);
        expect(reported.toSorted((a, b) => a - b)).toEqual(expected.toSorted((a, b) => a - b));
        for (const incident of incidents) {
          expect(new Set(incident.events.map((each) => each.incident))).toEqual(new Set([incident.id]));
          const order = incident.events.map(({ id }) => id);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
        const newestFirst = incidents.map(({ id }) => id);
        expect(newestFirst).toEqual([...new Set(newestFirst)].toSorted((a, b) => b - a));
      }),
    );
  });

  it('are the same for events that came twice', () => {
    fc.assert(
      fc.property(anyEvents, (events) => void expect(incidentsOf([...events, ...events])).toEqual(incidentsOf(events))),
    );
  });
});
