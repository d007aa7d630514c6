import { describe, expect, it } from 'vitest';
import { targetSchema } from '../../../shared/model/watch';
import { FULL_BUDGET } from './restart-budget';
import { commandSpec } from '../testing/test-engine';
import type { PersistedWatch } from '../ports';
import { decideTakeover, type TakeoverFacts } from './takeover';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const match = targetSchema.parse({ kind: 'match', by: 'name', pattern: 'server' });
const cooldown = { startedAtMs: 0, untilMs: 9000, restarts: 5, windowMs: 60_000 };
const old = { pid: 1, startTime: 1, origin: 'child' } as const;
const lives = { pid: 2, startTime: 2, origin: 'adopted', startedAtMs: 0 } as const;

function memory(fields: Partial<PersistedWatch> = {}): PersistedWatch {
  return {
    desired: 'active',
    reason: 'operator',
    processes: [],
    consecutive: 0,
    restarts: 0,
    lastRestartAt: null,
    incident: null,
    starting: false,
    budget: FULL_BUDGET,
    lastExits: [],
    launch: null,
    ...fields,
  };
}

function decide(facts: Partial<TakeoverFacts>) {
  return decideTakeover({
    watch,
    memory: null,
    wasExecuted: null,
    survivors: [],
    matches: [],
    strays: false,
    startLives: () => false,
    nowMs: 500,
    ...facts,
  });
}

describe('an engine that comes after another', () => {
  it('leaves down what was stopped, also when its pattern finds something', () => {
    const stopped = memory({ desired: 'stopped', reason: 'killed' });
    expect(decide({ memory: stopped, matches: [lives] })).toEqual({
      kind: 'stay_stopped',
      reason: 'killed',
      gone: [],
    });
  });

  it('adopts what lives, and names those that have died since', () => {
    expect(
      decide({ memory: memory({ processes: [old, { ...old, pid: 2, startTime: 2 }] }), survivors: [lives] }),
    ).toEqual({
      kind: 'adopt',
      processes: [lives],
      gone: [{ ...old, origin: 'adopted', startedAtMs: 500, isStartUnknown: true }],
      inIncident: false,
      suspended: false,
    });
  });

  it('knows whether what it adopts was suspended, or its heal not verified yet', () => {
    const suspended = memory({ reason: 'suspended', incident: 7 });
    expect(decide({ memory: suspended, survivors: [lives] })).toMatchObject({ suspended: true, inIncident: true });
  });

  it('takes a program that is gone for one that has died meanwhile, also in a cooldown', () => {
    const cooling = memory({ processes: [old], budget: { ...FULL_BUDGET, cooldown } });
    expect(decide({ memory: cooling })).toMatchObject({ kind: 'died_meanwhile', gone: [{ pid: 1 }] });
  });

  it('reports each main process that is gone, and of others one for all', () => {
    const written = (...roles: readonly ('main' | 'worker' | undefined)[]) =>
      memory({ processes: roles.map((role, at) => ({ pid: at + 1, startTime: at, origin: 'match' as const, role })) });
    const gonePids = (known: PersistedWatch): unknown => {
      const takeover = decide({ watch: { ...watch, target: match }, memory: known });
      return takeover.kind === 'died_meanwhile' ? takeover.gone.map(({ pid }) => pid) : takeover.kind;
    };
    expect(gonePids(written('worker', 'main', 'worker', 'main'))).toEqual([2, 4]);
    expect(gonePids(written(undefined, undefined))).toEqual([1]);
  });

  it('goes on with a cooldown, and with a start that had not come about', () => {
    const cooling = memory({ incident: 7, budget: { ...FULL_BUDGET, cooldown } });
    expect(decide({ memory: cooling })).toEqual({ kind: 'cool_down', inIncident: true });
    expect(decide({ memory: memory() })).toEqual({ kind: 'start', strays: false });
  });
});

describe('an engine that is the first to know a watch', () => {
  it('starts it if it starts by itself, else waits for a match or does nothing', () => {
    expect(decide({ strays: true })).toEqual({ kind: 'start', strays: true });
    expect(decide({ watch: { ...watch, autostart: false } })).toEqual({ kind: 'rest' });
    expect(decide({ watch: { ...watch, target: match } })).toEqual({ kind: 'wait' });
  });
});
