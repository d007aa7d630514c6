import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WatchPhase, WatchStatus } from '../../shared/model/snapshot';
import { FIRST_TOP_STATE, onKey, selectedWatch, shownWatches, withMessage, type TopState } from './top-state';

function status(name: string, phase: WatchPhase, use: { cpuPercent: number; memoryBytes: number }): WatchStatus {
  const watch = { id: `id-${name}`, name, groups: name === 'db' ? ['shop'] : [] };
  return { watch, phase, readiness: null, use, processes: [] } as unknown as WatchStatus;
}

const WATCHES = [
  status('web', 'running', { cpuPercent: 1, memoryBytes: 30 }),
  status('db', 'failed', { cpuPercent: 0, memoryBytes: 0 }),
  status('api', 'running', { cpuPercent: 90, memoryBytes: 20 }),
];
const START: TopState = withMessage(FIRST_TOP_STATE, {
  ...{ kind: 'delta', seq: 1, watches: WATCHES, removedWatchIds: [], events: [] },
});
const names = (state: TopState): string[] => shownWatches(state).map(({ watch }) => watch.name);
const press = (state: TopState, ...keys: string[]): TopState =>
  keys.reduce((before, key) => onKey(before, key).state, state);

describe('top', () => {
  it('orders by what needs a look, or by a number', () => {
    expect(names(START)).toEqual(['db', 'api', 'web']);
    expect(names(press(START, 'M'))).toEqual(['web', 'api', 'db']);
    expect(names(press(START, 'P'))).toEqual(['api', 'web', 'db']);
    expect(names(press(START, 'N'))).toEqual(['api', 'db', 'web']);
  });

  it('keeps what is selected while the order changes', () => {
    const selected = press(START, 'down');
    expect(selectedWatch(selected)?.watch.name).toBe('api');
    expect(selectedWatch(press(selected, 'M'))?.watch.name).toBe('api');
    expect(selectedWatch(press(START, 'end'))?.watch.name).toBe('web');
    expect(selectedWatch(press(START, 'end', 'down', 'home'))?.watch.name).toBe('db');
  });

  it('filters by name and group while it is typed', () => {
    expect(names(press(START, '/', 's', 'h'))).toEqual(['db']);
    const typing = press(START, '/', 'q');
    expect(typing).toMatchObject({ filter: 'q', isTyping: true });
    expect(press(typing, 'backspace', 'w', 'enter')).toMatchObject({ filter: 'w', isTyping: false });
    expect(names(press(typing, 'escape'))).toHaveLength(3);
  });

  it('asks before it ends a program, and takes any other key for a no', () => {
    const asked = press(START, 's');
    expect(asked.asked).toMatchObject({ action: 'stop', watch: { watch: { name: 'db' } } });
    expect(onKey(asked, 'y').effect).toMatchObject({ type: 'act', action: 'stop', watch: { watch: { name: 'db' } } });
    expect(onKey(asked, 'enter')).toMatchObject({ effect: null, state: { asked: null } });
    expect(onKey(START, 'a').effect).toMatchObject({ type: 'act', action: 'start' });
  });

  it('acts on the watch that was asked about, whatever was selected or removed since', () => {
    const asked = press(START, 'down', 'r');
    const removed = withMessage(asked, {
      ...{ kind: 'delta', seq: 2, watches: [], removedWatchIds: ['id-api'], events: [] },
    });
    expect(onKey(removed, 'y').effect).toMatchObject({ action: 'restart', watch: { watch: { name: 'api' } } });
  });

  it('has always a selected watch where it shows one, whatever is pressed', () => {
    const keys = ['up', 'down', 'pageup', 'pagedown', 'home', 'end', '/', 'w', 'z', 'escape', 'enter', 'M', 'U', 's'];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...keys), { maxLength: 40 }), (pressed) => {
        const state = press(START, ...pressed);
        expect(selectedWatch(state) === null).toBe(shownWatches(state).length === 0);
      }),
    );
  });
});
