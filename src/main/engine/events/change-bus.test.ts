import { describe, expect, it } from 'vitest';
import { Announcer } from './change-bus';
import type { EngineChange } from '../engine';
import { noticed } from './engine-reports';
import { HiddenValues } from './hidden-values';
import { FakeEventLog } from '../testing/fake-stores';
import { ManualClock } from '../testing/manual-clock';

describe('what changes', () => {
  it('is told to all, though one of them fails', () => {
    const { announcer, errors } = bench();
    const heard: EngineChange[] = [];
    announcer.subscribe(() => {
      throw new Error('gone');
    });
    announcer.subscribe((change) => heard.push(change));
    announcer.tell({ removedWatchIds: ['a'] });
    expect(heard).toEqual([{ removedWatchIds: ['a'] }]);
    expect(errors).toEqual([new Error('gone')]);
  });

  it('is counted whether or not anybody listens, and told to nobody who has left', () => {
    const { announcer } = bench();
    const heard: EngineChange[] = [];
    const leave = announcer.subscribe((change) => heard.push(change));
    leave();
    announcer.tell({ processesChanged: true });
    expect(heard).toEqual([]);
    expect(announcer.seq).toBe(1);
  });
});

describe('an event', () => {
  it('is kept after the end, but told to nobody', () => {
    const { announcer, log } = bench();
    const heard: EngineChange[] = [];
    announcer.subscribe((change) => heard.push(change));
    announcer.dispose();
    expect(announcer.emit(notice('late'))).toBe(1);
    expect(log.events).toHaveLength(1);
    expect(announcer.recent).toHaveLength(1);
    expect(heard).toEqual([]);
    expect(announcer.seq).toBe(0);
  });

  it('is among the newest 200, also after those of earlier engines', () => {
    const { announcer: earlier } = bench();
    for (let count = 0; count < 150; count += 1) earlier.emit(notice('earlier'));
    const { announcer } = bench(earlier.recent);
    for (let count = 0; count < 100; count += 1) announcer.emit(notice('now'));
    expect(announcer.recent.map(({ message }) => message)).toEqual([
      ...Array.from({ length: 100 }, () => 'earlier'),
      ...Array.from({ length: 100 }, () => 'now'),
    ]);
  });
});

function notice(detail: string): ReturnType<typeof noticed> {
  return noticed({ topic: 'test', severity: 'info', detail });
}

function bench(earlier: Announcer['recent'] = []): { announcer: Announcer; log: FakeEventLog; errors: unknown[] } {
  const log = new FakeEventLog(new ManualClock());
  const errors: unknown[] = [];
  const report = (_where: string, error: unknown): void => void errors.push(error);
  return {
    announcer: new Announcer({ events: log, report, hidden: new HiddenValues(() => []) }, earlier),
    log,
    errors,
  };
}
