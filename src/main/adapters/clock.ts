import type { Clock, Dispose } from '../engine/ports';

/** setTimeout's limit: a longer delay would fire at once. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The machine's clocks. Its timers do not keep the process alive: the shells do that, with their servers and windows,
 * so that a shell which ended everything else ends.
 */
export function createSystemClock(): Clock {
  return {
    monotonicMs() {
      // CLOCK_MONOTONIC (clock_gettime(2)): the same for all processes of one boot, so that what an engine wrote down
      // still means the same to the next. performance.now() counts from the start of each process.
      const [seconds, nanoseconds] = process.hrtime();
      return seconds * 1000 + nanoseconds / 1e6;
    },
    wallMs: () => Date.now(),
    after(delayMs: number, run: () => void): Dispose {
      let timer: NodeJS.Timeout;
      const arm = (remainingMs: number): void => {
        const stepMs = Math.min(remainingMs, MAX_TIMEOUT_MS);
        timer = setTimeout(() => (remainingMs > stepMs ? arm(remainingMs - stepMs) : run()), stepMs);
        timer.unref();
      };
      arm(Math.max(0, delayMs));
      return () => clearTimeout(timer);
    },
  };
}
