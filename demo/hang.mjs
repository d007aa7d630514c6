// Lives and does nothing more: its event loop stands still, so it answers nobody, not even TERM. Only KILL ends it, or its time.
//   node demo/hang.mjs [--after 0] [--mb 0] [--max-seconds 120]
// --mb N   holds N MB meanwhile
import { afterStart, numberOption } from './lifetime.mjs';

const afterMs = Math.min(numberOption('after', 0), 600_000);
const mb = Math.min(numberOption('mb', 0), 1000);
const seconds = Math.min(numberOption('max-seconds', 120), 600);

// With a handler of its own TERM no longer ends it at once, and a loop that stands still never gets to the handler.
process.on('SIGTERM', () => process.exit(0));
process.stdout.write(`hang ${process.pid}: answers for ${afterMs} ms, then no more\n`);
afterStart(afterMs, () => {
  const held = Buffer.alloc(mb * 1e6, 1);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000);
  process.exit(held.length >= 0 ? 0 : 1);
});
