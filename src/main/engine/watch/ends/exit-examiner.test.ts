import { describe, expect, it } from 'vitest';
import { ExitExaminer } from './exit-examiner';
import type { LiveProcess } from '../../heal/heal-state';
import type { ChildExit, OutputEnd } from '../../ports';
import type { ProcessIndex } from '../../processes/process-index';
import { FakeOutputFiles } from '../../testing/fake-stores';
import { FakeWorld } from '../../testing/fake-world';
import { ManualClock } from '../../testing/manual-clock';
import { indexOf } from '../../testing/sample';
import { commandSpec } from '../../testing/test-engine';

const watch = { ...commandSpec(), id: 'w', revision: 1 };
const child: LiveProcess = { pid: 10, startTime: 10, origin: 'child', startedAtMs: 0 };

const KILLED: ChildExit = { exitCode: null, signal: 'SIGKILL' };

function bench() {
  const clock = new ManualClock();
  const world = new FakeWorld(clock);
  const output = new FakeOutputFiles();
  output.lines.set(watch.name, ['last words']);
  const exits = new ExitExaminer({ clock, table: world, signaller: world, output, oomKills: { ofLate: () => 2 } });
  const examineExit = (process: LiveProcess, index: ProcessIndex = indexOf(), stderrFrom: OutputEnd | null = null) =>
    exits.examineExit(process, {
      watch,
      exit: KILLED,
      index,
      whileEngineWasDown: false,
      strays: false,
      stderrFrom,
      version: null,
    });
  return { world, deaths: exits, examineExit };
}

describe('a death', () => {
  it('is reported with the last words of what an engine started; those of others are not known', () => {
    const { examineExit } = bench();
    expect(examineExit(child).stderrTail).toEqual(['last words']);
    expect(examineExit({ ...child, origin: 'adopted' }).stderrTail).toEqual(['last words']);
    expect(examineExit({ ...child, origin: 'match' }).stderrTail).toEqual([]);
  });

  it('may have left what lives on in its group or its session', () => {
    const { world, examineExit } = bench();
    expect(examineExit(child, indexOf({ pid: 10 })).leftovers).toBe(false);
    expect(examineExit(child, indexOf({ pid: 10 }, { pid: 11, session: 10 })).leftovers).toBe(true);
    world.add({ pgid: 10 });
    expect(examineExit(child).leftovers).toBe(true);
  });

  it('has left nothing in a group that another process leads', () => {
    const { world, examineExit } = bench();
    world.add({ pgid: 10 });
    expect(examineExit(child, indexOf({ pid: 10, pgid: 5 })).leftovers).toBe(false);
  });
});

describe('an end that the operator asked for', () => {
  it('is theirs once, and of exactly this process', () => {
    const { deaths: exits, examineExit } = bench();
    exits.expect([child], 'window');
    // Nor does the OOM killer come into it, whatever that ended meanwhile.
    expect(examineExit({ ...child, startTime: 11 })).toMatchObject({ endedBy: null, oomKills: 2 });
    expect(examineExit(child)).toMatchObject({ endedBy: 'window', oomKills: 0 });
    expect(examineExit(child).endedBy).toBeNull();
  });

  it('is no longer expected of a process that has lived through it', () => {
    const { world, deaths: exits, examineExit } = bench();
    const tough: LiveProcess = { ...child, ...world.add(), origin: 'child' };
    const endNoMore = exits.expect([tough, child], 'window');
    endNoMore();
    expect(examineExit(tough).endedBy).toBeNull();
    expect(examineExit(child).endedBy).toBe('window');
  });
});
