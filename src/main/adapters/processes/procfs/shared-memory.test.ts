import { describe, expect, it } from 'vitest';
import { parsePss, SharedMemory } from './shared-memory';

const MB = 1_000_000;

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

  const at = (privateBytes: number, sharedBytes: number) => ({ privateBytes, rssBytes: privateBytes + sharedBytes });
  const usual = at(50 * MB, 350 * MB);

  it('is read every 4 s, and follows the private memory between', () => {
    const { shared, state } = memory(100 * MB, 0);
    const process = {};
    expect(shared.pssBytes(process, usual)).toBe(100 * MB);
    state.nowMs = 3999;
    expect(shared.pssBytes(process, at(100 * MB, 350 * MB))).toBe(150 * MB);
    expect(state.reads).toBe(1);
    state.nowMs = 4000;
    expect(shared.pssBytes(process, usual)).toBe(100 * MB);
    expect(state.reads).toBe(2);
  });

  it('is read anew when what is shared has changed, and not known until it could be', () => {
    const { shared, state } = memory(100 * MB, 4);
    const process = {};
    shared.pssBytes(process, usual);
    shared.beginPass();
    state.nowMs = 300;
    expect(shared.pssBytes(process, at(50 * MB, 700 * MB))).toBeNull();
    state.nowMs = 2000;
    expect(shared.pssBytes(process, at(50 * MB, 700 * MB))).toBe(100 * MB);
    expect(state.reads).toBe(2);
  });

  it('costs 10 ms of a pass at most, and 1 % of a core for a process that takes long', () => {
    const { shared } = memory(100 * MB, 4);
    const processes = Array.from({ length: 10 }, () => ({}));
    const known = () => processes.filter((process) => shared.pssBytes(process, usual) !== null).length;
    expect(known()).toBe(3);
    shared.beginPass();
    expect(known()).toBe(6);
    const slow = memory(100 * MB, 500);
    slow.shared.pssBytes(processes[0]!, usual);
    for (slow.state.nowMs = 1000; slow.state.nowMs < 50_000; slow.state.nowMs += 1000) {
      slow.shared.beginPass();
      slow.shared.pssBytes(processes[0]!, usual);
    }
    expect(slow.state.reads).toBe(1);
  });

  it('is not known where it may not be read, and that is not asked again and again', () => {
    const { shared, state } = memory(null, 0);
    const process = {};
    expect([shared.pssBytes(process, usual), shared.pssBytes(process, usual)]).toEqual([null, null]);
    expect(state.reads).toBe(1);
  });

  it('is the Pss line, and none of those beside it', () => {
    expect(parsePss('Rss:  900 kB\nPss:  300 kB\nPss_Dirty:  10 kB\nSwapPss:  0 kB\n')).toBe(307_200);
    expect(parsePss('')).toBeNull();
  });
});
