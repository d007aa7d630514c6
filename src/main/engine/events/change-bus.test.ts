import { describe, expect, it } from 'vitest';
import { ChangeBus } from './change-bus';
import type { EngineChange } from '../engine';
import { noticed } from './engine-reports';
import { HiddenValues } from './hidden-values';
import { FakeEventLog } from '../testing/fake-stores';
import { ManualClock } from '../testing/manual-clock';

describe('what changes', () => {
  it('is told to all, though one of them fails', () => {
    const { changeBus, errors } = bench();
    const heard: EngineChange[] = [];
    changeBus.subscribe(() => {
      throw new Error('gone');
    });
    changeBus.subscribe((change) => heard.push(change));
    changeBus.publish({ removedWatchIds: ['a'] });
    expect(heard).toEqual([{ removedWatchIds: ['a'] }]);
    expect(errors).toEqual([new Error('gone')]);
  });

  it('is counted whether or not anybody listens, and reported to nobody who has left', () => {
    const { changeBus } = bench();
    const heard: EngineChange[] = [];
    const leave = changeBus.subscribe((change) => heard.push(change));
    leave();
    changeBus.publish({ processesChanged: true });
    expect(heard).toEqual([]);
    expect(changeBus.seq).toBe(1);
  });
});

describe('an event', () => {
  it('is kept after the end, but reported to nobody', () => {
    const { changeBus, log } = bench();
    const heard: EngineChange[] = [];
    changeBus.subscribe((change) => heard.push(change));
    changeBus.dispose();
    expect(changeBus.record(notice('late'))).toBe(1);
    expect(log.events).toHaveLength(1);
    expect(changeBus.recent).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(changeBus.seq).toBe(0);
  });

  it('is among the newest 200, also after those of earlier engines', () => {
    const { changeBus: earlier } = bench();
    for (let count = 0; count < 150; count += 1) earlier.record(notice('earlier'));
    const { changeBus } = bench(earlier.recent);
    for (let count = 0; count < 100; count += 1) changeBus.record(notice('now'));
    expect(changeBus.recent.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 100 }, () => 'earlier'),
      ...Array.from({ length: 100 }, () => 'now'),
    ]);
  });
});

function notice(detail: string): ReturnType<typeof noticed> {
  return noticed({ topic: 'test', severity: 'info', detail });
}

function bench(earlier: ChangeBus['recent'] = []): { changeBus: ChangeBus; log: FakeEventLog; errors: unknown[] } {
  const log = new FakeEventLog(new ManualClock());
  const errors: unknown[] = [];
  const publish = (_where: string, error: unknown): void => void errors.push(error);
  return {
    changeBus: new ChangeBus({ events: log, report: publish, hidden: new HiddenValues(() => []) }, earlier),
    log,
    errors,
  };
}
