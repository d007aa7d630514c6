import { describe, expect, it } from 'vitest';
import { withBothNames } from './renamed-fields';

describe('renamed fields of events', () => {
  it('are written under both names for one version', () => {
    expect(withBothNames({ type: 'killed', data: { reason: 'memory limit', pids: [4] } }).data).toEqual({
      ...{ reason: 'memory limit', because: 'memory limit', pids: [4] },
    });
    const cooldown = { durationMs: 120_000, untilAt: '2026-11-22T23:07:10.123Z', restarts: 5 };
    expect(withBothNames({ type: 'cooldown_started', data: cooldown }).data).toEqual({
      ...cooldown,
      ...{ durationSeconds: 120, until: '2026-11-22T23:07:10.123Z' },
    });
    expect(withBothNames({ type: 'cooldown_reset', data: { remainingMs: 0 } }).data).toMatchObject({
      remainingSeconds: 0,
    });
  });

  it('are read where an earlier version wrote them', () => {
    const read = withBothNames({ type: 'cooldown_extended', data: { actor: 'cli', bySeconds: 600, until: 'T' } });
    expect(read.data).toMatchObject({ actor: 'cli', byMs: 600_000, untilAt: 'T' });
    expect(withBothNames({ type: 'exited', data: { because: 'clean_exit' } }).data).toMatchObject({
      reason: 'clean_exit',
    });
  });

  it('are no matter of other events, which stay the same object', () => {
    const event = { type: 'notice', data: { until: 'T', because: 'x' } } as const;
    expect(withBothNames(event)).toBe(event);
  });
});
