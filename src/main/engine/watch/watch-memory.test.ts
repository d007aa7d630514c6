import { describe, expect, it } from 'vitest';
import { initialMachine, type HealMachine, type HealState, type RestartLedger } from '../heal/heal-state';
import { FULL_BUDGET } from '../heal/restart-budget';
import { ManualClock } from '../testing/manual-clock';
import { ledgerFrom, memoryOf } from './watch-memory';

const clock = new ManualClock();
const sinceMs = clock.monotonicMs();
const process = { pid: 7, startTime: 70, origin: 'child', startedAtMs: sinceMs } as const;
const running = {
  ...{ phase: 'running', sinceMs, processes: [process], recovery: null },
  health: { ready: 'unknown', live: 'unknown' },
} as const satisfies HealState;
const ledger: RestartLedger = {
  consecutive: 2,
  restarts: 9,
  lastRestartAtMs: sinceMs - 1500,
  budget: { ...FULL_BUDGET, trips: 1 },
  lastExits: [{ atMs: sinceMs - 2000, exitCode: 3, signal: null }],
};

function remembered(state: HealState): { desired: string; reason: string } {
  const { desired, reason } = memoryOf(
    { state, ledger },
    { incident: null, lastIncident: null, sinceMs, launch: null, lastMark: null, executedMark: null, problem: null },
    clock,
  );
  return { desired, reason };
}

describe('what the next engine knows of a watch', () => {
  it('is down, and why, where it is to stay down', () => {
    const stopped = (reason: (HealState & { phase: 'stopped' })['reason']): HealState => {
      return { phase: 'stopped', sinceMs, reason };
    };
    const stopping = { phase: 'stopping', sinceMs, processes: [], ending: [process], recovery: null } as const;
    expect(remembered(stopped('killed'))).toEqual({ desired: 'stopped', reason: 'killed' });
    expect(remembered({ ...stopping, next: { kind: 'stop', actor: 'cli' } })).toMatchObject({ desired: 'stopped' });
    expect(remembered({ phase: 'failed', sinceMs, reason: '', processes: [] })).toEqual({
      desired: 'stopped',
      reason: 'gave_up',
    });
    // These come back: the machine shut them down, or they were about to be started.
    expect(remembered(stopped('shutdown'))).toMatchObject({ desired: 'active' });
    expect(remembered({ ...stopping, next: { kind: 'restart', actor: 'cli' } })).toMatchObject({ desired: 'active' });
    expect(remembered({ phase: 'cooldown', sinceMs, recovery: null })).toMatchObject({ desired: 'active' });
    expect(remembered({ ...running, phase: 'suspended', reason: '' })).toEqual({
      desired: 'active',
      reason: 'suspended',
    });
  });

  it('names its processes, and whether an engine started them', () => {
    const processes = [
      process,
      { ...process, pid: 8, origin: 'adopted' },
      { ...process, pid: 9, origin: 'match' },
    ] as const;
    expect(
      memoryOf(
        { state: { ...running, processes }, ledger },
        { incident: 4, lastIncident: null, sinceMs, launch: null, lastMark: null, executedMark: null, problem: null },
        clock,
      ),
    ).toMatchObject({
      incident: 4,
      processes: [
        { pid: 7, startTime: 70, origin: 'child' },
        { pid: 8, startTime: 70, origin: 'child' },
        { pid: 9, startTime: 70, origin: 'match' },
      ],
    });
  });

  it('has its counts as they were in the same boot, and after a reboot only what was counted in all', () => {
    const machine: HealMachine = { state: running, ledger };
    const memory = memoryOf(
      machine,
      { incident: null, lastIncident: null, sinceMs, launch: null, lastMark: null, executedMark: null, problem: null },
      clock,
    );
    expect(ledgerFrom(memory, true, clock)).toEqual(ledger);
    expect(ledgerFrom(memory, false, clock)).toEqual({
      ...initialMachine(sinceMs).ledger,
      restarts: 9,
      lastRestartAtMs: ledger.lastRestartAtMs,
    });
  });
});
