// Idle, with a short burst of CPU now and then: noise that nobody should act on.
//   node demo/spike.mjs [--after 3000] [--for 400] [--every 6000] [--max-seconds 120]
// A burst lasts --for ms; the first begins --after ms after the start, the others --every ms after each other.
import { afterStart, endAfterMaxSeconds, numberOption } from './lifetime.mjs';

const afterMs = Math.min(numberOption('after', 3000), 600_000);
const forMs = Math.min(numberOption('for', 400), 5000);
const everyMs = Math.max(numberOption('every', 6000), 2 * forMs, 100);

function burst() {
  const endsAt = performance.now() + forMs;
  while (performance.now() < endsAt);
}

process.stdout.write(`spike ${process.pid}: ${forMs} ms of CPU every ${everyMs} ms\n`);
afterStart(afterMs, () => {
  burst();
  setInterval(burst, everyMs);
});
endAfterMaxSeconds(120);
