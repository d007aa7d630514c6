import { beforeEach, expect, it } from 'vitest';
import type { WatchStatus } from '../../shared/model/snapshot';
import { watchSpecSchema } from '../../shared/model/watch';
import { probeBacktestOf, probeHistoryOf } from './probe-past';
import { FakeEngine } from './testing/fake-engine';
import { historyOf } from './testing/fake-history';

const NOW = Date.UTC(2026, 0, 2);
const HOUR_MS = 3_600_000;

let engine: FakeEngine;
let status: WatchStatus;

beforeEach(async () => {
  engine = new FakeEngine();
  const target = { kind: 'command' as const, command: { argv: ['x'], cwd: '/' } };
  const probes = [{ name: 'health', check: { kind: 'tcp' as const, port: 80 }, failures: 2, of: 3 }];
  status = await engine.watches.add(watchSpecSchema.parse({ name: 'web', target, probes }), 'cli');
  engine.attempts.recorded = Array.from({ length: 10 }, (_, index) => ({
    ...{ at: NOW - HOUR_MS + index * 10_000, passed: index < 4 || index > 6, latencyMs: 3, words: null },
  }));
});

const backtest = (rule: object = {}, hours = 24) =>
  probeBacktestOf(status, { probe: 'HEALTH', rule }, { hours, now: NOW }, historyOf(engine));

it('judges the attempts of the last hours by the numbers in force and those that are tried', async () => {
  const from = NOW - HOUR_MS;
  expect(await backtest()).toEqual({
    ...{ role: 'liveness', from, to: from + 90_000, attempts: 10 },
    hits: [{ at: from + 50_000, until: from + 70_000, failures: 2 }],
  });
  expect(engine.attempts.asked).toMatchObject({ watchId: status.watch.id, probe: 'health' });
  expect((await backtest({ failures: 1 })).hits).toMatchObject([{ at: from + 40_000 }]);
  expect((await backtest({ failures: 4, of: 5 })).hits).toEqual([]);
  expect((await backtest({ timeoutMs: 2 })).hits).toMatchObject([{ at: from + 10_000, until: null }]);
  await expect(backtest({ failures: 4 })).rejects.toThrow('as in 3 of 5; got 4 of 3');
});

it('begins anew where the program was started', async () => {
  const restarted = engine.report(
    'restarted',
    { actor: 'cli', attempt: 0, oldPid: 1, afterMs: null },
    { watch: 'web' },
  );
  const at = new Date(NOW - HOUR_MS + 45_000).toISOString();
  engine.events = [{ ...restarted, at }];
  expect((await backtest()).hits).toMatchObject([{ at: NOW - HOUR_MS + 60_000 }]);
});

it('names the probes that there are', async () => {
  const query = { probe: 'port', sinceAt: 0, spanMs: 60_000, newest: 1 };
  await expect(probeHistoryOf(status, query, historyOf(engine))).rejects.toMatchObject({
    code: 'not_found',
    message: 'no probe of web is called "port"; expected one of: health',
  });
  expect((await probeHistoryOf(status, { ...query, probe: 'Health' }, historyOf(engine))).attempts).toHaveLength(1);
});
