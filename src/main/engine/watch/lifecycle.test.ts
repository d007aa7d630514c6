import { describe, expect, it } from 'vitest';
import { resolveSettings } from '../../../shared/model/settings';
import type { HealEffect } from '../heal/heal-state';
import { Lifecycle } from './lifecycle';
import { healPolicyOf } from '../heal/heal-policy';
import { ManualClock } from '../testing/manual-clock';
import { commandSpec } from '../testing/test-engine';

const death = {
  stderrTail: [],
  stderrOf: 'this_run' as const,
  leftovers: false,
  strays: false,
  whileEngineWasDown: false,
  oomKills: 0,
  crash: null,
  endedBy: null,
};

const failed = { type: 'launch_failed', failure: { reason: 'ENOENT', message: '' } } as const;

/** The life of a command, with a record of what it wanted done and said of itself. */
function bench() {
  const clock = new ManualClock();
  const reported: string[] = [];
  const life: Lifecycle = new Lifecycle({
    clock,
    context: () => ({
      nowMs: clock.monotonicMs(),
      wallMs: clock.wallMs(),
      watch: { ...commandSpec(), id: 'w', revision: 1 },
      policy: healPolicyOf({ probes: [] }, resolveSettings(), 0.5),
      shuttingDown: false,
      healingPaused: false,
      blockers: [],
      followed: [],
    }),
    perform: (effect: HealEffect) => reported.push(effect.type === 'emit' ? effect.draft.type : effect.type),
    healed: () => reported.push('healed'),
    refunded: () => reported.push('refunded'),
    changed: () => reported.push(life.state.phase),
  });
  /** It runs, and ends at once. */
  const crash = (pid: number) => {
    const identity = { pid, startTime: pid };
    life.dispatch({ type: 'launched', identity });
    reported.length = 0;
    life.dispatch({ type: 'exited', identity, exit: { exitCode: 1, signal: null }, death });
  };
  return { clock, reported, life, crash };
}

describe('the life of a watch', () => {
  it('has the replacement under way before anything is written down', () => {
    const { reported, life, crash } = bench();
    life.dispatch({ type: 'start', actor: 'cli', strays: false });
    crash(1);
    expect(reported).toEqual(['healed', 'launch', 'crash_detected', expect.any(String), 'starting']);
  });

  it('keeps its appointments by itself', async () => {
    const { clock, life } = bench();
    life.dispatch({ type: 'start', actor: 'cli', strays: false });
    life.dispatch(failed);
    expect(life.state.phase).toBe('backoff');
    await clock.advance(1000);
    expect(life.state.phase).toBe('starting');
  });

  it('is settled once no start is under way, whatever came of it', async () => {
    const { life } = bench();
    await life.settled();
    life.dispatch({ type: 'start', actor: 'cli', strays: false });
    let settled = false;
    const settling = life.settled().then(() => (settled = true));
    await Promise.resolve();
    expect(settled).toBe(false);
    life.dispatch(failed);
    await settling;
  });

  it('is over when it is disposed: nobody waits for it, and nothing is done any more', async () => {
    const { clock, reported, life } = bench();
    life.dispatch({ type: 'start', actor: 'cli', strays: false });
    life.dispatch(failed);
    expect(clock.pending).toBe(1);
    life.dispatch({ type: 'restart', actor: 'cli' });
    const settling = life.settled();
    life.dispose();
    await settling;
    reported.length = 0;
    life.dispatch(failed);
    life.rearm();
    expect(reported).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
