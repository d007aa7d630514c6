// Does not end when it is asked to (TERM, INT, HUP): only KILL ends it, or its time.
//   node demo/ignores-sigterm.mjs [--max-seconds 600]
import { endAfterMaxSeconds } from './lifetime.mjs';

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  process.on(signal, () => process.stdout.write(`ignored ${signal}\n`));
}
const seconds = endAfterMaxSeconds();
process.stdout.write(`ignores-sigterm ${process.pid}: lives for ${seconds} s\n`);
