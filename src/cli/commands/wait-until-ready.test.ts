import { describe, expect, it } from 'vitest';
import type { WatchStatus } from '../../shared/model/snapshot';
import { startProgress } from './wait-until-ready';

type Now = Pick<WatchStatus, 'phase' | 'readiness' | 'reason' | 'restarts'>;

describe('a start that is waited for', () => {
  const progress = (now: Partial<Now>) =>
    startProgress({ restarts: 2 }, { phase: 'running', readiness: null, reason: 'why', restarts: 2, ...now });

  it.each([
    [{ readiness: 'ready' }, 'ready'],
    [{ readiness: null }, 'ready'],
    [{ readiness: 'awaited' }, 'waiting'],
    [{ readiness: 'lost' }, 'waiting'],
    [{ phase: 'starting' }, 'waiting'],
    [{ phase: 'waiting' }, 'waiting'],
    [{ phase: 'blocked' }, 'waiting'],
    [{ phase: 'stopping' }, 'failed'],
    [{ phase: 'backoff' }, 'failed'],
    [{ phase: 'cooldown' }, 'failed'],
    [{ phase: 'stopped' }, 'failed'],
  ] satisfies [Partial<Now>, string][])('%j is %s', (now, kind) => expect(progress(now)).toMatchObject({ kind }));

  it('has failed where its program was started again, ready or not', () => {
    expect(progress({ restarts: 3, readiness: 'ready' })).toEqual({ kind: 'failed', reason: 'it was restarted' });
  });

  it('that failed has the reason of the watch', () => {
    expect(progress({ phase: 'failed' })).toEqual({ kind: 'failed', reason: 'failed: why' });
  });
});
