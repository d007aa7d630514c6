// Burns CPU.
//   node demo/spin.mjs [--percent 100] [--threads 1] [--after 0] [--for MS] [--max-seconds 120]
// --percent N   of one core, by each thread
// --after N     is idle for N ms first
// --for N       is idle again after N ms
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { fileURLToPath } from 'node:url';
import { endAfterMaxSeconds, numberOption } from './lifetime.mjs';

/** Busy and idle follow each other in slices of this length. */
const SLICE_MS = 50;

function burn({ percent, forMs }) {
  const busyMs = (SLICE_MS * percent) / 100;
  const endsAt = performance.now() + forMs;
  const timer = setInterval(() => {
    const now = performance.now();
    if (now >= endsAt) return clearInterval(timer);
    while (performance.now() < now + busyMs);
  }, SLICE_MS);
}

if (isMainThread) {
  const maxSeconds = endAfterMaxSeconds(120);
  const percent = Math.min(Math.max(numberOption('percent', 100), 1), 100);
  const threads = Math.min(Math.max(numberOption('threads', 1), 1), 16);
  const afterMs = Math.min(numberOption('after', 0), 600_000);
  const forMs = Math.min(numberOption('for', maxSeconds * 1000), maxSeconds * 1000);
  const start = () => {
    // In threads of its own: the main thread must be able to end the program in time.
    for (let index = 0; index < threads; index += 1) {
      new Worker(fileURLToPath(import.meta.url), { workerData: { percent, forMs } });
    }
  };
  process.stdout.write(`spin ${process.pid}: ${threads} x ${percent} % of a core after ${afterMs} ms\n`);
  setTimeout(start, afterMs);
} else {
  burn(workerData);
}
