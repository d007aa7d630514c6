import { describe, expect, it } from 'vitest';
import type { EventData, EventType, HealdeckEvent } from '../../../shared/model/event';
import { IncidentProblem } from './incident-problem';

function event<T extends EventType>(type: T, data: Partial<EventData[T]>, message = ''): HealdeckEvent {
  return {
    id: 1,
    at: '',
    type,
    severity: 'high',
    watch: 'web',
    pid: 7,
    incident: 1,
    message,
    data,
  } as unknown as HealdeckEvent;
}
const crash = (exitCode: number) => event('crash_detected', { exitCode, signal: null, whileEngineWasDown: false });

describe('what is wrong with a watch', () => {
  it('is the last problem, and how often it came in a row', () => {
    const cause = new IncidentProblem();
    expect(cause.text).toBeNull();
    cause.note(crash(1));
    expect(cause.text).toBe('crashed (exit code 1)');
    cause.note(crash(3));
    expect(cause.text).toBe('crashed 2 times (exit code 3)');
    cause.note(event('restarted', { attempt: 1 }));
    expect(cause.text).toBe('crashed 2 times (exit code 3)');
  });

  it('has the reason once that is known, and keeps it for the same problem', () => {
    const cause = new IncidentProblem();
    cause.explain('nothing has ended');
    expect(cause.text).toBeNull();
    cause.note(crash(1));
    cause.explain('port 8101 is in use by python3 (pid 4711)');
    cause.note(crash(1));
    expect(cause.text).toBe('crashed 2 times (exit code 1): port 8101 is in use by python3 (pid 4711)');
  });

  it('is what a failed start says, without what is done about it', () => {
    const cause = new IncidentProblem();
    cause.note(crash(1));
    cause.explain('a syntax error');
    cause.note(
      event(
        'restart_failed',
        { nextAttemptInMs: 2000 },
        'web could not be restarted: there is no program "nod" on PATH; next attempt in 2 s',
      ),
    );
    expect(cause.text).toBe('could not be restarted: there is no program "nod" on PATH');
  });

  it('goes on with what an earlier engine has found, until something new is', () => {
    const cause = new IncidentProblem();
    cause.resume('crashed (SIGSEGV)');
    expect(cause.text).toBe('crashed (SIGSEGV)');
    cause.note(crash(1));
    expect(cause.text).toBe('crashed (exit code 1)');
  });
});
