import type { WatchStatus } from '../../../shared/model/snapshot';
import { Refusal } from '../refusal';

/**
 * How many of `count` instances are restarted at a time, so that `keep` stay ready; undefined: all but one.
 * @throws Refusal `invalid` when none could be restarted
 */
export function rollingWidth(name: string, count: number, keep: number | undefined): { keep: number; atATime: number } {
  const kept = keep ?? count - 1;
  if (kept >= count) {
    throw new Refusal(
      'invalid',
      `Expected at most ${count - 1} of the ${count} instances of ${name} to stay ready, got ${kept}: none could be restarted`,
    );
  }
  return { keep: kept, atATime: count - kept };
}

export type MemberProgress = { kind: 'ready' } | { kind: 'waiting' } | { kind: 'failed'; reason: string };

/**
 * How far the restart of an instance is, by how it was when its new program was there and how it is now.
 *
 * | now                                       | readiness                          | verdict |
 * |-------------------------------------------|------------------------------------|---------|
 * | restarted by the engine since             | any                                | failed  |
 * | blocked, starting, stopping               | any                                | waiting |
 * | running                                   | ready                              | ready   |
 * | running                                   | awaited, lost                      | waiting |
 * | running for longer than the grace         | nobody asks                        | ready   |
 * | running for less                          | nobody asks                        | waiting |
 * | anything else                             | any                                | failed  |
 */
export function memberProgress(restartsBefore: number, now: WatchStatus, nowAt: number): MemberProgress {
  const { phase, readiness, reason, restarts, processes } = now;
  if (restarts > restartsBefore) return { kind: 'failed', reason: 'it ended and was restarted again' };
  if (phase === 'blocked' || phase === 'starting' || phase === 'stopping') return { kind: 'waiting' };
  if (phase !== 'running') return { kind: 'failed', reason: `${phase}: ${reason}` };
  if (readiness !== null) return { kind: readiness === 'ready' ? 'ready' : 'waiting' };
  return { kind: processes.every(({ graceEndsAt }) => nowAt >= graceEndsAt) ? 'ready' : 'waiting' };
}
