import { describe, expect, it } from 'vitest';
import { ReadAdmission, MAX_HELD, MAX_OF_ONE_USER, PENALTY_MS } from './read-admission';

const [OWN, OTHER, THIRD] = [1000, 1001, 1002];

/** Processes from pid 1 on hold threads, one for each uid. */
function heldBy(...uids: readonly number[]) {
  const admission = new ReadAdmission(OWN);
  const frees = uids.map((uid, at) => admission.note(at + 1, uid));
  return { admission, frees };
}

describe('a process is read', () => {
  it('while nobody holds a thread, and when others do', () => {
    expect(heldBy().admission.isEmpty).toBe(true);
    const { admission } = heldBy(OTHER);
    expect(admission.isEmpty).toBe(false);
    expect([OTHER, THIRD, OWN, 0].map((uid) => admission.mayRead(500, uid, 0))).toEqual([true, true, true, true]);
  });

  it('again some seconds after it has let go', () => {
    const { admission, frees } = heldBy(OWN);
    const [free] = frees;
    expect(admission.mayRead(1, OWN, 1e9)).toBe(false);
    free?.(1000);
    expect(admission.mayRead(1, OWN, 1000 + PENALTY_MS - 1)).toBe(false);
    expect(admission.mayRead(1, OWN, 1000 + PENALTY_MS)).toBe(true);
    expect(admission.isEmpty).toBe(true);
  });

  it('unless its user holds threads again and again; those of others still are', () => {
    const { admission } = heldBy(...Array.from({ length: MAX_OF_ONE_USER }, () => OTHER));
    expect([OTHER, THIRD, OWN, 0].map((uid) => admission.mayRead(500, uid, 0))).toEqual([false, true, true, true]);
  });

  it('unless its user has as many subordinate ids as he likes', () => {
    const { admission } = heldBy(100_001, 165_535);
    expect([231_072, THIRD, OWN, 0].map((uid) => admission.mayRead(500, uid, 0))).toEqual([false, true, true, true]);
  });

  it('where it is ours or that of root, also when many others hold threads', () => {
    const { admission } = heldBy(...Array.from({ length: 8 }, (_, at) => 2000 + at));
    expect([THIRD, OWN, 0].map((uid) => admission.mayRead(500, uid, 0))).toEqual([false, true, true]);
  });

  it('no more when too many threads are held', () => {
    const { admission } = heldBy(...Array.from({ length: MAX_HELD }, () => OWN));
    expect(admission.mayRead(500, 0, 0)).toBe(false);
  });
});
