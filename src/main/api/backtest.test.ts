import { expect, it } from 'vitest';
import { watchSpecSchema } from '../../shared/model/watch';
import { backtestOf } from './backtest';
import { FakeEngine } from './testing/fake-engine';

const NOW = Date.UTC(2026, 0, 2);

async function withReadings() {
  const engine = new FakeEngine();
  const target = { kind: 'command' as const, command: { argv: ['x'], cwd: '/' } };
  const status = await engine.watches.add(watchSpecSchema.parse({ name: 'web', target }), 'cli');
  engine.readings = Array.from({ length: 100 }, (_, index) => ({
    ...{ at: NOW - 3_000_000 + index * 2000, cpuPercent: index > 90 ? 95 : 10, memoryBytes: 5e6 },
  }));
  return { engine, status };
}

it('judges the readings of the last hours by the limits in force and those that are tried', async () => {
  const { engine, status } = await withReadings();
  const none = await backtestOf(status, {}, { hours: 24, now: NOW }, engine);
  expect(none).toMatchObject({ readings: 100, hits: [], from: NOW - 3_000_000, to: NOW - 3_000_000 + 198_000 });
  const tried = await backtestOf(status, { 'cpu.limitPercent': 90 }, { hours: 24, now: NOW }, engine);
  expect(tried.hits).toMatchObject([{ metric: 'cpu', level: 'act', value: 95, limit: 90, action: 'restart' }]);
  expect(tried).toMatchObject({ readingsOf: 'tree', limitsOf: 'tree' });
  const late = await backtestOf(status, {}, { hours: 0.5, now: NOW }, engine);
  expect(late).toMatchObject({ readings: 0, from: null, to: null });
});

it('does not judge within the grace of a start that happened', async () => {
  const { engine, status } = await withReadings();
  const restarted = engine.report(
    'restarted',
    { actor: 'cli', attempt: 0, oldPid: 1, afterMs: null },
    { watch: 'web' },
  );
  engine.events = [{ ...restarted, at: new Date(NOW - 3_000_000 + 182_000).toISOString() }];
  const overrides = { 'cpu.limitPercent': 90, 'start.graceMs': 60_000 };
  expect((await backtestOf(status, overrides, { hours: 24, now: NOW }, engine)).hits).toEqual([]);
});

it('tries a limit below the warning in force without that warning, and refuses one that was asked for', async () => {
  const { engine, status } = await withReadings();
  const warned = { ...status, settings: { ...status.settings, 'memory.warnBytes': 60_000_000 } };
  const lower = { 'memory.limitBytes': 4_000_000 };
  const { hits } = await backtestOf(warned, lower, { hours: 24, now: NOW }, engine);
  expect(hits[0]).toMatchObject({ metric: 'memory', level: 'act', limit: 4_000_000 });
  await expect(
    backtestOf(warned, { ...lower, 'memory.warnBytes': 60_000_000 }, { hours: 24, now: NOW }, engine),
  ).rejects.toThrow('memory.warnBytes: expected at most memory.limitBytes (4MB), got 60MB');
});

it('refuses limits that contradict each other', async () => {
  const { engine, status } = await withReadings();
  const overrides = { 'cpu.limitPercent': 50, 'cpu.warnPercent': 60 };
  await expect(backtestOf(status, overrides, { hours: 24, now: NOW }, engine)).rejects.toMatchObject({
    code: 'invalid',
  });
});
