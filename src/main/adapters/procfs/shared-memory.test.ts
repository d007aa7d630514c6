import { describe, expect, it } from 'vitest';
import { parsePss, SharedMemory } from './shared-memory';

describe('proportional memory', () => {
  /** Readings of `bytes` that take so long each. */
  function memory(bytes: number | null, takesMs: number) {
    const state = { nowMs: 0, reads: 0 };
    const shared = new SharedMemory<object>(
      () => {
        state.reads += 1;
        state.nowMs += takesMs;
        return bytes;
      },
      () => state.nowMs,
    );
    return { shared, state };
  }

  it('is read every 10 s, and follows the resident memory between', () => {
    const { shared, state } = memory(100, 0);
    const process = {};
    expect(shared.pssBytes(process, 400)).toBe(100);
    state.nowMs = 9999;
    expect(shared.pssBytes(process, 450)).toBe(150);
    expect(state.reads).toBe(1);
    state.nowMs = 10_000;
    expect(shared.pssBytes(process, 450)).toBe(100);
    expect(state.reads).toBe(2);
  });

  it('costs 10 ms of a pass at most, and 1 % of a core for a process that takes long', () => {
    const { shared } = memory(100, 4);
    const processes = Array.from({ length: 10 }, () => ({}));
    const known = () => processes.filter((process) => shared.pssBytes(process, 400) !== null).length;
    expect(known()).toBe(3);
    shared.beginPass();
    expect(known()).toBe(6);
    const slow = memory(100, 500);
    slow.shared.pssBytes(processes[0]!, 400);
    for (slow.state.nowMs = 1000; slow.state.nowMs < 50_000; slow.state.nowMs += 1000) {
      slow.shared.beginPass();
      slow.shared.pssBytes(processes[0]!, 400);
    }
    expect(slow.state.reads).toBe(1);
  });

  it('is not known where it may not be read, and that is not asked again and again', () => {
    const { shared, state } = memory(null, 0);
    const process = {};
    expect([shared.pssBytes(process, 400), shared.pssBytes(process, 400)]).toEqual([null, null]);
    expect(state.reads).toBe(1);
  });

  it('is the Pss line, and none of those beside it', () => {
    expect(parsePss('Rss:  900 kB\nPss:  300 kB\nPss_Dirty:  10 kB\nSwapPss:  0 kB\n')).toBe(307_200);
    expect(parsePss('')).toBeNull();
  });
});
