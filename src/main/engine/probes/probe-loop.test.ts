import { expect, it, describe } from 'vitest';
import { probeSchema } from '../../../shared/model/probe';
import { FakeProber } from '../testing/fake-prober';
import { ManualClock } from '../testing/manual-clock';
import { AttemptQueue } from './attempt-queue';
import { ProbeLoop } from './probe-loop';

const CHECK = { kind: 'tcp' as const, port: 80, host: '127.0.0.1', socketPath: null };

/** When a probe that begins after a delay was asked, in ms from its start, during so long. */
async function askedAt(
  intervalMs: number,
  delayMs: number,
  { forMs, takesMs = 0 }: { forMs: number; takesMs?: number },
) {
  const clock = new ManualClock();
  const prober = new FakeProber(clock);
  prober.answer = () => ({ passed: true, takesMs });
  const startMs = clock.monotonicMs();
  const loop = new ProbeLoop(probeSchema.parse({ name: 'p', check: { kind: 'tcp', port: 80 }, intervalMs }), {
    ...{ clock, queue: new AttemptQueue(clock, () => 16), ask: () => prober.ask(CHECK, 2000) },
    ...{ starvation: () => null, counted: () => undefined, answered: () => undefined },
  });
  loop.start(delayMs);
  await clock.advance(forMs);
  loop.dispose();
  expect(clock.pending).toBe(0);
  return prober.asked.map(({ atMs }) => atMs - startMs);
}

describe('the attempts of a probe', () => {
  it('share their moments with those of others, rarer ones with more of them', async () => {
    expect(await askedAt(10_000, 1234, { forMs: 25_000 })).toEqual([1500, 11_500, 21_500]);
    expect(await askedAt(2000, 1234, { forMs: 6000 })).toEqual([1300, 3300, 5300]);
  });

  it('keep their interval, however long the answers take', async () => {
    expect(await askedAt(10_000, 400, { forMs: 25_000, takesMs: 1700 })).toEqual([500, 10_500, 20_500]);
  });

  it('follow each other where an answer takes longer than the interval', async () => {
    expect(await askedAt(500, 100, { forMs: 3000, takesMs: 1200 })).toEqual([100, 1300, 2500]);
  });
});
