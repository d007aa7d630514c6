import { expect, it } from 'vitest';
import { NO_TIMES } from '../../shared/model/drill';
import { createStyle } from '../output/style';
import { drillText } from './drill-text';
import type { ScenarioResult } from './run-drill';

const result = (change: Partial<ScenarioResult>): ScenarioResult => ({
  ...{ name: 'crash', shows: '', passed: true, reason: null, ...NO_TIMES, events: [], mails: [] },
  ...change,
});

it('is printed with the time of each step, and why something failed', () => {
  const scenarios = [
    result({ detectedAfterMs: 12, healedAfterMs: 1018, mailedAfterMs: 1500 }),
    result({
      ...{ name: 'leak', passed: false, reason: 'not within 30 s: a mail', detectedAfterMs: 1700, healedAfterMs: 1800 },
    }),
    result({ name: 'bystander' }),
  ];
  const lines = drillText({ passed: false, scenarios, dataDir: null }, null, createStyle(false)).split('\n');
  expect(lines.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['SCENARIO', 'DETECTED AFTER', 'HEALED AFTER', 'MAILED AFTER', 'RESULT', 'EVENTS'],
    ['crash', '12 ms', '1 s', '1.5 s', 'pass'],
    ['leak', '1.7 s', '1.8 s', '-', 'fail'],
    ['bystander', '-', '-', '-', 'pass'],
    ['leak: not within 30 s: a mail'],
    [''],
  ]);
});
