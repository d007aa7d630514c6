import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../../engine/testing/manual-clock';
import { AttemptBuffer } from './attempt-buffer';

let clock: ManualClock;
let buffer: AttemptBuffer;

beforeEach(() => {
  clock = new ManualClock();
  buffer = new AttemptBuffer(clock);
});

const attempts = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ watchId: 'w', probe: 'health', at, passed: true, words: '200 OK', latencyMs: 3 },
  }));

describe('attempts that wait to be written', () => {
  it('are due together half a minute after the first', async () => {
    expect(buffer.add(attempts(2))).toEqual([]);
    await clock.advance(28_000);
    expect(buffer.add(attempts(1))).toEqual([]);
    await clock.advance(2000);
    const due = buffer.add([]);
    expect(due).toHaveLength(3);
    buffer.written(due);
    expect(buffer.add(attempts(1))).toEqual([]);
    expect(buffer.all).toHaveLength(1);
  });

  it('are due at once where there are many', () => {
    expect(buffer.add(attempts(2000))).toHaveLength(2000);
  });

  it('wait on where the file takes none, bounded', async () => {
    buffer.add(attempts(5));
    await clock.advance(30_000);
    expect(buffer.add([])).toHaveLength(5);
    expect(buffer.add(attempts(1))).toHaveLength(6);
    for (let times = 0; times < 20; times += 1) buffer.add(attempts(1999));
    expect(buffer.add([])).toHaveLength(20_000);
  });
});
