import type { RouterDeps } from '../router';
import type { FakeEngine } from './fake-engine';

/** The history that belongs to a fake engine. */
export function historyOf(engine: FakeEngine): RouterDeps['history'] {
  return {
    listEvents: engine.listEvents,
    listIncidentEvents: engine.listIncidentEvents,
    crashCounts: () => Promise.resolve([]),
    crashEvents: () => Promise.resolve([]),
    samples: () => Promise.resolve([]),
    tableAt: engine.tableAt,
    recordedSpan: engine.recordedSpan,
    eachReading: engine.eachReading,
    probeHistory: engine.attempts.probeHistory,
    eachAttempt: engine.attempts.eachAttempt,
    readingsOf: engine.readingsOf,
  };
}
