import { describe, expect, it } from 'vitest';
import { FULL_BUDGET } from '../heal/restart-budget';
import type { PersistedWatch } from '../ports';
import { FakeMarks } from '../testing/fake-stores';
import { FakeLaunchTraces } from '../testing/fake-world';
import { commandSpec } from '../testing/test-engine';
import { interruptedStart, type InterruptedStart } from './interrupted-start';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const earlier = { pid: 7, startTime: 70, startedAtMs: 0 };

/** Three starts of a watch: the first was executed, the others were not. */
function bench() {
  const marks = new FakeMarks();
  const [first, second, third] = [marks.issue('w'), marks.issue('w'), marks.issue('w')] as const;
  const launchTraces = new FakeLaunchTraces();
  launchTraces.put('w', first, { kind: 'executed', process: earlier });
  launchTraces.intended('w', second);
  const takeOver = (mark: string, starting: boolean): InterruptedStart => {
    const memory: PersistedWatch = {
      ...{ desired: 'active', reason: 'operator', processes: [], consecutive: 0, restarts: 0, lastRestartAt: null },
      ...{ incident: null, starting, budget: FULL_BUDGET, lastExits: [], launch: null },
      start: { mark, countedAtMs: null },
    };
    return interruptedStart(watch, memory, true, { launchTraces, marks, table: { isAlive: () => false } });
  };
  return { first, second, third, launchTraces, takeOver, unknown: marks.issue('w') };
}

describe('a start that was never executed', () => {
  it('and is on no record, leaves the one before it to be looked after', () => {
    const { launchTraces, takeOver, third, unknown } = bench();
    launchTraces.intended('w', third);
    expect(takeOver(unknown, false)).toMatchObject({ wasExecuted: true, known: { processes: [{ pid: 7 }] } });
  });

  it('and is on record, ends what there was to know of the one before it, whatever is intended after it', () => {
    const { launchTraces, takeOver, second, third } = bench();
    expect(takeOver(second, true)).toMatchObject({ wasExecuted: false, known: { processes: [] } });
    launchTraces.intended('w', third);
    expect(takeOver(second, true)).toMatchObject({ wasExecuted: null, known: { processes: [] } });
  });
});
