import type { Telling } from './message';
import { incidentsOf } from '../../shared/lib/incidents';
import type { HealdeckEvent } from '../../shared/model/event';
import { tellingOfStory } from './telling';

/** A made-up story, for whoever wants to see what messages look like before anything has happened. `now` is wall time. */
export function exampleTelling(now: number): Telling {
  const [incident] = incidentsOf(exampleEvents(now - 15_000));
  if (incident === undefined) throw new Error('expected the example to be an incident');
  return tellingOfStory(incident);
}

/** What a test says: nothing but that it arrived. */
export const TEST_TELLING: Telling = {
  kind: 'test',
  severity: 'info',
  watch: null,
  incident: null,
  events: [],
  eventCount: 0,
  counts: [],
  suppressed: 0,
};

function exampleEvents(startedAt: number): HealdeckEvent[] {
  const common = { watch: 'web-worker', incident: 1 };
  const at = (ms: number): string => new Date(startedAt + ms).toISOString();
  return [
    {
      ...common,
      id: 1,
      at: at(0),
      type: 'crash_detected',
      severity: 'high',
      pid: 4711,
      message: 'web-worker (pid 4711) crashed after 3 h 12 min: SIGSEGV (segmentation fault)',
      data: {
        exitCode: null,
        signal: 'SIGSEGV',
        uptimeSeconds: 11_520,
        stderrTail: ['worker: connection to the queue lost', 'worker: fatal: invalid pointer in decode_frame()'],
        policy: 'on-failure',
        remaining: 0,
        whileEngineWasDown: false,
      },
    },
    {
      ...common,
      id: 2,
      at: at(100),
      type: 'restarted',
      severity: 'warning',
      pid: 4712,
      message: 'web-worker restarted as pid 4712, 100 ms after it went down',
      data: { actor: 'engine', attempt: 1, oldPid: 4711, afterMs: 100 },
    },
    {
      ...common,
      id: 3,
      at: at(10_100),
      type: 'recovered',
      severity: 'info',
      pid: 4712,
      message: 'web-worker has recovered: alive for 10 s after 1 restart',
      data: { attempts: 1, durationMs: 10_100 },
    },
  ];
}
