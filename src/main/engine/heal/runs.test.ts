import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../shared/model/settings';
import { commandSpec } from '../testing/test-engine';
import { healPolicyOf } from './heal-policy';
import { initialMachine, UNKNOWN_HEALTH, type HealContext, type HealInput, type HealMachine } from './heal-state';
import { transition } from './transition';

const PROGRAM = { pid: 1, startTime: 1, origin: 'child', startedAtMs: 0 } as const;
const DB = { id: 'db', watch: 'db', until: 'ready', run: '9:9', isSettled: true } as const;
const WATCH = { ...commandSpec(), id: 'w', revision: 1 };

/** It runs since before the database was started anew. */
const RUNNING: HealMachine = {
  state: { phase: 'running', sinceMs: 0, processes: [PROGRAM], recovery: null, health: UNKNOWN_HEALTH },
  ledger: { ...initialMachine(0).ledger, run: '1:1', ranWith: { db: '8:8' } },
};

function context(change: Partial<HealContext> = {}): HealContext {
  return {
    ...{ nowMs: 1000, wallMs: 1000, watch: WATCH, shuttingDown: false, healingPaused: false, blockers: [] },
    ...{ followed: [DB], policy: healPolicyOf(WATCH, resolveSettings(), 0.5), ...change },
  };
}

const CHANGED: HealInput = { type: 'dependencies_changed' };
const phaseAfter = (machine: HealMachine, input: HealInput, change: Partial<HealContext> = {}): string =>
  transition(machine, input, context(change)).state.phase;

describe('a restart with others', () => {
  it('is due once they run anew and are settled', () => {
    expect(phaseAfter(RUNNING, CHANGED)).toBe('stopping');
    expect(phaseAfter(RUNNING, CHANGED, { followed: [{ ...DB, run: '8:8' }] })).toBe('running');
    expect(phaseAfter(RUNNING, CHANGED, { followed: [{ ...DB, run: null }] })).toBe('running');
    expect(phaseAfter(RUNNING, CHANGED, { followed: [{ ...DB, isSettled: false }] })).toBe('running');
  });

  it('waits for the end of the storm brake, of a shutdown, and of what is in the way', () => {
    expect(phaseAfter(RUNNING, CHANGED, { healingPaused: true })).toBe('running');
    expect(phaseAfter(RUNNING, { type: 'storm_over' })).toBe('stopping');
    expect(phaseAfter(RUNNING, CHANGED, { shuttingDown: true })).toBe('running');
    expect(phaseAfter(RUNNING, CHANGED, { blockers: ['cache is not ready'] })).toBe('running');
  });

  it('waits for the end of a cooldown in which the program runs on', () => {
    const cooldown = { startedAtMs: 0, untilMs: 60_000, restarts: 5, windowMs: 60_000 };
    const cooling = { ...RUNNING, ledger: { ...RUNNING.ledger, budget: { restartsAtMs: [], trips: 1, cooldown } } };
    expect(phaseAfter(cooling, CHANGED)).toBe('running');
    expect(phaseAfter(cooling, { type: 'due' }, { nowMs: 60_000 })).toBe('stopping');
    expect(phaseAfter(cooling, { type: 'reset_cooldown', actor: 'cli' })).toBe('stopping');
  });

  it('is none of a job, and none of what nothing would start again', () => {
    const start = { cron: '0 3 * * *', timeZone: null };
    const job = { ...WATCH, schedule: { start, restart: null, maxUptimeMs: null, restartOnChange: [] } };
    expect(phaseAfter(RUNNING, CHANGED, { watch: job })).toBe('running');
    const found = { ...WATCH, target: { kind: 'match', by: 'name', pattern: 'web', user: null, start: null } } as const;
    expect(phaseAfter(RUNNING, CHANGED, { watch: found })).toBe('running');
  });

  it('costs no budget, counts as no restart in a row, and leaves the last incident as it is', () => {
    const ledger = { ...RUNNING.ledger, consecutive: 2, lastConfirmedHeal: { atMs: 1, openedAtMs: 0, attempts: 1 } };
    const ending = transition({ ...RUNNING, ledger }, CHANGED, context());
    const cleared: HealInput = { type: 'cleared', result: { pids: [1], forced: [], survivors: [] } };
    const starting = transition(ending, cleared, context());
    const run = transition(starting, { type: 'launched', identity: { pid: 2, startTime: 2 } }, context());
    expect(run.ledger).toEqual({ ...ledger, run: '2:2', ranWith: { db: '9:9' } });
    expect(run.effects).toMatchObject([
      { draft: { type: 'restarted', data: { actor: 'dependency', renewed: ['db'] } } },
    ]);
  });

  it('gives way to the stop of an operator', () => {
    const ending = transition(RUNNING, CHANGED, context());
    const stopped = transition(ending, { type: 'stop', actor: 'cli' }, context());
    const cleared: HealInput = { type: 'cleared', result: { pids: [1], forced: [], survivors: [] } };
    expect(phaseAfter(stopped, cleared)).toBe('stopped');
  });
});
