import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HealdeckEvent } from '../../shared/model/event';
import { identityKey, type ProcessRow } from '../../shared/model/process';
import type { LiveMessage, ProcessesMessage } from '../../shared/model/snapshot';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/model/settings';
import { alertsStatus, engineInfo, eventOf, machineSample, processRow, watchStatus } from '../testing/samples';
import { appendEvents, applyLive } from './apply-live';
import { applyProcesses } from './apply-processes';
import { EMPTY_LIVE, EMPTY_PROCESSES, EVENT_CAPACITY, type LiveState } from './state';
import { createAppStore } from './store';

function live(state: LiveState, message: LiveMessage): LiveState {
  const result = applyLive(state, message);
  if (result.kind === 'gap') throw new Error('gap');
  return result.state;
}

const snapshotOf = (watches: readonly string[], events: readonly HealdeckEvent[], seq = 0): LiveMessage => ({
  kind: 'snapshot',
  seq,
  engine: engineInfo(),
  machine: machineSample(0),
  alerts: alertsStatus(),
  watches: watches.map((id) => watchStatus({ id })),
  events,
});

/** One tick of an imaginary engine. */
const changeArbitrary = fc.record({
  changed: fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(9)), { selector: ([id]) => id }),
  removed: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd')),
  events: fc.nat(3),
  machine: fc.option(fc.nat(1000), { nil: undefined }),
});

describe('the live state', () => {
  it('is the same after a snapshot and deltas as after a snapshot of the end', () => {
    fc.assert(
      fc.property(fc.array(changeArbitrary), (changes) => {
        const truth = new Map([['a', watchStatus({ id: 'a' })]]);
        const events: HealdeckEvent[] = [];
        let machine = machineSample(0);
        let state = live(EMPTY_LIVE, snapshotOf(['a'], []));
        changes.forEach((change, index) => {
          const changed = change.changed
            .filter(([id]) => !change.removed.includes(id))
            .map(([id, restarts]) => ({ ...watchStatus({ id }), restarts }));
          for (const id of change.removed) truth.delete(id);
          for (const status of changed) truth.set(status.watch.id, status);
          const fresh = Array.from({ length: change.events }, (_, offset) => eventOf(events.length + offset + 1));
          events.push(...fresh);
          if (change.machine !== undefined) machine = machineSample(change.machine);
          state = live(state, {
            kind: 'delta',
            seq: index + 1,
            ...(change.machine === undefined ? {} : { machine }),
            watches: changed,
            removedWatchIds: change.removed,
            events: fresh,
          });
        });
        const end = live(EMPTY_LIVE, {
          kind: 'snapshot',
          seq: changes.length,
          engine: engineInfo(),
          machine,
          alerts: alertsStatus(),
          watches: [...truth.values()],
          events,
        });
        expect(state).toEqual(end);
      }),
    );
  });

  it('asks for a snapshot when a message is missing, doubled, or the first', () => {
    const delta = (seq: number): LiveMessage => ({ kind: 'delta', seq, watches: [], removedWatchIds: [], events: [] });
    const state = live(EMPTY_LIVE, snapshotOf([], [], 4));
    expect(applyLive(EMPTY_LIVE, delta(1)).kind).toBe('gap');
    expect(applyLive(state, delta(6)).kind).toBe('gap');
    expect(applyLive(state, delta(4)).kind).toBe('gap');
    expect(applyLive(state, delta(5)).kind).toBe('applied');
  });

  it('keeps the very settings that it knows until one of them is another', () => {
    const before = live(EMPTY_LIVE, snapshotOf([], []));
    const tick = (seq: number, settings: Settings): LiveMessage => ({
      ...{ kind: 'delta', seq, watches: [], removedWatchIds: [], events: [] },
      engine: engineInfo({ settings }),
    });
    const same = live(before, tick(1, structuredClone(DEFAULT_SETTINGS)));
    expect(same.engine?.settings).toBe(before.engine?.settings);
    const other = live(same, tick(2, { ...DEFAULT_SETTINGS, 'cpu.limitPercent': 12 }));
    expect(other.engine?.settings['cpu.limitPercent']).toBe(12);
  });

  it('keeps the events it knows over a reconnect, and drops them for the history of another engine', () => {
    const before = live(EMPTY_LIVE, snapshotOf([], [eventOf(1), eventOf(2)]));
    expect(live(before, snapshotOf([], [eventOf(2), eventOf(3)])).events.map((event) => event.id)).toEqual([1, 2, 3]);
    const other: LiveMessage = {
      ...snapshotOf([], [eventOf(2), eventOf(3)]),
      engine: engineInfo({ dataDir: '/other' }),
    } as LiveMessage;
    expect(live(before, other).events.map((event) => event.id)).toEqual([2, 3]);
  });
});

