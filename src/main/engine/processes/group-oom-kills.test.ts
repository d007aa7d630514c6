import { describe, expect, it } from 'vitest';
import { FakeMemoryGroups } from '../testing/fake-stores';
import { ManualClock } from '../testing/manual-clock';
import { indexOf } from '../testing/sample';
import { GroupOomKills } from './group-oom-kills';

const process = { pid: 10, startTime: 10 };
/** The process with a child. */
const INDEX = indexOf({ pid: 10, startTime: 10 }, { pid: 11, ppid: 10 }, { pid: 50 });

function bench(pids: readonly number[] = [10, 11], oomKills = 2) {
  const groups = new FakeMemoryGroups();
  const clock = new ManualClock();
  const kills = new GroupOomKills(groups, clock);
  const now = (pids: readonly number[], oomKills: number): void => void groups.readings.set('own', { pids, oomKills });
  groups.groups.set(10, 'own');
  now(pids, oomKills);
  return { groups, clock, kills, now, tick: () => kills.onTick([[process]], INDEX) };
}

describe('OOM kills in the group of a program', () => {
  it('are those since the tick before the last, beside the other processes that are gone', () => {
    const { kills, now, tick } = bench();
    tick();
    now([11], 3);
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 0 });
  });

  it('of a child are no kill of the program', () => {
    const { kills, now, tick } = bench();
    tick();
    tick();
    now([], 3);
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 1 });
  });

  it('count a child that was gone at the last tick already', () => {
    const { kills, now, tick } = bench();
    tick();
    now([10], 3);
    tick();
    now([], 3);
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 1 });
  });

  it('of a while ago have nothing to do with an end', () => {
    const { kills, now, tick } = bench();
    tick();
    now([10, 11], 3);
    tick();
    tick();
    now([11], 3);
    expect(kills.ofLate(process)).toEqual({ kills: 0, othersGone: 0 });
  });

  it('are read at the end, before the group is removed', () => {
    const { groups, kills, now, tick } = bench();
    tick();
    now([11], 3);
    kills.onEnd(process);
    groups.readings.clear();
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 0 });
  });

  it('are those before the end, however late that is reported', () => {
    const { kills, now, tick } = bench();
    tick();
    now([11], 3);
    kills.onEnd(process);
    tick();
    tick();
    now([11], 9);
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 0 });
  });

  it.each<[string, readonly number[]]>([
    ['others are in it', [10, 11, 50]],
    ['the program is not in it', [11]],
  ])('are not known where %s', (_, pids) => {
    const { kills, now, tick } = bench(pids);
    tick();
    now([11], 3);
    expect(kills.ofLate(process)).toBeNull();
  });

  it('are not known of a program that no tick has seen, nor of a group that is gone', () => {
    const { groups, kills, tick } = bench();
    expect(kills.ofLate(process)).toBeNull();
    tick();
    groups.readings.clear();
    expect(kills.ofLate(process)).toBeNull();
  });

  it('are those of the group that a start is moved into, and not those that it had counted before', () => {
    const { groups, kills, now, tick } = bench([10, 50], 7);
    tick();
    groups.groups.set(10, 'new');
    groups.readings.set('new', { pids: [10], oomKills: 0 });
    tick();
    now([50], 8);
    expect(kills.ofLate(process)).toEqual({ kills: 0, othersGone: 0 });
  });

  it('are those of the group of its start, whatever it is moved into later', async () => {
    const { groups, kills, clock, now, tick } = bench();
    tick();
    await clock.advance(10_001);
    groups.groups.set(10, 'later');
    groups.readings.set('later', { pids: [10], oomKills: 5 });
    tick();
    now([11], 3);
    expect(kills.ofLate(process)).toEqual({ kills: 1, othersGone: 0 });
  });

  it('are those of all processes of a watch together', () => {
    const { kills, now } = bench([10, 11, 50]);
    kills.onTick([[process, { pid: 50, startTime: 50 }]], indexOf(...INDEX.samples));
    now([11, 50], 3);
    expect(kills.ofLate(process)).toMatchObject({ kills: 1 });
  });
});
