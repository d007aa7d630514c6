import { expect, it } from 'vitest';
import type { Settings } from '../../../../shared/model/settings';
import { TestBench } from '../../testing/test-engine';

/** What is reported of a program that is well for three minutes and then opens or starts one more of something every 5 s. */
async function reportedOf(leaked: 'openFiles' | 'threads', overrides: Partial<Settings> = {}) {
  const bench = await TestBench.started();
  await bench.add({ overrides });
  const pid = bench.pid();
  await bench.clock.advance(180_000);
  for (let step = 0; step < 80; step += 1) {
    const process = bench.world.processes.get(pid);
    if (process !== undefined) process[leaked] += 1;
    await bench.clock.advance(5000);
  }
  return {
    anomalies: bench.reported('anomaly_detected').map(({ data }) => `${data.anomaly}, ${data.action}`),
    isSame: bench.pid() === pid,
  };
}

it.each([
  ['file descriptors', 'openFiles', 'descriptor_leak', 'descriptorLeak.action'],
  ['threads', 'threads', 'thread_leak', 'threadLeak.action'],
] as const)('reports a leak of %s once, and restarts only where that is set', async (_, leaked, anomaly, key) => {
  expect(await reportedOf(leaked)).toEqual({ anomalies: [`${anomaly}, notify`], isSame: true });
  expect(await reportedOf(leaked, { [key]: 'restart' })).toEqual({ anomalies: [`${anomaly}, restart`], isSame: false });
  expect(await reportedOf(leaked, { [key]: 'off' })).toEqual({ anomalies: [], isSame: true });
});
