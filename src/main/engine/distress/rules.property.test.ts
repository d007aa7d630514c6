import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DISTRESSES } from '../../../shared/distress';
import { DEFAULT_SETTINGS, type Settings } from '../../../shared/model/settings';
import type { MachineSample } from '../../../shared/model/snapshot';
import type { MachineReading, Standing } from './rule';
import { RULES } from './rules/list';

const TOTALS: MachineSample = {
  at: 0,
  corePercents: [10, 10],
  memoryTotalBytes: 100,
  memoryUsedBytes: 20,
  swapTotalBytes: 100,
  swapUsedBytes: 0,
  loadAverages: [0, 0, 0],
  uptimeSeconds: 1,
  processes: 1,
};
const NOTHING: MachineReading = {
  disks: null,
  totals: TOTALS,
  swappedBytesPerSecond: 1e6,
  isClockSynchronised: null,
};

function disk(
  freeBytes: number,
  totalBytes: number,
  freeInodes: number | null = null,
  totalInodes: number | null = null,
) {
  return { folder: '/data', freeBytes, totalBytes, freeInodes, totalInodes };
}

const judged = (
  kind: (typeof DISTRESSES)[number]['kind'],
  reading: Partial<MachineReading>,
  settings: Partial<Settings> = {},
): Standing | undefined => RULES[kind]({ ...NOTHING, ...reading }, { ...DEFAULT_SETTINGS, ...settings })?.[0]?.standing;

const GB = 1e9;

describe('the rules of distress', () => {
  it.each<[string, Standing | undefined, Standing | undefined]>([
    ['a full disk', judged('disk_space', { disks: [disk(1 * GB, 100 * GB)] }), 'beyond'],
    ['a disk at its limit', judged('disk_space', { disks: [disk(10 * GB, 100 * GB)] }), 'between'],
    ['a disk with room', judged('disk_space', { disks: [disk(15 * GB, 100 * GB)] }), 'within'],
    ['a large disk with much left', judged('disk_space', { disks: [disk(400 * GB, 8000 * GB)] }), 'within'],
    ['a large disk with just enough', judged('disk_space', { disks: [disk(21 * GB, 8000 * GB)] }), 'between'],
    ['no inodes', judged('disk_inodes', { disks: [disk(1, 1, 1, 1000)] }), 'beyond'],
    ['no number of inodes', judged('disk_inodes', { disks: [disk(1, 1)] }), undefined],
    ['little memory', judged('memory', { totals: { ...TOTALS, memoryUsedBytes: 91 } }), 'beyond'],
    ['memory near its limit', judged('memory', { totals: { ...TOTALS, memoryUsedBytes: 89 } }), 'between'],
    ['much memory', judged('memory', { totals: { ...TOTALS, memoryUsedBytes: 87 } }), 'within'],
    ['a load of 9 on 2 cores', judged('load', { totals: { ...TOTALS, loadAverages: [0, 9, 0] } }), 'beyond'],
    ['a load of a minute', judged('load', { totals: { ...TOTALS, loadAverages: [90, 0, 0] } }), 'within'],
    ['swap in use', judged('swap', { totals: { ...TOTALS, swapUsedBytes: 95 } }), 'beyond'],
    [
      'swap that nobody touches',
      judged('swap', { totals: { ...TOTALS, swapUsedBytes: 95 }, swappedBytesPerSecond: 0 }),
      'within',
    ],
    ['no swap', judged('swap', { totals: { ...TOTALS, swapTotalBytes: 0 } }), undefined],
    ['a clock that is wrong', judged('clock', { isClockSynchronised: false }), 'beyond'],
    ['a clock of which nothing is known', judged('clock', {}), undefined],
  ])('%s', (_, standing, expected) => expect(standing).toBe(expected));

  it('are off without a limit', () => {
    const off = {
      'machine.diskPercent': null,
      'machine.inodePercent': null,
      'machine.memoryPercent': null,
      'machine.loadPerCore': null,
      'machine.swapPercent': null,
      'machine.clockSync': false,
    } as const;
    const full = { ...NOTHING, disks: [disk(0, 1, 0, 1)], isClockSynchronised: false };
    for (const { kind } of DISTRESSES) expect(RULES[kind](full, { ...DEFAULT_SETTINGS, ...off })).toBeNull();
  });

  it('never judge less space as better, and never without a sentence', () => {
    const order: readonly Standing[] = ['within', 'between', 'beyond'];
    const size = fc.integer({ min: 1, max: 10_000_000_000_000 });
    const limits = fc.record({
      'machine.diskPercent': fc.double({ min: 1, max: 100, noNaN: true }),
      'machine.diskFreeBytes': fc.integer({ min: 1, max: 1_000_000_000_000 }),
    });
    fc.assert(
      fc.property(
        size,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        limits,
        (total, share, part, limit) => {
          const settings = { ...DEFAULT_SETTINGS, ...limit };
          const more = disk(total * share, total);
          const less = disk(total * share * part, total);
          const [one, other] = [more, less].map(
            (reading) => RULES.disk_space({ ...NOTHING, disks: [reading] }, settings)?.[0],
          );
          expect(order.indexOf(other?.standing ?? 'within')).toBeGreaterThanOrEqual(
            order.indexOf(one?.standing ?? 'beyond'),
          );
          expect(one?.detail).toMatch(/^Disk \/data is \d.* % full: .* available$/);
        },
      ),
    );
  });
});