describe('events', () => {
  const ids = (events: readonly HealdeckEvent[]) => events.map((event) => event.id);

  it('have no holes: older ones go when numbers are missing', () => {
    expect(ids(appendEvents([eventOf(1)], [eventOf(3)]))).toEqual([3]);
    expect(ids(appendEvents([eventOf(1), eventOf(9)], [eventOf(2)]))).toEqual([2]);
  });

  it('are bounded', () => {
    const many = Array.from({ length: EVENT_CAPACITY + 5 }, (_, index) => eventOf(index + 1));
    expect(ids(appendEvents([], many))).toHaveLength(EVENT_CAPACITY);
    expect(appendEvents(many.slice(0, EVENT_CAPACITY), many.slice(EVENT_CAPACITY))[0]?.id).toBe(6);
  });
});

describe('the process table', () => {
  it('is the same after a table and deltas as after a table of the end', () => {
    const rowArbitrary = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(2), fc.nat(99));
    fc.assert(
      fc.property(fc.array(fc.array(rowArbitrary)), (ticks) => {
        let truth = new Map<string, ProcessRow>();
        let state = EMPTY_PROCESSES;
        const receive = (message: ProcessesMessage) => {
          const result = applyProcesses(state, message);
          if (result.kind === 'gap') throw new Error('gap');
          state = result.state;
        };
        receive({ kind: 'table', seq: 0, rows: [] });
        ticks.forEach((rows, index) => {
          const next = new Map(
            rows.map(([pid, startTime, cpuPercent]) => {
              const row = processRow({ pid, startTime, cpuPercent });
              return [identityKey(row), row];
            }),
          );
          const ended = [...truth.values()].filter((row) => !next.has(identityKey(row)));
          receive({ kind: 'delta', seq: index + 1, changed: [...next.values()], ended });
          truth = next;
        });
        expect(new Map(state.rows)).toEqual(truth);
      }),
    );
  });

  it('keeps a row that did not change as the same object', () => {
    const table = applyProcesses(EMPTY_PROCESSES, {
      kind: 'table',
      seq: 1,
      rows: [processRow({ pid: 1 }), processRow({ pid: 2 })],
    });
    if (table.kind === 'gap') throw new Error('gap');
    const delta = applyProcesses(table.state, {
      kind: 'delta',
      seq: 2,
      changed: [processRow({ pid: 2, cpuPercent: 5 })],
      ended: [],
    });
    if (delta.kind === 'gap') throw new Error('gap');
    const key = identityKey(processRow({ pid: 1 }));
    expect(delta.state.rows.get(key)).toBe(table.state.rows.get(key));
    expect(applyProcesses(table.state, { kind: 'delta', seq: 4, changed: [], ended: [] }).kind).toBe('gap');
  });
});

describe('the store', () => {
  it('adds each tick to the charts that are open, once', () => {
    const store = createAppStore();
    store.actions.openSeries(null, 60_000);
    store.actions.openSeries('a', 60_000);
    store.actions.receiveLive(snapshotOf(['a'], []));
    const delta = (seq: number, at: number): LiveMessage => ({
      kind: 'delta',
      seq,
      machine: machineSample(at),
      watches: [],
      removedWatchIds: [],
      events: [],
    });
    store.actions.receiveLive(delta(1, 2000));
    store.actions.receiveLive(delta(2, 2000));
    const points = [...store.getState().series.values()].map((series) => series.points.map((point) => point.at));
    expect(points).toEqual([
      [0, 2000],
      [0, 2000],
    ]);
    const trend = store.getState().trends.get('a');
    expect([trend?.cpuPercent.length, trend?.memoryBytes.length]).toEqual([2, 2]);
    store.actions.closeSeries('a', 60_000);
    expect(store.getState().series.size).toBe(1);
  });

  it('refuses a message after a gap and stays as it was', () => {
    const store = createAppStore();
    store.actions.receiveLive(snapshotOf(['a'], []));
    const before = store.getState();
    expect(store.actions.receiveLive({ kind: 'delta', seq: 7, watches: [], removedWatchIds: ['a'], events: [] })).toBe(
      false,
    );
    expect(store.getState()).toBe(before);
  });
});
