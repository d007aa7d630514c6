import { describe, expect, it } from 'vitest';
import type { LaunchFailure } from '../ports';
import { TestBench } from '../testing/test-engine';

const noProcesses: LaunchFailure = { reason: 'EAGAIN', message: 'The limit of processes is reached.' };
const many = (count: number): LaunchFailure[] => Array.from({ length: count }, () => noProcesses);

describe('a machine that has no processes left', () => {
  it('is waited for, longer and longer, and costs no budget, also without delays', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'restart.delays': false } });
    await bench.clock.advance(2000);
    bench.world.failures = many(60);
    bench.world.exit(bench.pid());
    await bench.clock.advance(500);
    expect(bench.status()).toMatchObject({ phase: 'backoff', restarts: 0 });
    expect(bench.status().reason).toContain('EAGAIN');
    // 1 + 2 + 4 + 8 + 16 + 32 s, then every minute.
    await bench.clock.advance(63_000);
    expect(bench.world.launches).toHaveLength(1 + 7);
    await bench.clock.advance(10 * 60_000);
    expect(bench.world.launches).toHaveLength(1 + 7 + 10);
    const status = bench.status();
    expect(status).toMatchObject({ phase: 'backoff', restarts: 0, budget: { cooldown: null } });
    expect(status.budget.windows.every((window) => window.used === 0)).toBe(true);

    bench.world.failures = [];
    await bench.clock.advance(60_000);
    expect(bench.status()).toMatchObject({ phase: 'running', restarts: 1 });
    expect(bench.status().budget.windows[0]?.used).toBe(1);
  });

  it('is reported once with its reason, and once when it has processes again', async () => {
    const bench = await TestBench.started();
    await bench.add();
    await bench.clock.advance(2000);
    bench.world.failures = many(3);
    bench.world.exit(bench.pid());
    await bench.clock.advance(30_000);
    expect(bench.reported('restart_failed')).toEqual([
      expect.objectContaining({
        severity: 'critical',
        data: expect.objectContaining({ reason: 'EAGAIN', nextAttemptInMs: 1000 }) as unknown,
      }),
    ]);
    const [recovery] = bench.reported('notice');
    expect(recovery).toMatchObject({ watch: 'web', severity: 'info', data: { topic: 'EAGAIN' } });
    expect(recovery?.message).toContain('3 attempts');
    const [crash] = bench.reported('crash_detected');
    expect(bench.reported('restarted')[0]).toMatchObject({ incident: crash?.incident, data: { attempt: 1 } });
  });

  it('does not bring on the storm brake, however many watches it concerns', async () => {
    const bench = await TestBench.started();
    for (let number = 1; number <= 30; number += 1) await bench.add({ name: `web${number}` });
    bench.world.failures = many(90);
    for (let number = 1; number <= 30; number += 1) {
      bench.world.exit(bench.pid(`web${number}`));
      await bench.clock.advance(1);
    }
    await bench.clock.advance(5000);
    expect(bench.reported('healing_paused')).toEqual([]);
  });

  it('is waited for by a start of the operator too, whatever the policy', async () => {
    const bench = await TestBench.started();
    bench.world.failures = many(1);
    await bench.add({ restart: 'never' });
    expect(bench.status().phase).toBe('backoff');
    await bench.clock.advance(1000);
    expect(bench.status()).toMatchObject({ phase: 'running', restarts: 0 });
    expect(bench.reported('started')).toHaveLength(1);
  });

  it('is no excuse for what fails otherwise', async () => {
    const bench = await TestBench.started();
    await bench.add({ overrides: { 'restart.delays': false } });
    await bench.clock.advance(2000);
    bench.world.failures = [noProcesses, { reason: 'ENOENT', message: 'no program' }];
    bench.world.exit(bench.pid());
    await bench.clock.advance(1500);
    expect(bench.reported('restart_failed').map(({ data }) => data.reason)).toEqual(['EAGAIN', 'ENOENT']);
    expect(bench.status().restarts).toBeGreaterThanOrEqual(1);
  });
});
