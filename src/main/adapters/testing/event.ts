import type { HealdeckEvent } from '../../../shared/model/event';

/** An event for tests: a notice, at a second of its own. */
export function testEvent(id: number, more: Partial<Omit<HealdeckEvent, 'type' | 'data'>> = {}): HealdeckEvent {
  return {
    id,
    at: new Date(Date.UTC(2026, 10, 22) + id * 1000).toISOString(),
    type: 'notice',
    severity: 'info',
    watch: null,
    pid: null,
    incident: null,
    message: `event ${id}`,
    data: { topic: 'test', detail: `detail ${id}` },
    ...more,
  } as HealdeckEvent;
}

/** A crash that opens an incident, now. */
export function crashEvent(id: number, watch: string): HealdeckEvent {
  return {
    ...testEvent(id, {
      at: new Date().toISOString(),
      severity: 'high',
      watch,
      incident: id,
      message: `${watch} crashed`,
    }),
    type: 'crash_detected',
    data: {
      exitCode: 1,
      signal: null,
      uptimeSeconds: 1,
      stderrTail: [],
      policy: 'always',
      remaining: 0,
      whileEngineWasDown: false,
    },
  } as HealdeckEvent;
}
