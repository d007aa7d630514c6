// Burns CPU.
//   node demo/spin.mjs [--percent 100] [--threads 1] [--after 0] [--for MS] [--every MS] [--max-seconds 120]
// --percent N   of one core, by each thread
// --after N     is idle for N ms first
// --for N       is idle again after N ms
// --every N     and then busy again, every N ms
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { afterStart, endAfterMaxSeconds, numberOption } from './lifetime.mjs';

/** Busy and idle follow each other in slices of this length. */
const SLICE_MS = 50;

function burn({ percent, forMs, everyMs }) {
  const busyMs = (SLICE_MS * percent) / 100;
  const began = performance.now();
  setInterval(() => {
    const now = performance.now();
    if ((now - began) % everyMs < forMs) while (performance.now() < now + busyMs);
  }, SLICE_MS);
}

if (isMainThread) {
  const maxSeconds = endAfterMaxSeconds(120);
  const percent = Math.min(Math.max(numberOption('percent', 100), 1), 100);
  const threads = Math.min(Math.max(numberOption('threads', 1), 1), 16);
  const afterMs = Math.min(numberOption('after', 0), 600_000);
  const forMs = Math.min(numberOption('for', maxSeconds * 1000), maxSeconds * 1000);
  const everyMs = Math.max(numberOption('every', 2 * forMs + maxSeconds * 1000), forMs);
  const start = () => {
    // In threads of its own: the main thread must be able to end the program in time.
    for (let index = 0; index < threads; index += 1) {
      new Worker(fileURLToPath(import.meta.url), { workerData: { percent, forMs, everyMs } });
    }
  };
  process.stdout.write(`spin ${process.pid}: ${threads} x ${percent} % of a core after ${afterMs} ms\n`);
  afterStart(afterMs, start);
} else {
  burn(workerData);
}
