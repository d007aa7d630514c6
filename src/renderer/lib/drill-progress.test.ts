import { describe, expect, it } from 'vitest';
import type { DrillStep } from '../../shared/model/drill';
import { fakeDrill } from '../testing/fake-drill';
import { applyDrillStep, drillCount, drillRows } from './drill-progress';

describe('a drill in the window', () => {
  it('begins with every chosen scenario waiting, and the program beside them', () => {
    expect(drillRows(['crash', 'spike']).map(({ name, state }) => [name, state.kind])).toEqual([
      ['crash', 'waiting'],
      ['spike', 'waiting'],
      ['bystander', 'waiting'],
    ]);
  });

  it('follows each scenario to its verdict', () => {
    const steps: DrillStep[] = [
      { kind: 'ready' },
      { kind: 'begun', scenario: 'crash' },
      { kind: 'detected', scenario: 'crash', detectedAfterMs: 12 },
    ];
    const detected = steps.reduce(applyDrillStep, drillRows(['crash']));
    expect(detected[0]?.state).toEqual({ kind: 'detected', detectedAfterMs: 12 });
    expect(drillCount(detected)).toEqual({ done: 0, failed: 0 });

    const times = { detectedAfterMs: 12, healedAfterMs: null };
    const failed = applyDrillStep(detected, {
      kind: 'finished',
      scenario: 'crash',
      passed: false,
      why: 'not within 120 s',
      ...times,
    });
    expect(failed[0]?.state).toEqual({ kind: 'failed', why: 'not within 120 s', ...times });
    expect(failed[1]?.state).toEqual({ kind: 'waiting' });
    expect(drillCount(failed)).toEqual({ done: 1, failed: 1 });
  });

  it('has a verdict on all at its end', async () => {
    let rows = drillRows(['crash', 'spike']);
    for await (const step of fakeDrill(['crash', 'spike'], () => Promise.resolve(), undefined))
      rows = applyDrillStep(rows, step);
    expect(drillCount(rows)).toEqual({ done: 3, failed: 0 });
    expect(rows[1]?.state).toEqual({ kind: 'passed', detectedAfterMs: null, healedAfterMs: null });
  });
});
