// Takes more and more memory and gives none back, up to a bound.
//   node demo/leak.mjs [--mb-per-second 20] [--max-mb 500] [--after 0] [--max-seconds 600]
// --after N   is well for N ms first
import { afterStart, endAfterMaxSeconds, numberOption } from './lifetime.mjs';

const perSecond = Math.min(Math.max(numberOption('mb-per-second', 20), 1), 200) * 1e6;
const maxBytes = Math.min(numberOption('max-mb', 500), 2000) * 1e6;
const afterMs = Math.min(numberOption('after', 0), 600_000);
const STEP_MS = 50;

const kept = [];
let bytes = 0;

function grow() {
  const step = Math.round((perSecond * STEP_MS) / 1000);
  if (bytes + step > maxBytes) return;
  // Written to: memory that nobody has touched is not resident.
  kept.push(Buffer.alloc(step, 1));
  bytes += step;
}

process.stdout.write(`leak ${process.pid}: ${perSecond / 1e6} MB a second, up to ${maxBytes / 1e6} MB\n`);
afterStart(afterMs, () => setInterval(grow, STEP_MS));
endAfterMaxSeconds();
