import { describe, expect, it } from 'vitest';
import { targetSchema } from '../../../shared/model/watch';
import { commandSpec } from '../testing/test-engine';
import { MatchSearch } from './match-search';
import { Protection } from '../processes/protection';
import { FakeWorld } from '../testing/fake-world';
import { ManualClock } from '../testing/manual-clock';
import { indexOf } from '../testing/sample';

const ENGINE = 100;
const clock = new ManualClock();
const servers = targetSchema.parse({ kind: 'match', by: 'name', pattern: 'server' });
const index = indexOf(
  { pid: 10, name: 'server', startedAt: clock.wallMs() - 60_000 },
  { pid: 11, name: 'server', startedAt: clock.wallMs() - 1000 },
  { pid: 12, name: 'other' },
);
const everything = { index, held: [], child: null, settled: false };

function search(target = servers, keptElsewhere: readonly number[] = [], enginePid = ENGINE) {
  const table = new FakeWorld(clock);
  for (const sample of index.samples) table.add({ ...sample });
  const protect = () => new Protection(index, enginePid);
  const machine = { pid: enginePid };
  return new MatchSearch(target, { clock, table, protect, machine }, ({ pid }) =>
    keptElsewhere.includes(pid) ? 'other' : null,
  );
}

function pids(found: readonly { pid: number }[]): number[] {
  return found.map(({ pid }) => pid);
}

describe('a search for matches', () => {
  it('finds what matches and is not held yet, with the time since when it runs', () => {
    expect(pids(search().find(everything))).toEqual([10, 11]);
    const [fresh, ...others] = search().find({ ...everything, held: [{ pid: 11, startTime: 11 }] });
    expect(fresh).toEqual({ pid: 10, startTime: 10, origin: 'match', startedAtMs: clock.monotonicMs() - 60_000 });
    expect(others).toEqual([]);
  });

  it('takes a held pid for another process once it was reused', () => {
    expect(pids(search().find({ ...everything, held: [{ pid: 10, startTime: 9 }] }))).toEqual([10, 11]);
  });

  it('leaves out what is too young to be judged, if it is to', () => {
    expect(pids(search().find({ ...everything, settled: true }))).toEqual([10]);
  });

  it('never takes what is protected or another watch keeps', () => {
    expect(pids(search(servers, [10]).find(everything))).toEqual([11]);
    expect(pids(search(servers, [], 11).find(everything))).toEqual([10]);
  });

  it('knows the child of its own start command', () => {
    const found = search().find({ ...everything, child: { pid: 10, startTime: 10 } });
    expect(found.map(({ origin }) => origin)).toEqual(['child', 'match']);
  });

  it('is off for a command, until the target is another', () => {
    const off = search(commandSpec().target);
    expect(off).toMatchObject({ isOn: false, problem: null });
    expect(off.find(everything)).toEqual([]);
    off.retarget(servers);
    expect(off.isOn).toBe(true);
    expect(pids(off.find(everything))).toEqual([10, 11]);
  });
});
