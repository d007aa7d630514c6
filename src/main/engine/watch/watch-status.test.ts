import { describe, expect, it } from 'vitest';
import { ProcessIndex } from '../processes/process-index';
import { sampleOf } from '../testing/sample';
import { watchUse } from './watch-status';

/** A shell that starts a server with two workers. */
const index = new ProcessIndex({
  ...{ atMs: 0, births: null },
  samples: [
    sampleOf({ pid: 10, cpuPercent: 0, rssBytes: 1e6 }),
    sampleOf({ pid: 11, ppid: 10, cpuPercent: 20, rssBytes: 50e6 }),
    sampleOf({ pid: 12, ppid: 11, cpuPercent: 40, rssBytes: 100e6 }),
    sampleOf({ pid: 13, ppid: 11, cpuPercent: 30, rssBytes: 100e6 }),
  ],
});
const identity = (pid: number) => ({ pid, startTime: index.byPidOrNull(pid)?.startTime ?? -1 });

describe('what a watch uses', () => {
  it('is that of the whole tree where its limits count the tree', () => {
    expect(watchUse([identity(10)], index, 'tree')).toEqual({ cpuPercent: 90, memoryBytes: 251e6 });
    expect(watchUse([identity(10)], index, 'process')).toEqual({ cpuPercent: 0, memoryBytes: 1e6 });
  });

  it('counts a process once that is found itself and in the tree of another', () => {
    expect(watchUse([identity(11), identity(12)], index, 'tree')).toEqual({ cpuPercent: 90, memoryBytes: 250e6 });
  });

  it('has the rates of reading and writing where they are measured, and those of one tree once', () => {
    const measured = {
      memoryOf: () => null,
      ratesOf: ({ pid }: { pid: number }) => (pid === 13 ? null : { readPerSecond: 1, writtenPerSecond: 2e6 }),
      valuesOf: ({ pid }: { pid: number }) => new Map(pid === 13 ? [] : [['sockets' as const, 5] as const]),
    };
    expect(watchUse([identity(11), identity(12)], index, 'tree', measured)).toMatchObject({
      ...{ diskReadBytesPerSecond: 1, diskWriteBytesPerSecond: 2e6 },
    });
    expect(watchUse([identity(11), identity(12)], index, 'process', measured).diskWriteBytesPerSecond).toBe(4e6);
    expect(watchUse([identity(11), identity(12)], index, 'process', measured).counts).toEqual({ sockets: 10 });
    expect(watchUse([identity(13)], index, 'tree', measured).counts).toBeUndefined();
    expect(watchUse([identity(13)], index, 'tree', measured).diskWriteBytesPerSecond).toBeUndefined();
  });

  it('is nothing for a process that is gone, or whose pid belongs to another', () => {
    expect(watchUse([{ pid: 12, startTime: -5 }], index, 'tree')).toEqual({ cpuPercent: 0, memoryBytes: 0 });
  });
});
