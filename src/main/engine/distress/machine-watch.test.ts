import { describe, expect, it } from 'vitest';
import { TestBench } from '../testing/test-engine';

const GB = 1e9;
const MINUTE = 60_000;

function disk(folder: string, freeBytes: number, totalBytes = 100 * GB) {
  return { folder, freeBytes, totalBytes, freeInodes: null, totalInodes: null };
}

function fill(bench: TestBench, ...disks: readonly ReturnType<typeof disk>[]): void {
  bench.machineHealth.reading = { ...bench.machineHealth.reading, disks };
}

describe('the watch over the machine', () => {
  it('reports a full disk once, shows it, and reports its end in the same incident', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', 50 * GB), disk('/var', 5 * GB));
    await bench.clock.advance(1000);
    expect(bench.reported('machine_distress')).toEqual([]);
    await bench.clock.advance(10 * MINUTE);
    const [found, another] = bench.reported('machine_distress');
    expect(found).toMatchObject({
      ...{ watch: null, severity: 'high', message: 'Disk /var is 95 % full: 5 GB of 100 GB available' },
      data: { kind: 'disk_space', subject: '/var' },
    });
    expect([found?.incident, another]).toEqual([found?.id, undefined]);
    expect(bench.engine.snapshot().engine.distress).toMatchObject([{ subject: '/var', incident: found?.id }]);
    fill(bench, disk('/', 50 * GB), disk('/var', 30 * GB));
    await bench.clock.advance(3 * MINUTE);
    expect(bench.reported('machine_relieved')).toMatchObject([
      { incident: found?.id, message: 'Disk /var is 70 % full: 30 GB of 100 GB available' },
    ]);
    expect(bench.engine.distress()).toEqual([]);
  });

  it('keeps an incident for each disk', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', GB / 2), disk('/var', 5 * GB));
    await bench.clock.advance(3 * MINUTE);
    expect(bench.engine.distress().map(({ subject, severity }) => `${subject} ${severity}`)).toEqual([
      '/ critical',
      '/var high',
    ]);
    expect(new Set(bench.engine.distress().map(({ incident }) => incident)).size).toBe(2);
  });

  it('reports once more that it has become worse, and not that it has become better', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', 5 * GB));
    await bench.clock.advance(3 * MINUTE);
    fill(bench, disk('/', 0));
    await bench.clock.advance(3 * MINUTE);
    fill(bench, disk('/', 5 * GB));
    await bench.clock.advance(3 * MINUTE);
    expect(bench.reported('machine_distress').map(({ severity }) => severity)).toEqual(['high', 'critical']);
    expect(new Set(bench.reported('machine_distress').map(({ incident }) => incident)).size).toBe(1);
  });

  it('goes on in the incident of an earlier engine, and ends it', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', 5 * GB));
    await bench.clock.advance(3 * MINUTE);
    const before = bench.engine.distress();
    await bench.replaceEngine();
    expect(bench.engine.distress()).toEqual(before);
    await bench.clock.advance(3 * MINUTE);
    expect(bench.reported('machine_distress')).toHaveLength(1);
    fill(bench, disk('/', 50 * GB));
    await bench.clock.advance(3 * MINUTE);
    expect(bench.reported('machine_relieved')).toMatchObject([{ incident: before[0]?.incident }]);
  });

  it('ends with the disk that is unmounted, and not while no disk answers', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/mnt', 0));
    await bench.clock.advance(3 * MINUTE);
    bench.machineHealth.reading = { ...bench.machineHealth.reading, disks: null };
    await bench.clock.advance(30 * MINUTE);
    expect(bench.engine.distress()).toHaveLength(1);
    fill(bench, disk('/', 50 * GB));
    await bench.clock.advance(5 * MINUTE);
    expect(bench.reported('machine_relieved')).toMatchObject([
      { message: 'Disk nearly full (/mnt): no longer checked' },
    ]);
  });

  it('ends when the check is switched off', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', 0));
    await bench.clock.advance(3 * MINUTE);
    bench.engine.settings.set({ 'machine.diskPercent': null }, 'cli');
    await bench.clock.advance(2000);
    expect(bench.engine.distress()).toEqual([]);
  });

  it('goes on after a check that failed', async () => {
    const bench = await TestBench.started();
    bench.machineHealth.read = () => Promise.reject(new Error('EIO'));
    await bench.clock.advance(2 * MINUTE);
    expect(bench.errors).toContainEqual(new Error('EIO'));
    bench.machineHealth.read = () =>
      Promise.resolve({ disks: [disk('/', 0)], swappedBytes: null, isClockSynchronised: null });
    await bench.clock.advance(3 * MINUTE);
    expect(bench.engine.distress()).toHaveLength(1);
  });

  it('acts on nothing', async () => {
    const bench = await TestBench.started();
    fill(bench, disk('/', 0));
    const signals = bench.world.signals.length;
    await bench.clock.advance(10 * MINUTE);
    expect(bench.world.signals).toHaveLength(signals);
  });
});
