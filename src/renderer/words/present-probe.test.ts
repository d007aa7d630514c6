import { describe, expect, it } from 'vitest';
import type { ProbeStatus } from '../../shared/model/probe';
import { answerWords, attemptsWords, compareProbes, elsewhereNote, probesSummary } from './present-probe';

const probe = (name: string, state: ProbeStatus['state']): ProbeStatus => ({
  ...{ name, state, role: 'liveness', attempts: [] },
});
const attempt = (passed: boolean, latencyMs: number) => ({ at: 0, passed, latencyMs, words: '' });

describe('probes in words', () => {
  it('count what passes, and name first what fails', () => {
    const passing = [probe('a', 'passing'), probe('b', 'done')];
    expect(probesSummary([...passing, probe('c', 'idle')])).toEqual({ text: '2 of 3 passing', failing: [] });
    expect(probesSummary([...passing, probe('d', 'failing'), probe('e', 'failing')])).toEqual({
      text: '2 of 4 failing',
      failing: ['d', 'e'],
    });
  });

  it('put watches with the most failing probes first, and those without probes last', () => {
    const watches = [
      [],
      [probe('a', 'passing')],
      [probe('b', 'failing')],
      [probe('c', 'failing'), probe('d', 'failing')],
    ];
    const ordered = watches.toSorted(compareProbes).map((probes) => probes.map(({ name }) => name).join());
    expect(ordered).toEqual(['c,d', 'b', 'a', '']);
  });

  it('show an answer with what it took', () => {
    expect(answerWords({ passed: true, latencyMs: 12, words: '200 OK' })).toBe('passed in 12 ms: 200 OK');
    expect(answerWords({ passed: false, latencyMs: 2000, words: 'connection refused' })).toBe(
      'failed after 2 s: connection refused',
    );
  });

  it('read a strip of attempts', () => {
    expect(attemptsWords([])).toBe('No attempts yet');
    expect(attemptsWords([attempt(true, 3)])).toBe('Last 1 attempt: 1 passed, 0 failed; 3 ms');
    expect(attemptsWords([attempt(true, 3), attempt(false, 2000)])).toBe(
      'Last 2 attempts: 1 passed, 1 failed; 3 ms to 2 s',
    );
  });

  it('name what follows from the failure of another machine', () => {
    expect(elsewhereNote('liveness')).toMatch(/and restarts this program\.$/);
    expect(elsewhereNote('readiness')).not.toContain('restart');
  });
});
