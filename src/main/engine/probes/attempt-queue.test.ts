import { beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../testing/manual-clock';
import { AttemptQueue } from './attempt-queue';

let clock: ManualClock;
let begun: string[];
let ends: (() => void)[];
let queue: AttemptQueue;

beforeEach(() => {
  clock = new ManualClock();
  begun = [];
  ends = [];
  queue = new AttemptQueue(clock, () => 2);
});

function at(delayMs: number, name: string): () => void {
  return queue.at(clock.monotonicMs() + delayMs, () => {
    begun.push(name);
    return new Promise((resolve) => ends.push(resolve));
  });
}

describe('the queue of attempts', () => {
  it('has those that are due at the same moment begun by one timer', async () => {
    at(500, 'a');
    at(500, 'b');
    expect(clock.pending).toBe(1);
    await clock.advance(499);
    expect(begun).toEqual([]);
    await clock.advance(1);
    expect(begun).toEqual(['a', 'b']);
  });

  it('has no more under way than there are places, and gives each its turn', async () => {
    for (const name of ['a', 'b', 'c', 'd']) at(100, name);
    await clock.advance(100);
    expect(begun).toEqual(['a', 'b']);
    ends[1]?.();
    await clock.advance(0);
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('begins none that was called off, before its moment or while it waits', async () => {
    const callOffs = ['a', 'b', 'c', 'd'].map((name) => at(100, name));
    callOffs[0]?.();
    await clock.advance(100);
    callOffs[3]?.();
    ends[0]?.();
    await clock.advance(0);
    expect(begun).toEqual(['b', 'c']);
  });

  it('keeps no timer once all that it was for are called off', () => {
    const callOffs = ['a', 'b'].map((name) => at(100, name));
    callOffs[0]?.();
    expect(clock.pending).toBe(1);
    callOffs[1]?.();
    expect(clock.pending).toBe(0);
  });
});
