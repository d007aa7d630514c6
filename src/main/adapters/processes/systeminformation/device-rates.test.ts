import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../engine/testing/manual-clock';
import { DeviceRateMeter, diskBytes, networkBytes, type DeviceCounts } from './device-rates';

const disk = (name: string, read: number, written: number): string =>
  `   8       0 ${name} 10 0 ${read} 5 20 0 ${written} 7 0 1 2`;

describe('what disks move', () => {
  it('counts whole disks once', () => {
    const text = [
      disk('sda', 100, 10),
      disk('sda1', 60, 6),
      disk('sda10', 40, 4),
      disk('sdaa', 7, 0),
      disk('nvme0n1', 1000, 0),
      disk('nvme0n1p1', 1000, 0),
      disk('mmcblk0', 5, 0),
      disk('mmcblk0p2', 5, 0),
      ...['loop0', 'dm-0', 'md127', 'zram0', 'ram3', 'sr0'].map((name) => disk(name, 99_999, 99_999)),
      '',
    ].join('\n');
    expect(diskBytes(text)).toEqual({ diskReadBytes: 512 * 1112, diskWriteBytes: 512 * 10 });
  });
});

describe('what the network moves', () => {
  const dev = [
    'Inter-|   Receive                                                |  Transmit',
    ' face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs',
    '    lo: 900 1 0 0 0 0 0 0 900 1 0 0 0 0 0 0',
    '  eth0: 100 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0',
    'docker0: 100 1 0 0 0 0 0 0 20 1 0 0 0 0 0 0',
    ' wlan0:7 1 0 0 0 0 0 0 3 1 0 0 0 0 0 0',
  ].join('\n');
  const routes = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'docker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0',
  ].join('\n');
  const zeros = '0'.repeat(32);
  const routes6 = [
    `${zeros} 00 ${zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wlan0`,
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
  ].join('\n');

  it('counts the interfaces of the default routes', () => {
    expect(networkBytes(dev, routes, routes6)).toEqual({ networkInBytes: 107, networkOutBytes: 23 });
    expect(networkBytes(dev, '', '')).toEqual({ networkInBytes: 0, networkOutBytes: 0 });
  });
});

describe('the rates of disks and network', () => {
  const NONE: DeviceCounts = { diskReadBytes: 0, diskWriteBytes: 0, networkInBytes: 0, networkOutBytes: 0 };

  it('are what was moved each second, never negative, and nothing at first', async () => {
    const clock = new ManualClock();
    let counts = NONE;
    const meter = new DeviceRateMeter(clock, () => counts);
    expect(meter.rates()).toEqual({});
    counts = { ...NONE, diskReadBytes: 4000, networkOutBytes: 100 };
    await clock.advance(2000);
    expect(meter.rates()).toEqual({
      ...{ diskReadBytesPerSecond: 2000, diskWriteBytesPerSecond: 0 },
      ...{ networkInBytesPerSecond: 0, networkOutBytesPerSecond: 50 },
    });
    counts = { ...counts, diskReadBytes: 10 };
    await clock.advance(2000);
    expect(meter.rates()).not.toHaveProperty('diskReadBytesPerSecond');
  });

  it('lose nothing by readings that are too near', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 20 }), async (pauses) => {
        const clock = new ManualClock();
        const begunMs = clock.monotonicMs();
        const meter = new DeviceRateMeter(clock, () => ({ ...NONE, diskReadBytes: clock.monotonicMs() - begunMs }));
        meter.rates();
        for (const ms of pauses) {
          await clock.advance(ms);
          // A byte each ms, however it is read.
          expect(meter.rates().diskReadBytesPerSecond ?? 1000).toBeCloseTo(1000, 6);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('are not known where the OS counts nothing', () => {
    const meter = new DeviceRateMeter(new ManualClock(), () => {
      throw new Error('ENOENT');
    });
    expect([meter.rates(), meter.rates()]).toEqual([{}, {}]);
  });
});
