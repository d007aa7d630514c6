import { expect, it } from 'vitest';
import { hasEngineLock } from './engine-owner';

const LOCKS = `1: POSIX  ADVISORY  WRITE 457 fe:00:2212006 1073741824 1073742335
2: FLOCK  ADVISORY  WRITE 458 00:19:1 0 EOF
3: POSIX  ADVISORY  READ 459 fe:00:2212007 1073741826 1073742335
4: POSIX  ADVISORY  WRITE 460 fe:00:2212008 0 EOF
`;

it('an engine is known by the lock that the kernel shows', () => {
  expect(hasEngineLock(LOCKS, 457)).toBe(true);
  // Another kind of lock, a shared one, one of another program, none.
  for (const pid of [458, 459, 460, 45, 1]) expect(hasEngineLock(LOCKS, pid)).toBe(false);
});
