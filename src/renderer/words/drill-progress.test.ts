import { describe, expect, it } from 'vitest';
import { NO_TIMES, type DrillStep } from '../../shared/model/drill';
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
    expect(detected[0]?.state).toEqual({ kind: 'detected', times: { detectedAfterMs: 12 } });

    const unmailed = { detectedAfterMs: 12, healedAfterMs: 90 };
    const healed = applyDrillStep(detected, { kind: 'healed', scenario: 'crash', ...unmailed });
    expect(healed[0]?.state).toEqual({ kind: 'healed', times: unmailed });
    expect(drillCount(healed)).toEqual({ done: 0, failed: 0 });

    const verdict = { kind: 'finished', scenario: 'crash', reason: null } as const;
    const times = { ...unmailed, mailedAfterMs: 600 };
    const passed = applyDrillStep(healed, { ...verdict, passed: true, ...times });
    expect(passed[0]?.state).toEqual({ kind: 'passed', times });
    expect(drillCount(passed)).toEqual({ done: 1, failed: 0 });

    const reason = 'not within 30 s: a mail';
    const noMail = { ...unmailed, mailedAfterMs: null };
    const failed = applyDrillStep(healed, { ...verdict, passed: false, reason, ...noMail });
    expect(failed[0]?.state).toEqual({ kind: 'failed', reason, times: noMail });
    expect(failed[1]?.state).toEqual({ kind: 'waiting' });
    expect(drillCount(failed)).toEqual({ done: 1, failed: 1 });
  });

  it('has a verdict on all at its end', async () => {
    let rows = drillRows(['crash', 'spike']);
    for await (const step of fakeDrill(['crash', 'spike'], () => Promise.resolve(), undefined))
      rows = applyDrillStep(rows, step);
    expect(drillCount(rows)).toEqual({ done: 3, failed: 0 });
    expect(rows[1]?.state).toEqual({ kind: 'passed', times: NO_TIMES });
  });
});
