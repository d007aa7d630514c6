import { describe, expect, it } from 'vitest';
import { DEFAULT_SETTINGS } from '../../shared/model/settings';
import { exceedancesOf } from './moments-above';

const points = [
  { at: 0, cpuPercent: 50, memoryBytes: 100e6 },
  { at: 1, cpuPercent: 80, memoryBytes: 300e6 },
  { at: 2, cpuPercent: 80.1, memoryBytes: 600e6 },
];

describe('moments above limits', () => {
  it('counts what is above, not what is at the limit', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      'cpu.warnPercent': 60,
      'cpu.limitPercent': 80,
      'memory.warnBytes': 200e6,
      'memory.limitBytes': 500e6,
    };
    expect(exceedancesOf(points, settings)).toEqual({
      moments: 3,
      cpu: { warn: 2, act: 1 },
      memory: { warn: 2, act: 1 },
    });
  });

  it('has none above a limit that is not set', () => {
    const settings = {
      ...DEFAULT_SETTINGS,
      ...{ 'cpu.warnPercent': null, 'cpu.limitPercent': null, 'memory.warnBytes': null, 'memory.limitBytes': null },
    };
    expect(exceedancesOf(points, settings)).toEqual({
      moments: 3,
      cpu: { warn: 0, act: 0 },
      memory: { warn: 0, act: 0 },
    });
  });
});
