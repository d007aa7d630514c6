import { describe, expect, it } from 'vitest';
import type { ThreadTime } from '../ports';
import { sampleOf } from '../testing/sample';
import { TreeDemand } from './tree-demand';

/** The demand of processes, each with the ms that its threads want in each second. */
function demandOf(threads: Record<number, number[]>, { cpuPercent = 5, seconds = 3, machine = 100 } = {}) {
  let second = 0;
  let asked = 0;
  const demand = new TreeDemand({
    schedulerTimes: ({ pid }): ThreadTime[] => {
      asked += 1;
      return threads[pid]!.map((perSecond, at) => ({ tid: pid * 100 + at, wantedMs: second * perSecond }));
    },
  });
  const counted = Object.keys(threads).map((pid) => sampleOf({ pid: Number(pid), cpuPercent }));
  const seen: (number | null)[] = [];
  for (; second < seconds; second += 1) seen.push(demand.read(counted, second * 1000, machine));
  return { seen, asked };
}

describe('CPU demand', () => {
  it('is that of the busiest thread, from the second reading on', () => {
    expect(demandOf({ 1: [100, 950], 2: [300, 300, 300] }).seen).toEqual([null, 95, 95]);
  });

  it('is not read on a machine that is not busy, nor of what gets almost nothing', () => {
    expect(demandOf({ 1: [1000] }, { machine: 60 })).toEqual({ seen: [null, null, null], asked: 0 });
    expect(demandOf({ 1: [1000] }, { cpuPercent: 0.5 })).toEqual({ seen: [null, 0, 0], asked: 0 });
  });

  it('never exceeds one core, and is not known where the OS does not report it', () => {
    expect(demandOf({ 1: [5000] }).seen).toEqual([null, 100, 100]);
    const demand = new TreeDemand({ schedulerTimes: () => null });
    const counted = [sampleOf({ pid: 1, cpuPercent: 50 })];
    expect([0, 1000, 2000].map((atMs) => demand.read(counted, atMs, 100))).toEqual([null, null, null]);
  });
});
