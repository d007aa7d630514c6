import { describe, expect, it } from 'vitest';
import { TestBench } from '../testing/test-engine';

const own = { 'limits.violations': 3, 'limits.samples': 3 };

/** A watch with so many open sockets in its program. */
async function withSockets(count: number | null, overrides: Record<string, number>) {
  const bench = await TestBench.started();
  await bench.add({ overrides: { ...own, ...overrides } });
  await bench.clock.advance(11_000);
  const asked: (number | undefined)[] = [];
  bench.world.sockets = ({ pid }, mostDescriptors?: number) => {
    asked.push(mostDescriptors);
    return count === null || pid !== bench.pid() ? null : Array.from({ length: count }, (_, at) => String(at));
  };
  await bench.clock.advance(20_000);
  return { bench, asked };
}

describe('a limit of open sockets', () => {
  it('is judged over readings as the others are, and reported with its unit', async () => {
    const { bench } = await withSockets(400, { 'sockets.limit': 300 });
    const [found] = bench.reported('limit_exceeded');
    expect(found?.message).toBe('web: number of open sockets too high (400 > 300, 3 of the last 3 readings)');
    expect(found?.data).toMatchObject({ metric: 'sockets', value: 400, limit: 300, unit: 'sockets', action: 'notify' });
  });

  it('warns below it', async () => {
    const { bench } = await withSockets(200, { 'sockets.limit': 300, 'sockets.warn': 150 });
    expect(bench.reported('limit_exceeded')).toMatchObject([{ data: { level: 'warn', limit: 150 } }]);
  });

  it('is not judged where the sockets can not be seen: they are unknown, not none', async () => {
    const { bench, asked } = await withSockets(null, { 'sockets.limit': 1 });
    expect(asked.length).toBeGreaterThan(3);
    expect(bench.reported('limit_exceeded')).toEqual([]);
    expect(bench.status().use.counts).toBeUndefined();
  });

  it('costs nothing where none is set', async () => {
    const { asked } = await withSockets(400, {});
    expect(asked).toEqual([]);
  });
});
