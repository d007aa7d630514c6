import { expect, test } from '../fixtures/headless';

const COOLDOWN_MS = 12_000;

test('a program that dies at once gets 5 restarts and one cooldown, which outlives the engine and can be reset', async ({
  engine,
}) => {
  test.setTimeout(180_000);
  const { cli } = engine;
  await engine.settings({ 'restart.delays': false, 'restart.jitterPercent': 0, 'cooldown.durationMs': COOLDOWN_MS });
  await cli.ok('add', 'boom', '--restart', 'always', '--', 'node', 'demo/exit-with.mjs', '7');
  const types = async () => (await cli.events({ watch: 'boom' })).map(({ type }) => type);
  const count = async (type: string) => (await types()).filter((one) => one === type).length;
  const cooldown = async () => (await cli.watch('boom')).budget.cooldown;

  // Five restarts, then one cooldown with its countdown.
  await expect.poll(() => count('cooldown_started'), { timeout: 60_000 }).toBe(1);
  expect(await count('restarted')).toBe(5);
  const [rapid] = await cli.events({ watch: 'boom', types: ['anomaly_detected'] });
  expect(rapid?.data).toMatchObject({ anomaly: 'rapid_crashes', evidence: { numbers: { commonExitCode: 7 } } });
  const before = await cooldown();
  expect(before).toMatchObject({ restarts: 5, windowMs: 60_000 });
  const until = before?.until ?? 0;
  expect(Math.abs(until - (before?.startedAt ?? 0) - COOLDOWN_MS)).toBeLessThan(50);
  expect(await cli.watch('boom')).toMatchObject({ phase: 'cooldown', processes: [] });
  expect(await cli.ok('status')).toMatch(/boom +cooldown, 0:\d\d left/);

  // In the middle of it the engine dies: what is left of the time stays.
  await engine.killEngine();
  await engine.start();
  expect(await cli.watch('boom')).toMatchObject({ phase: 'cooldown', processes: [] });
  expect(Math.abs(((await cooldown())?.until ?? 0) - until)).toBeLessThan(1000);
  expect(await count('restarted')).toBe(5);
  expect(await count('cooldown_started')).toBe(1);

  // It ends by itself: the count is zero, and it may be restarted 5 times again.
  await expect.poll(() => count('cooldown_ended'), { timeout: COOLDOWN_MS + 20_000 }).toBe(1);
  await expect.poll(() => count('cooldown_started'), { timeout: 60_000 }).toBe(2);
  expect(await count('restarted')).toBe(10);
  const [ended] = await cli.events({ watch: 'boom', types: ['cooldown_ended'] });
  expect(Date.parse(ended?.at ?? '')).toBeGreaterThan(until - 1000);

  // The operator ends the next one, which is twice as long, at once.
  const second = await cooldown();
  expect(Math.abs((second?.until ?? 0) - (second?.startedAt ?? 0) - 2 * COOLDOWN_MS)).toBeLessThan(50);
  await cli.ok('reset-cooldown', 'boom');
  await expect.poll(() => count('restarted')).toBeGreaterThan(10);
  const all = await types();
  const reset = all.indexOf('cooldown_reset');
  expect(all[reset + 1]).toBe('restarted');
  expect(all.slice(0, reset).filter((type) => type === 'restarted')).toHaveLength(10);
});

test('a slow loop that never fills the short window is caught by the longer one', async ({ engine }) => {
  test.setTimeout(120_000);
  const { cli } = engine;
  // The real windows in small: 5 in 4 s can't be reached with a crash every 1.5 s, 4 in a minute can.
  await engine.settings({
    'restart.delays': false,
    'restart.windowMs': 4000,
    'restart.mediumLimit': 4,
    'restart.mediumWindowMs': 60_000,
    // It is always the same crash.
    'restart.sameCrashLimit': 'none',
  });
  await cli.ok('add', 'slow', '--restart', 'always', '--', 'node', 'demo/crasher.mjs', '--after', '1500');
  await cli.ok('add', 'rare', '--restart', 'always', '--', 'node', 'demo/crasher.mjs', '--after', '8000');
  await expect.poll(async () => (await cli.watch('slow')).phase, { timeout: 60_000 }).toBe('cooldown');
  const [started] = await cli.events({ watch: 'slow', types: ['cooldown_started'] });
  expect(started?.data).toMatchObject({ restarts: 4, windowSeconds: 60 });
  // What rarely dies is only restarted.
  await expect.poll(async () => (await cli.watch('rare')).restarts, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(await cli.events({ watch: 'rare', types: ['cooldown_started'] })).toEqual([]);
});
