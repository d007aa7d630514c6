import { describe, expect, it } from 'vitest';
import { ManualClock } from '../engine/testing/manual-clock';
import { createRetryQueue, QUEUE_LIMIT } from './retry-queue';

function disk(accepts: () => number) {
  const clock = new ManualClock();
  const written: number[] = [];
  const told: string[] = [];
  let tries = 0;
  const queue = createRetryQueue<number>({
    clock,
    write(items) {
      tries += 1;
      const room = Math.min(accepts(), items.length);
      if (room === 0) throw new Error('full');
      written.push(...items.slice(0, room));
      return room;
    },
    onFailing: (error) => told.push((error as Error).message),
    onRecovered: (lost) => told.push(`lost ${lost}`),
  });
  return { clock, queue, written, told, tries: () => tries };
}

describe('a queue in front of a disk', () => {
  it('writes at once while the disk takes it', () => {
    const { queue, written, told, clock } = disk(() => 1);
    for (let i = 0; i < 5; i += 1) queue.push(i);
    expect(written).toEqual([0, 1, 2, 3, 4]);
    expect(queue.items).toEqual([]);
    expect(told).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('keeps the order over a time in which the disk refuses, and tells once', async () => {
    let room = 0;
    const { queue, written, told, clock } = disk(() => room);
    for (let i = 0; i < 50; i += 1) queue.push(i);
    expect(queue.items).toHaveLength(50);
    room = 3;
    await clock.advance(1000);
    expect(written).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(told).toEqual(['full', 'lost 0']);
    expect(clock.pending).toBe(0);
  });

  it('does not hammer a disk that refuses', async () => {
    const { queue, tries, clock } = disk(() => 0);
    for (let i = 0; i < 1000; i += 1) queue.push(i);
    expect(tries()).toBe(1);
    await clock.advance(3_600_000);
    expect(tries()).toBeLessThan(140);
    queue.dispose();
    expect(clock.pending).toBe(0);
  });

  it('is bounded, drops the oldest and counts them', async () => {
    let room = 0;
    const { queue, written, told, clock } = disk(() => room);
    for (let i = 0; i < QUEUE_LIMIT + 7; i += 1) queue.push(i);
    expect(queue.items).toHaveLength(QUEUE_LIMIT);
    room = QUEUE_LIMIT;
    await clock.advance(30_000);
    expect(written[0]).toBe(7);
    expect(written).toHaveLength(QUEUE_LIMIT);
    expect(told).toEqual(['full', 'lost 7']);
  });

  it('takes what is pushed by the one who is told', async () => {
    let room = 0;
    const { queue, written, told, clock } = disk(() => room);
    queue.push(1);
    const push = told.push.bind(told);
    told.push = (...texts: string[]) => {
      queue.push(99);
      return push(...texts);
    };
    room = 1;
    await clock.advance(1000);
    expect(written).toEqual([1, 99]);
  });
});
