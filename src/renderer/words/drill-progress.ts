import { assertNever } from '../../shared/lib/assert-never';
import {
  BYSTANDER_NAME,
  BYSTANDER_SHOWS,
  DRILL_SCENARIOS,
  type DrillScenario,
  type DrillStep,
  type DrillTimes,
} from '../../shared/model/drill';

/**
 * Where a scenario stands.
 *
 *   waiting ──► running ──► detected ──► healed ──► passed
 *                  └────────────┴──────────┴──────► failed
 */
export type DrillState =
  | { kind: 'waiting' }
  | { kind: 'running' }
  | { kind: 'detected'; times: Pick<DrillTimes, 'detectedAfterMs'> }
  | { kind: 'healed'; times: Omit<DrillTimes, 'mailedAfterMs'> }
  | { kind: 'passed'; times: DrillTimes }
  | { kind: 'failed'; times: DrillTimes; reason: string };

export interface DrillRow {
  name: string;
  shows: string;
  state: DrillState;
}

/** The scenarios of a drill that begins, and the program beside them. */
export function drillRows(scenarios: readonly DrillScenario[]): readonly DrillRow[] {
  const waiting = { kind: 'waiting' } as const;
  return [
    ...scenarios.map((name) => ({ name, shows: DRILL_SCENARIOS[name], state: waiting })),
    { name: BYSTANDER_NAME, shows: BYSTANDER_SHOWS, state: waiting },
  ];
}

/** The rows after a step. */
export function applyDrillStep(rows: readonly DrillRow[], step: DrillStep): readonly DrillRow[] {
  const set = (scenario: string, state: DrillState) =>
    rows.map((row) => (row.name === scenario ? { ...row, state } : row));
  switch (step.kind) {
    case 'ready':
    case 'ended':
      return rows;
    case 'begun':
      return set(step.scenario, { kind: 'running' });
    case 'detected':
      return set(step.scenario, { kind: 'detected', times: { detectedAfterMs: step.detectedAfterMs } });
    case 'healed': {
      const { scenario, detectedAfterMs, healedAfterMs } = step;
      return set(scenario, { kind: 'healed', times: { detectedAfterMs, healedAfterMs } });
    }
    case 'finished': {
      const { scenario, passed, reason, detectedAfterMs, healedAfterMs, mailedAfterMs } = step;
      const times = { detectedAfterMs, healedAfterMs, mailedAfterMs };
      return set(
        scenario,
        passed ? { kind: 'passed', times } : { kind: 'failed', times, reason: reason ?? 'it gave no reason' },
      );
    }
    default:
      return assertNever(step);
  }
}

/** How many of the scenarios are done, and how many of them failed. */
export function drillCount(rows: readonly DrillRow[]): { done: number; failed: number } {
  const failed = rows.filter(({ state }) => state.kind === 'failed').length;
  return { done: rows.filter(({ state }) => state.kind === 'passed').length + failed, failed };
}
