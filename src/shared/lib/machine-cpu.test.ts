import { expect, it } from 'vitest';
import { machineCpuPercent } from './machine-cpu';

it('a machine is as busy as its cores on average, and not at all while none is known', () => {
  expect(machineCpuPercent({ corePercents: [10, 30] })).toBe(20);
  expect(machineCpuPercent({ corePercents: [] })).toBe(0);
});
