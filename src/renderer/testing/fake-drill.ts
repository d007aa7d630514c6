import { BYSTANDER_NAME, DRILL_NAMES, NO_TIMES, type DrillScenario, type DrillStep } from '../../shared/model/drill';

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
    if (scenario === 'spike') {
      yield { kind: 'finished', scenario, passed: true, reason: null, ...NO_TIMES };
      continue;
    }
    const detectedAfterMs = 400 + 310 * index;
    yield { kind: 'detected', scenario, detectedAfterMs };
    await nextTick(signal);
    const healedAfterMs = detectedAfterMs + 700;
    yield { kind: 'healed', scenario, detectedAfterMs, healedAfterMs };
    await nextTick(signal);
    const mailedAfterMs = healedAfterMs + 480;
    yield { kind: 'finished', scenario, passed: true, reason: null, detectedAfterMs, healedAfterMs, mailedAfterMs };
  }
  yield { kind: 'finished', scenario: BYSTANDER_NAME, passed: true, reason: null, ...NO_TIMES };
  yield { kind: 'ended', passed: true };
}
