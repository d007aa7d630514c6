import { describe, expect, it } from 'vitest';
import { Deaths } from './exit-examiner';
import type { LiveProcess } from '../heal/heal-state';
import type { OutputEnd } from '../ports';
import type { ProcessIndex } from '../processes/process-index';
import { FakeOutputFiles } from '../testing/fake-stores';
import { FakeWorld } from '../testing/fake-world';
import { ManualClock } from '../testing/manual-clock';
import { indexOf } from '../testing/sample';
import { commandSpec } from '../testing/test-engine';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const child: LiveProcess = { pid: 10, startTime: 10, origin: 'child', startedAtMs: 0 };

function bench() {
  const clock = new ManualClock();
  const world = new FakeWorld(clock);
  const output = new FakeOutputFiles();
  output.lines.set(watch.name, ['last words']);
  const deaths = new Deaths({ clock, table: world, signaller: world, output });
  const examine = (process: LiveProcess, index: ProcessIndex = indexOf(), stderrFrom: OutputEnd | null = null) =>
    deaths.examine(process, { watch, index, whileEngineWasDown: false, strays: false, stderrFrom });
  return { world, deaths, examine };
}

describe('a death', () => {
  it('is told with the last words of what an engine started; those of others are not known', () => {
    const { examine } = bench();
    expect(examine(child).stderrTail).toEqual(['last words']);
    expect(examine({ ...child, origin: 'adopted' }).stderrTail).toEqual(['last words']);
    expect(examine({ ...child, origin: 'match' }).stderrTail).toEqual([]);
  });

  it('may have left what lives on in its group or its session', () => {
    const { world, examine } = bench();
    expect(examine(child, indexOf({ pid: 10 })).leftovers).toBe(false);
    expect(examine(child, indexOf({ pid: 10 }, { pid: 11, session: 10 })).leftovers).toBe(true);
    world.add({ pgid: 10 });
    expect(examine(child).leftovers).toBe(true);
  });

  it('has left nothing in a group that another process leads', () => {
    const { world, examine } = bench();
    world.add({ pgid: 10 });
    expect(examine(child, indexOf({ pid: 10, pgid: 5 })).leftovers).toBe(false);
  });
});

describe('an end that the operator asked for', () => {
  it('is theirs once, and of exactly this process', () => {
    const { deaths, examine } = bench();
    deaths.expect([child], 'window');
    expect(examine({ ...child, startTime: 11 }).endedBy).toBeNull();
    expect(examine(child).endedBy).toBe('window');
    expect(examine(child).endedBy).toBeNull();
  });

  it('is no longer expected of a process that has lived through it', () => {
    const { world, deaths, examine } = bench();
    const tough: LiveProcess = { ...child, ...world.add(), origin: 'child' };
    const endNoMore = deaths.expect([tough, child], 'window');
    endNoMore();
    expect(examine(tough).endedBy).toBeNull();
    expect(examine(child).endedBy).toBe('window');
  });
});
