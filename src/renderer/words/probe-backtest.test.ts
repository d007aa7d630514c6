import { expect, it } from 'vitest';
import { probeSchema } from '../../shared/model/probe';
import type { ProbeBacktest } from '../../shared/model/probe-history';
import '../testing/fix-locale';
import { backtestLimits, probeBacktestWords } from './probe-backtest';

const NOON = new Date(2026, 0, 1, 12).getTime();
const PROBE = probeSchema.parse({ name: 'port', check: { kind: 'tcp', port: 80 } });

function result(hits: ProbeBacktest['hits']): ProbeBacktest {
  return { role: 'liveness', from: NOON, to: NOON + 7_200_000, attempts: 720, hits };
}

it('says how often and when, in words for the role', () => {
  const once = { at: NOON + 3_600_000, until: NOON + 3_660_000, failures: 3 };
  const words = (hits: ProbeBacktest['hits'], role = PROBE.role) =>
    probeBacktestWords({ ...PROBE, role }, result(hits), 24);
  expect(words([once, { ...once, at: NOON + 7_000_000, until: null }])).toMatch(
    /^With 3 of 5 it would have restarted the program 2 times in the last 24 h, by 720 attempts since .*12:00.*: at .*\(1 min\), .*\(not over\)\.$/,
  );
  expect(words([], 'readiness')).toMatch(
    /made the program not ready 0 times in the last 24 h, by 720 attempts since [^(]*\.$/,
  );
  expect(words(Array.from({ length: 5 }, () => once))).toMatch(/5 times .*, the last ones at (?:.*\(1 min\)){3}\.$/);
  expect(probeBacktestWords(PROBE, { ...result([]), from: null, to: null }, 24)).toBe(
    'No attempts of the last 24 h are recorded.',
  );
});

it('says where the attempts were others than those of the draft', () => {
  expect(backtestLimits(PROBE, PROBE)).toBeNull();
  expect(backtestLimits({ ...PROBE, timeoutMs: 1000, failures: 1 }, PROBE)).toBeNull();
  expect(backtestLimits({ ...PROBE, intervalMs: 1000, timeoutMs: 9000 }, PROBE)).toBe(
    'Recorded with attempts every 10 s and a timeout of 2 s.',
  );
});
