import { expect, it } from 'vitest';
import { TestBench } from '../../testing/test-engine';

/** What is reported of a program that works for a quarter of an hour and then waits there for ever. */
async function reportedOf(...waitChannels: readonly string[]) {
  const bench = await TestBench.started();
  await bench.add();
  const process = bench.world.processes.get(bench.pid())!;
  process.cpuPercent = 5;
  await bench.clock.advance(15 * 60_000);
  Object.assign(process, { cpuPercent: 0, waitChannels });
  await bench.clock.advance(180_000);
  return bench.reported('anomaly_detected').map(({ data }) => `${data.anomaly}, ${data.action}`);
}

it('reports a program whose threads all wait for one another, and no server without clients', async () => {
  expect(await reportedOf('futex_do_wait', 'futex_wait_queue_me')).toEqual(['stall, notify']);
  expect(await reportedOf('futex_do_wait', 'do_epoll_wait')).toEqual([]);
});
