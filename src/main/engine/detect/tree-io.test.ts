import { describe, expect, it } from 'vitest';
import { sampleOf } from '../testing/sample';
import { TreeIo } from './tree-io';

const root = sampleOf({ pid: 1000 });
const child = sampleOf({ pid: 1001, ppid: 1000 });
const MB = 1_000_000;

/** Reads the tree every second; what each has written so far, in MB; null: not readable. */
function tree(scope: 'tree' | 'process' = 'tree') {
  const written = new Map<number, number | null>();
  const io = new TreeIo({
    ioBytes: ({ pid }) => {
      const megabytes = written.get(pid) ?? null;
      return megabytes === null ? null : { readBytes: 0, writtenBytes: megabytes * MB };
    },
  });
  let atMs = 0;
  return (counts: Record<number, number | null>, below = [child]): number | null => {
    written.clear();
    for (const [pid, count] of Object.entries(counts)) written.set(Number(pid), count);
    const counted = scope === 'tree' ? [root, ...below.filter(({ state }) => state !== 'zombie')] : [root];
    const rates = io.read({ root, below, counted }, (atMs += 1000));
    return rates === null ? null : rates.writtenPerSecond / MB;
  };
}

describe('the write rate of a tree', () => {
  it('is what all of it has written since the last reading', () => {
    const read = tree();
    expect(read({ 1000: 10, 1001: 500 })).toBeNull();
    expect(read({ 1000: 11, 1001: 503 })).toBe(4);
    expect(read({ 1000: 11, 1001: 503 })).toBe(0);
  });

  it('has all that a new process has written', () => {
    const read = tree();
    read({ 1000: 10 }, []);
    expect(read({ 1000: 10, 1001: 7 })).toBe(7);
  });

  it('has no peak and nothing negative when a child ends, and its count goes to its parent', () => {
    const read = tree();
    read({ 1000: 10, 1001: 500 });
    // It wrote 2 more before its end.
    expect(read({ 1000: 512 }, [])).toBe(2);
    expect(read({ 1000: 512 }, [])).toBe(0);
  });

  it('has none while a child waits to be reaped, nor when that is done', () => {
    const read = tree();
    read({ 1000: 10, 1001: 500 });
    expect(read({ 1000: 10 }, [{ ...child, state: 'zombie' }])).toBe(0);
    expect(read({ 1000: 513 }, [])).toBe(3);
  });

  it('has none when somebody else reaps the child', () => {
    const read = tree();
    read({ 1000: 10, 1001: 500 });
    expect(read({ 1000: 12 }, [])).toBe(0);
    expect(read({ 1000: 14 }, [])).toBe(2);
  });

  it('leaves out a parent that was given an unknown count, and is unknown where nothing is readable', () => {
    const read = tree();
    read({ 1000: 10, 1001: null });
    expect(read({ 1000: 700 }, [])).toBe(0);
    expect(read({ 1000: 701 }, [])).toBe(1);
    expect(read({ 1000: null }, [])).toBeNull();
  });

  it('of the process alone has no part of its children, also when they have ended', () => {
    const read = tree('process');
    read({ 1000: 10, 1001: 500 });
    expect(read({ 1000: 11, 1001: 600 })).toBe(1);
    expect(read({ 1000: 611 }, [])).toBe(0);
  });
});
