import { BYSTANDER_NAME, DRILL_NAMES, type DrillScenario, type DrillStep } from '../../shared/model/drill';

/** A drill that goes well, a step a tick; nothing is started. */
export async function* fakeDrill(
  scenarios: readonly DrillScenario[],
  nextTick: (signal: AbortSignal | undefined) => Promise<void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<DrillStep, void> {
  const wanted = scenarios.length === 0 ? DRILL_NAMES : scenarios;
  yield { kind: 'ready' };
  yield { kind: 'begun', scenario: BYSTANDER_NAME };
  for (const [index, scenario] of wanted.entries()) {
    await nextTick(signal);
    yield { kind: 'begun', scenario };
    await nextTick(signal);
    const isQuiet = scenario === 'spike';
    const detectedAfterMs = isQuiet ? null : 400 + 310 * index;
    if (!isQuiet) yield { kind: 'detected', scenario, detectedAfterMs };
    await nextTick(signal);
    const healedAfterMs = detectedAfterMs === null ? null : detectedAfterMs + 700;
    yield { kind: 'finished', scenario, passed: true, why: null, detectedAfterMs, healedAfterMs };
  }
  const noTimes = { detectedAfterMs: null, healedAfterMs: null };
  yield { kind: 'finished', scenario: BYSTANDER_NAME, passed: true, why: null, ...noTimes };
  yield { kind: 'ended', passed: true };
}
