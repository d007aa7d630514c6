import { describe, expect, it } from 'vitest';
import { createSystemClock } from './clock';
import { bundleForNode } from './testing/bundle';
import { startNode } from './testing/child';

describe('the system clock', () => {
  it('runs once after the delay, and not when it was cancelled', async () => {
    const clock = createSystemClock();
    const runs: string[] = [];
    const startedMs = clock.monotonicMs();
    const cancel = clock.after(10, () => runs.push('cancelled'));
    cancel();
    cancel();
    // A timer that does not keep the process alive needs somebody who does.
    const keepAlive = setInterval(() => undefined, 1000);
    await new Promise<void>((resolve) =>
      clock.after(30, () => {
        runs.push('ran');
        resolve();
      }),
    );
    clearInterval(keepAlive);
    expect(runs).toEqual(['ran']);
    // setTimeout counts whole milliseconds, so it may be early by one.
    expect(clock.monotonicMs() - startedMs).toBeGreaterThanOrEqual(28);
  });

  it('does not take a delay of months for none', async () => {
    const clock = createSystemClock();
    let ran = false;
    const cancel = clock.after(2 ** 31 + 1000, () => (ran = true));
    await new Promise<void>((resolve) => clock.after(20, resolve));
    cancel();
    expect(ran).toBe(false);
  });

  it('knows wall time', () => {
    expect(Math.abs(createSystemClock().wallMs() - Date.now())).toBeLessThan(1000);
  });

  it('shows in another process the same monotonic time, started earlier or later', async () => {
    const clock = createSystemClock();
    const bundle = await bundleForNode('src/main/adapters/testing/clock-teller.ts');
    try {
      const beforeMs = clock.monotonicMs();
      const first = Number(await startNode(bundle.file, []).ended);
      const betweenMs = clock.monotonicMs();
      const second = Number(await startNode(bundle.file, []).ended);
      const readings = [beforeMs, first, betweenMs, second, clock.monotonicMs()];
      expect(readings).toEqual(readings.toSorted((a, b) => a - b));
    } finally {
      bundle.dispose();
    }
  });
});
