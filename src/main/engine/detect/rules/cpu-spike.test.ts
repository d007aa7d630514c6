import { expect, it } from 'vitest';
import { TestBench } from '../../testing/test-engine';

/** The spikes reported of a program that is quiet for so long, and then uses a whole core. */
async function spikesAfter(quietMs: number, learningMs: number) {
  const bench = await TestBench.started();
  await bench.add({ overrides: { 'cpuSpike.learningMs': learningMs, 'cpuSpike.minRunMs': 1000 } });
  await bench.clock.advance(quietMs);
  bench.world.processes.get(bench.pid())!.cpuPercent = 100;
  await bench.clock.advance(20_000);
  return bench.reported('anomaly_detected').map(({ data }) => data.anomaly);
}

it.each([
  ['after the learning period', 14_000, 10_000, ['cpu_spike']],
  ['not before it is over', 14_000, 60_000, []],
])('reports a CPU spike %s', async (_, quietMs, learningMs, expected) => {
  expect(await spikesAfter(quietMs, learningMs)).toEqual(expected);
});
