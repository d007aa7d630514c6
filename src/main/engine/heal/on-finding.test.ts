import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../shared/model/settings';
import { createZombie, DEFAULT_ZOMBIE } from '../detect/detectors';
import type { AnomalyAction, LimitAction } from '../../../shared/findings';
import type { Finding } from '../detect/evaluator';
import { sampleOf } from '../testing/sample';
import { commandSpec } from '../testing/test-engine';
import { onFinding } from './on-finding';

const zombie = sampleOf({ pid: 20, state: 'zombie' });
const watch = { ...commandSpec(), id: 'w', revision: 1 };

function limit(action: LimitAction): Finding {
  const crossing = { level: 'act', limit: 80, value: 97, values: [97], violations: 1 } as const;
  return { kind: 'limit', metric: 'cpu', crossing, action, pid: 10, memory: null };
}

function unreaped(action: AnomalyAction): Finding {
  const atOnce = createZombie({ ...DEFAULT_ZOMBIE, minMs: 0, minReadings: 1 });
  const anomaly = atOnce.observe({ atMs: 0, parent: { pid: 10, name: 'forgetful' }, zombies: [zombie] });
  if (anomaly === null) throw new Error('expected a zombie to be found');
  return { kind: 'anomaly', anomaly, action, pid: zombie.pid, subject: zombie };
}

function answer(finding: Finding, { observe = false, running = true, inIncident = false, flapping = false } = {}) {
  const { place, remedy } = onFinding(finding, {
    watch,
    settings: resolveSettings({ observe }),
    running,
    inIncident,
    flapping,
    toWall: (atMs) => atMs,
  });
  return [place, remedy.kind];
}

describe('a finding', () => {
  it('opens an incident when its remedy ends or halts the program, and not when that runs on', () => {
    for (const action of ['restart', 'kill', 'suspend'] as const) {
      expect(answer(limit(action))).toEqual(['opens', 'heal']);
    }
    expect(answer(limit('lower_priority'))).toEqual(['none', 'lower_priority']);
    expect(answer(limit('notify'))).toEqual(['none', 'none']);
  });

  it('belongs to the incident that is open, whatever is done', () => {
    expect(answer(limit('kill'), { inIncident: true })).toEqual(['continues', 'heal']);
    expect(answer(limit('notify'), { inIncident: true })).toEqual(['continues', 'none']);
  });

  it('opens none while a heal is under way: the machine will not act on it', () => {
    expect(answer(limit('kill'), { running: false })).toEqual(['none', 'heal']);
  });

  it('leads to nothing where the watch is only observed', () => {
    expect(answer(limit('kill'), { observe: true })).toEqual(['none', 'none']);
    expect(answer(unreaped('reap'), { observe: true, inIncident: true })).toEqual(['continues', 'none']);
  });

  it('of a zombie restarts the watch only if its parent does not reap it', () => {
    expect(answer(unreaped('reap'))).toEqual(['none', 'reap']);
    expect(answer(unreaped('restart'))).toEqual(['opens', 'reap_or_restart']);
  });
});
