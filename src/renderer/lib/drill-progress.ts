import { assertNever } from '../../shared/lib/assert-never';
import {
  BYSTANDER_NAME,
  BYSTANDER_SHOWS,
  DRILL_SCENARIOS,
  type DrillScenario,
  type DrillStep,
} from '../../shared/model/drill';

/**
 * Where a scenario stands.
 *
 *   waiting ──► running ──► detected ──► passed
 *                  └────────────┴──────► failed
 */
export type DrillState =
  | { kind: 'waiting' }
  | { kind: 'running' }
  | { kind: 'detected'; detectedAfterMs: number | null }
  | { kind: 'passed'; detectedAfterMs: number | null; healedAfterMs: number | null }
  | { kind: 'failed'; detectedAfterMs: number | null; healedAfterMs: number | null; why: string };

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
      return set(step.scenario, { kind: 'detected', detectedAfterMs: step.detectedAfterMs });
    case 'finished': {
      const { detectedAfterMs, healedAfterMs } = step;
      return set(
        step.scenario,
        step.passed
          ? { kind: 'passed', detectedAfterMs, healedAfterMs }
          : { kind: 'failed', detectedAfterMs, healedAfterMs, why: step.why ?? 'it did not say why' },
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
