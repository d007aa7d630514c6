import { describe, expect, it } from 'vitest';
import { parseMemory } from './memory-state';

const MEMINFO = `MemTotal:       24684084 kB
MemFree:        22000000 kB
MemAvailable:   23573548 kB
SwapCached:            7 kB
SwapTotal:       1000000 kB
SwapFree:         900000 kB
`;

describe('the memory of the machine', () => {
  it('is what programs can still have, swap, and how much they wait for it', () => {
    const pressure =
      'some avg10=12.34 avg60=1.00 avg300=0.00 total=726\nfull avg10=5.00 avg60=0.00 avg300=0.00 total=537\n';
    expect(parseMemory(MEMINFO, pressure)).toEqual({
      totalBytes: 24_684_084 * 1024,
      availableBytes: 23_573_548 * 1024,
      swapTotalBytes: 1_024_000_000,
      swapFreeBytes: 921_600_000,
      stalledPercent: 12.34,
    });
  });

  it('is known without the pressure, and not at all without a number', () => {
    expect(parseMemory(MEMINFO, '')?.stalledPercent).toBeNull();
    for (const name of ['MemTotal', 'MemAvailable', 'SwapTotal', 'SwapFree'])
      expect(parseMemory(MEMINFO.replace(name, 'Other'), '')).toBeNull();
  });
});
