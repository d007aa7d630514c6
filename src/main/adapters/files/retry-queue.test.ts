import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../engine/testing/manual-clock';
import { RetryQueue, QUEUE_LIMIT, STALLED_MS } from './retry-queue';

function disk(accepts: () => number) {
  const clock = new ManualClock();
  const written: number[] = [];
  const reported: string[] = [];
  let tries = 0;
  /** Answers that are held back, as by a file system that hangs. */
  const answers: (() => void)[] = [];
  let hangs = false;
  const queue = new RetryQueue<number>({
    clock,
    async write(items) {
      tries += 1;
      if (hangs) await new Promise<void>((resolve) => answers.push(resolve));
      const room = Math.min(accepts(), items.length);
      if (room === 0) throw new Error('full');
      written.push(...items.slice(0, room));
      return room;
    },
    onFailing: (error) => reported.push((error as Error).message),
    onRecovered: (lost) => reported.push(`lost ${lost}`),
  });
  const hang = (): void => void (hangs = true);
  const thaw = (): void => {
    hangs = false;
    for (const answer of answers.splice(0)) answer();
  };
  return { clock, queue, written, reported, tries: () => tries, hang, thaw };
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('a queue in front of a disk', () => {
  it('offers each item at once while the disk takes it', async () => {
    const { queue, written, reported, clock } = disk(() => 1);
    for (const i of upTo(5)) queue.push(i);
    await clock.advance(0);
    expect(written).toEqual([0, 1, 2, 3, 4]);
    expect(queue.items).toEqual([]);
    expect(queue.waitingSinceMs).toBeNull();
    expect(reported).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('keeps the order over a time in which the disk refuses, and reports once', async () => {
    let room = 0;
    const { queue, written, reported, clock } = disk(() => room);
    const firstMs = clock.monotonicMs();
    for (const i of upTo(50)) {
      queue.push(i);
      await clock.advance(1);
    }
    expect(queue.items).toHaveLength(50);
    expect(queue.waitingSinceMs).toBe(firstMs);
    room = 3;
    await clock.advance(1000);
    expect(written).toEqual(upTo(50));
    expect(reported).toEqual(['full', 'lost 0']);
    expect(clock.pending).toBe(0);
  });

  it('is decided once all before is written or refused, and not while the disk only keeps silent', async () => {
    let room = 1;
    const { queue, clock, hang, thaw } = disk(() => room);
    const seen: string[] = [];
    const follow = (what: string): void => {
      void queue.written(1000).then(() => seen.push(`${what} written`));
      void queue.decided().then(() => seen.push(`${what} decided`));
    };
    hang();
    queue.push(0);
    follow('first');
    await clock.advance(60_000);
    expect(seen).toEqual(['first written']);
    thaw();
    await clock.advance(0);
    expect(seen).toEqual(['first written', 'first decided']);
    room = 0;
    queue.push(1);
    follow('second');
    await clock.advance(0);
    expect(seen.slice(2).sort()).toEqual(['second decided', 'second written']);
    await queue.dispose();
  });

  it('does not retry a broken disk all the time', async () => {
    const { queue, tries, clock } = disk(() => 0);
    queue.push(0);
    await clock.advance(0);
    for (const i of upTo(1000)) queue.push(i);
    expect(tries()).toBe(1);
    await clock.advance(3_600_000);
    expect(tries()).toBeLessThan(140);
    await queue.dispose();
    expect(clock.pending).toBe(0);
  });

  it('is bounded, drops the oldest and counts them', async () => {
    let room = 0;
    const { queue, written, reported, clock } = disk(() => room);
    queue.push(0);
    await clock.advance(0);
    for (let i = 1; i < QUEUE_LIMIT + 7; i += 1) queue.push(i);
    expect(queue.items).toHaveLength(QUEUE_LIMIT);
    room = QUEUE_LIMIT;
    await clock.advance(30_000);
    expect(written[0]).toBe(7);
    expect(written).toHaveLength(QUEUE_LIMIT);
    expect(reported).toEqual(['full', 'lost 7']);
  });

  it('is bounded while the disk hangs too, and drops nothing that a write has in hand', async () => {
    const { queue, written, reported, clock, hang, thaw } = disk(() => QUEUE_LIMIT);
    hang();
    for (let i = 0; i < QUEUE_LIMIT + 3; i += 1) queue.push(i);
    await clock.advance(STALLED_MS);
    expect(reported).toEqual(['the disk does not answer']);
    thaw();
    // Each batch takes some turns.
    for (let turn = 0; turn < 10; turn += 1) await clock.advance(0);
    expect(written).toEqual([0, ...upTo(QUEUE_LIMIT + 3).slice(4)]);
    expect(reported).toEqual(['the disk does not answer', 'lost 3']);
  });

  it('takes what a listener pushes when it is notified', async () => {
    let room = 0;
    const { queue, written, reported, clock } = disk(() => room);
    queue.push(1);
    const push = reported.push.bind(reported);
    reported.push = (...texts: string[]) => {
      queue.push(99);
      return push(...texts);
    };
    await clock.advance(0);
    room = 2;
    await clock.advance(1000);
    expect(written).toEqual([1, 99, 99]);
  });
});

describe('who waits until something is written', () => {
  const outcome = (wait: Promise<void>) => {
    const seen = { over: false };
    void wait.then(() => (seen.over = true));
    return seen;
  };

  it('goes on once it is, whatever is pushed later', async () => {
    const { queue, clock, hang, thaw } = disk(() => 1);
    hang();
    queue.push(1);
    const first = outcome(queue.written(200));
    queue.push(2);
    await clock.advance(100);
    expect(first.over).toBe(false);
    thaw();
    hang();
    await clock.advance(0);
    expect(first.over).toBe(true);
    thaw();
    await clock.advance(0);
    expect(clock.pending).toBe(0);
  });

  it('goes on after the limit where the disk hangs, and at once while it is known to refuse', async () => {
    const { queue, clock, hang } = disk(() => 0);
    queue.push(1);
    const refused = outcome(queue.written(200));
    await clock.advance(0);
    expect(refused.over).toBe(true);
    const known = outcome(queue.written(200));
    await clock.advance(0);
    expect(known.over).toBe(true);

    const other = disk(() => 1);
    other.hang();
    other.queue.push(1);
    const hung = outcome(other.queue.written(200));
    await other.clock.advance(199);
    expect(hung.over).toBe(false);
    await other.clock.advance(1);
    expect(hung.over).toBe(true);
    hang();
  });
});
