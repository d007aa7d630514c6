import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../shared/model/settings';
import { TestBench } from '../testing/test-engine';

const MB = 1_000_000;

/** A watch whose program writes so many bytes a second from now on, for so long. */
async function writing(overrides: Partial<Settings>) {
  const bench = await TestBench.started();
  await bench.add({ overrides: { 'limits.violations': 3, 'limits.samples': 3, ...overrides } });
  await bench.clock.advance(11_000);
  const write = async (bytesPerSecond: number, seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      for (const { pid } of bench.status().processes) {
        const process = bench.world.processes.get(pid)!;
        process.io &&= { ...process.io, writtenBytes: process.io.writtenBytes + bytesPerSecond };
      }
      await bench.clock.advance(1000);
    }
  };
  return { bench, write };
}

describe('a limit of writing to disk', () => {
  it('is judged over readings as the others are, and reported with its unit', async () => {
    const { bench, write } = await writing({
      'diskWrite.limitBytesPerSecond': 10 * MB,
      'diskWrite.action': 'restart',
    });
    const first = bench.pid();
    await write(500 * MB, 1);
    await write(1 * MB, 20);
    expect(bench.reported('limit_exceeded')).toEqual([]);
    await write(25 * MB, 12);
    const [found] = bench.reported('limit_exceeded');
    expect(found?.message).toMatch(
      /^web: disk write rate too high \(25 MB\/s > 10 MB\/s, 3 of the last 3 readings\); action: restart$/,
    );
    expect(found?.data).toMatchObject({ metric: 'disk_write', limit: 10 * MB, unit: 'bytes/s', scope: 'tree' });
    await bench.clock.advance(15_000);
    expect(bench.pid()).not.toBe(first);
    expect(bench.reported('limit_exceeded')).toHaveLength(1);
  });

  it('is recorded and shown with what it was held against, as long as one is set', async () => {
    const { bench, write } = await writing({ 'diskWrite.warnBytesPerSecond': 100 * MB });
    await write(25 * MB, 4);
    expect(bench.status().use).toMatchObject({ diskReadBytesPerSecond: 0, diskWriteBytesPerSecond: 25 * MB });
    const { watch } = bench.status();
    expect(bench.samples.recorded.findLast(({ watchId }) => watchId === watch.id)).toMatchObject({
      diskWriteBytesPerSecond: 25 * MB,
    });
    const { id, revision, ...spec } = watch;
    bench.engine.watches.edit({ watch: id, revision, spec: { ...spec, overrides: {} }, actor: 'cli' });
    await write(25 * MB, 4);
    expect(bench.status().use).not.toHaveProperty('diskWriteBytesPerSecond');
  });

  it('that may not be read is reported once, and where none is set nothing is read', async () => {
    const { bench } = await writing({ 'diskWrite.limitBytesPerSecond': 10 * MB });
    bench.world.processes.get(bench.pid())!.io = null;
    await bench.clock.advance(30_000);
    expect(bench.reported('notice').map(({ message }) => message)).toEqual([
      `web: the disk rates of pid ${bench.pid()} (user root) can't be read, so its disk limits are not evaluated; only root can read those of another user`,
    ]);

    const other = await writing({});
    other.bench.world.ioBytes = () => {
      throw new Error('nobody asked for that');
    };
    await other.bench.clock.advance(10_000);
    expect(other.bench.errors).toEqual([]);
  });
});
